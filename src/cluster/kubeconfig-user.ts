import { isObject, type Json, type JsonObject, valueAt } from '../core/index.ts';

/**
 * A kubeconfig's user as client-node understands it. Added is what it would miss: `tokenFile`, and the variable
 * KUBERNETES_EXEC_INFO from which login plugins learn the API version that they must answer in.
 * @param cluster - the cluster's section, which plugins may ask for with `provideClusterInfo`.
 */
export function loginUser(user: JsonObject, cluster: JsonObject): JsonObject {
  const { exec, tokenFile } = user;
  if (isObject(exec)) return { ...user, exec: withExecInfo(exec, cluster) };
  const hasToken = typeof user.token === 'string' && user.token !== '';
  if (typeof tokenFile !== 'string' || hasToken) return user;
  return { ...user, 'auth-provider': { name: 'tokenFile', config: { tokenFile } } };
}

/** Headers that make requests count as somebody else's. client-node sets the user's name, not groups, uid and extras. */
export function impersonationHeaders(user: JsonObject): Record<string, string | readonly string[]> {
  const headers: Record<string, string | readonly string[]> = {};
  const groups = texts(user['as-groups']);
  const uid = user['as-uid'];
  const extras = user['as-user-extra'];
  if (groups.length > 0) headers['impersonate-group'] = groups;
  if (typeof uid === 'string' && uid !== '') headers['impersonate-uid'] = uid;
  for (const [key, values] of Object.entries(isObject(extras) ? extras : {})) {
    headers[`impersonate-extra-${encodeURIComponent(key.toLowerCase())}`] = texts(values);
  }
  return headers;
}

function withExecInfo(exec: JsonObject, cluster: JsonObject): JsonObject {
  const info = {
    apiVersion: exec.apiVersion,
    kind: 'ExecCredential',
    spec: {
      interactive: false,
      ...(exec.provideClusterInfo === true ? { cluster: clusterInfo(cluster) } : {}),
    },
  };
  const env = Array.isArray(exec.env) ? (exec.env as readonly Json[]) : [];
  return { ...exec, env: [...env, { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }] };
}

function clusterInfo(cluster: JsonObject): JsonObject {
  const extensions = Array.isArray(cluster.extensions) ? (cluster.extensions as readonly Json[]) : [];
  const own = extensions.find((entry) => valueAt(entry, 'name') === 'client.authentication.k8s.io/exec');
  return {
    server: cluster.server,
    'certificate-authority-data': cluster['certificate-authority-data'],
    'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'],
    'tls-server-name': cluster['tls-server-name'],
    'proxy-url': cluster['proxy-url'],
    config: valueAt(own, 'extension'),
  };
}

function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
