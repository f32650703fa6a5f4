import { isObject, type JsonObject, OperatorError } from '../core/index.ts';
import { DEFAULT_PROXY_CONFIG, mergeProxyConfig } from './proxy-config.ts';
import { readYamlMap } from './read-yaml-map.ts';

/** What the mesh is like, as far as injection asks. */
export interface MeshConfig {
  /** The configuration with istiod's defaults, in JSON's names. */
  readonly fields: JsonObject;
  /** What every proxy gets before its pod says anything. */
  readonly proxy: JsonObject;
  /** The port of the agent, to which probes and scrapes go. */
  readonly statusPort: number;
}

const DEFAULTS: JsonObject = {
  proxyListenPort: 15_001,
  proxyInboundListenPort: 15_006,
  enableTracing: true,
  ingressService: 'istio-ingressgateway',
  ingressControllerMode: 'STRICT',
  ingressClass: 'istio',
  trustDomain: 'cluster.local',
  enableAutoMtls: true,
  rootNamespace: 'istio-system',
  connectTimeout: '10s',
  dnsRefreshRate: '60s',
  enablePrometheusMerge: true,
};

/**
 * Reads the mesh configuration of the ConfigMap `istio` (key `mesh`) or of a file.
 * @throws {OperatorError} `InvalidYaml`, `InvalidResource`.
 */
export function readMeshConfig(text: string, name: string): MeshConfig {
  const given = readYamlMap(text, name);
  const { defaultConfig } = given;
  if (defaultConfig != null && !isObject(defaultConfig)) {
    throw new OperatorError('Expected a map.', { code: 'InvalidResource', path: `${name}: defaultConfig` });
  }
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value != null));
  const fields = { ...DEFAULTS, ...said };
  const proxy = mergeProxyConfig(DEFAULT_PROXY_CONFIG, isObject(defaultConfig) ? defaultConfig : {});
  return meshWith({ ...fields, defaultConfig: proxy }, proxy);
}

/** A mesh whose proxies get what a pod's annotation says over what the mesh says. */
export function withProxyConfig(mesh: MeshConfig, proxy: JsonObject): MeshConfig {
  return meshWith({ ...mesh.fields, defaultConfig: proxy }, proxy);
}

/** Which address inbound traffic keeps: `localhost` or `passthrough`. */
export function inboundTrafficPolicy({ fields }: MeshConfig): string {
  const policy = fields.inboundTrafficPolicy;
  return isObject(policy) && policy.mode === 'LOCALHOST' ? 'localhost' : 'passthrough';
}

function meshWith(fields: JsonObject, proxy: JsonObject): MeshConfig {
  return { fields, proxy, statusPort: typeof proxy.statusPort === 'number' ? proxy.statusPort : 0 };
}
