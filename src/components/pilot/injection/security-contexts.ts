import { inline, setting } from './expressions.ts';
import { choose, type Fields, type Part, print, when } from './template-text.ts';

/** The account that the proxy runs as: traffic of this user is not intercepted again. */
export const PROXY_USER = '($.ProxyUID | default 1337)';
/** Its group. */
export const PROXY_GROUP = '($.ProxyGID | default 1337)';

const NO_CAPABILITIES = { drop: ['ALL'] };

/** What a proxy may do that istiod deploys for a Gateway; user and group are for the template to choose. */
export function confined(account: Fields): Fields {
  return {
    privileged: false,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    ...account,
    capabilities: NO_CAPABILITIES,
  };
}

/** The account of the proxy as istiod gives it. */
export function proxyAccount(): Fields {
  return { runAsUser: print(PROXY_USER), runAsGroup: print(PROXY_GROUP) };
}

/** Lets a gateway listen below 1024 without being root, unless the installation says how its pods are confined. */
export function gatewayPod(seccomp: boolean): Part {
  const context = setting('gateways.securityContext');
  const openPorts = {
    sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
    seccompProfile: seccomp ? profile('gateways.seccompProfile') : undefined,
  };
  return choose([[context, inline(context)]], openPorts);
}

/** A seccomp profile at a path of the values, if there is one. */
export function profile(path: string): Part {
  return when(setting(path), inline(setting(path)));
}
