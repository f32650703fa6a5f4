import { annotatedOr, formatted, quoted, setting } from './expressions.ts';
import { type Part, when } from './template-text.ts';

const CLUSTER_DOMAIN = setting('global.proxy.clusterDomain');

const PROXY_LEVEL = annotatedOr('sidecar.istio.io/logLevel', setting('global.proxy.logLevel'));
const COMPONENT_LEVELS = annotatedOr('sidecar.istio.io/componentLogLevel', setting('global.proxy.componentLogLevel'));
const AGENT_LEVELS = annotatedOr('sidecar.istio.io/agentLogLevel', setting('global.logging.level'));

/** `--domain` and the domain of the pod's namespace, which Kubernetes fills in. */
export function domainArguments(): readonly Part[] {
  return ['--domain', formatted('$(POD_NAMESPACE).svc.%v', CLUSTER_DOMAIN)];
}

/** The log levels of Envoy and of the agent, as one argument each. */
export function logLevelArguments(): readonly Part[] {
  return [
    formatted('--proxyLogLevel=%v', PROXY_LEVEL),
    formatted('--proxyComponentLogLevel=%v', COMPONENT_LEVELS),
    agentLogLevelArgument(),
  ];
}

/** The log levels, each value being an argument of its own. */
export function separateLogLevelArguments(): readonly Part[] {
  return [
    '--proxyLogLevel',
    quoted(PROXY_LEVEL),
    '--proxyComponentLogLevel',
    quoted(COMPONENT_LEVELS),
    '--log_output_level',
    quoted(AGENT_LEVELS),
  ];
}

/** The log levels of the agent's own scopes. */
export function agentLogLevelArgument(): Part {
  return formatted('--log_output_level=%v', AGENT_LEVELS);
}

/** The port of the token service, where the installation has one. */
export function tokenServiceArgument(): Part {
  const port = setting('global.sts.servicePort');
  return when(port, formatted('--stsPort=%v', port));
}

/** Logs as JSON, if the mesh does. */
export function jsonLogArgument(): Part {
  return when(setting('global.logAsJson'), '--log_as_json');
}

/** The file to which Envoy logs endpoints that it ejects. */
export function outlierLogArgument(): Part {
  const path = setting('global.proxy.outlierLogPath');
  return when(path, formatted('--outlierLogPath=%v', path));
}
