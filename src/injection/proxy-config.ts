import { isObject, type Json, type JsonObject } from '../core/index.ts';
import { goJson } from './go-json.ts';

/** The fields of a ProxyConfig in the order in which it is written. Its truth values can all say "not set". */
const FIELDS = [
  'configPath',
  'binaryPath',
  'serviceCluster',
  'tracingServiceName',
  'drainDuration',
  'discoveryAddress',
  'discoveryRefreshDelay',
  'zipkinAddress',
  'statsdUdpAddress',
  'envoyMetricsServiceAddress',
  'proxyAdminPort',
  'availabilityZone',
  'controlPlaneAuthPolicy',
  'customConfigFile',
  'statNameLength',
  'concurrency',
  'proxyBootstrapTemplatePath',
  'interceptionMode',
  'tracing',
  'sds',
  'envoyAccessLogService',
  'envoyMetricsService',
  'proxyMetadata',
  'runtimeValues',
  'statusPort',
  'extraStatTags',
  'gatewayTopology',
  'terminationDrainDuration',
  'meshId',
  'readinessProbe',
  'proxyStatsMatcher',
  'holdApplicationUntilProxyStarts',
  'caCertificatesPem',
  'image',
  'privateKeyProvider',
  'proxyHeaders',
  'fileFlushInterval',
  'fileFlushMinSizeKb',
  'statsCompression',
] as const;

/** The order of fields inside messages, by the field that holds the message; others stay in the order that is given. */
const NESTED: Readonly<Record<string, readonly string[]>> = {
  tracing: [
    'zipkin',
    'lightstep',
    'datadog',
    'stackdriver',
    'openCensusAgent',
    'customTags',
    'maxPathTagLength',
    'sampling',
    'tlsSettings',
    'enableIstioTags',
  ],
  lightstep: ['address', 'accessToken'],
  stackdriver: ['debug', 'maxNumberOfAttributes', 'maxNumberOfAnnotations', 'maxNumberOfMessageEvents'],
  tlsSettings: [
    'mode',
    'clientCertificate',
    'privateKey',
    'caCertificates',
    'credentialName',
    'subjectAltNames',
    'sni',
    'insecureSkipVerify',
    'caCrl',
  ],
  envoyAccessLogService: ['address', 'tlsSettings', 'tcpKeepalive'],
  envoyMetricsService: ['address', 'tlsSettings', 'tcpKeepalive'],
  tcpKeepalive: ['probes', 'time', 'interval'],
  gatewayTopology: ['numTrustedProxies', 'forwardClientCertDetails', 'proxyProtocol'],
  proxyStatsMatcher: ['inclusionPrefixes', 'inclusionSuffixes', 'inclusionRegexps'],
  privateKeyProvider: ['cryptomb', 'qat'],
  cryptomb: ['pollDelay', 'fallback'],
  qat: ['pollDelay', 'fallback'],
  readinessProbe: [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
    'httpGet',
    'tcpSocket',
    'exec',
    'grpc',
  ],
  proxyHeaders: [
    'forwardedClientCert',
    'setCurrentClientCertDetails',
    'requestId',
    'server',
    'attemptCount',
    'envoyDebugHeaders',
    'metadataExchangeHeaders',
    'preserveHttp1HeaderCase',
    'xForwardedHost',
    'xForwardedPort',
  ],
  server: ['disabled', 'value'],
  setCurrentClientCertDetails: ['subject', 'cert', 'chain', 'dns', 'uri'],
};

/** Fields whose zero is a value of its own. */
const KEEPS_ZERO: readonly string[] = ['tracingServiceName', 'concurrency'];

/** Zero values of enumerations: what is not written because it is what nothing means. */
const ZERO_NAMES: Readonly<Record<string, string>> = { interceptionMode: 'REDIRECT', controlPlaneAuthPolicy: 'NONE' };

/** What istiod gives every proxy before the mesh and the pod say anything. */
export const DEFAULT_PROXY_CONFIG: JsonObject = {
  configPath: './etc/istio/proxy',
  binaryPath: '/usr/local/bin/envoy',
  serviceCluster: 'istio-proxy',
  drainDuration: '45s',
  discoveryAddress: 'istiod.istio-system.svc:15012',
  proxyAdminPort: 15_000,
  controlPlaneAuthPolicy: 'MUTUAL_TLS',
  statNameLength: 189,
  statusPort: 15_020,
  terminationDrainDuration: '5s',
};

/**
 * Puts a configuration over another: fields replace each other whole, but for `proxyMetadata`, whose entries are merged,
 * and `proxyHeaders`, whose headers are.
 */
export function mergeProxyConfig(base: JsonObject, over: JsonObject): JsonObject {
  const given = Object.entries(over).map(([key, value]) => [fieldNamed(key), value] as const);
  const said: JsonObject = Object.fromEntries(given.filter(([, value]) => value != null));
  const clusterNamed = said.serviceCluster !== undefined || said.tracingServiceName !== undefined;
  const { serviceCluster, tracingServiceName, ...rest } = base;
  return {
    ...rest,
    ...(clusterNamed ? {} : { serviceCluster, tracingServiceName }),
    ...said,
    proxyMetadata: mergedMaps(base.proxyMetadata, said.proxyMetadata),
    proxyHeaders:
      said.proxyHeaders === undefined ? base.proxyHeaders : mergedMaps(base.proxyHeaders, said.proxyHeaders),
  };
}

/** A configuration as the agent gets it: one line of JSON without what is default. */
export function proxyConfigJson(config: JsonObject): string {
  const entries = FIELDS.map((name) => [name, written(name, config[name])] as const);
  const kept = entries.filter(
    ([name, value]) => value !== undefined && value !== written(name, DEFAULT_PROXY_CONFIG[name]),
  );
  return goJson(Object.fromEntries(kept));
}

const DURATION = /^-?(?:\d{1,9}(?:\.\d{1,9})?(?:ns|us|µs|μs|ms|s|m|h))+$/;
const DURATION_PART = /(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|s|m|h)/g;
const UNIT_NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** A duration (`90s`, `1m30s`, `10ms`) as Protobuf writes it: seconds with no, three, six or nine decimals. */
export function durationText(value: Json): Json {
  const text = String(value);
  if (text.length > 60 || !DURATION.test(text)) return value;
  let ns = 0;
  for (const [, amount = '', unit = ''] of text.matchAll(DURATION_PART)) {
    ns += Math.round(Number(amount) * (UNIT_NS[unit] ?? 0));
  }
  const decimals = String(ns % 1e9)
    .padStart(9, '0')
    .replace(/(?:000){1,3}$/, '');
  const sign = text.startsWith('-') && ns > 0 ? '-' : '';
  return `${sign}${Math.floor(ns / 1e9)}${decimals === '' ? '' : `.${decimals}`}s`;
}

function written(name: string, value: Json | undefined): Json | undefined {
  if (value == null || value === '' || (Array.isArray(value) && value.length === 0)) return undefined;
  if ((value === 0 || value === ZERO_NAMES[name]) && !KEEPS_ZERO.includes(name)) return undefined;
  if (name === 'proxyMetadata' || name === 'runtimeValues') return sortedMap(value);
  if (/(?:Duration|Delay|Interval)$/.test(name)) return durationText(value);
  return isObject(value) ? writtenMessage(name, value) : value;
}

function writtenMessage(name: string, message: JsonObject): JsonObject {
  const order = NESTED[name] ?? [];
  const names = [...order, ...Object.keys(message).filter((key) => !order.includes(key))];
  const entries = names.map(
    (key) => [key, Object.hasOwn(message, key) ? written(key, message[key]) : undefined] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function sortedMap(value: Json): Json | undefined {
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function mergedMaps(base: Json | undefined, over: Json | undefined): Json | undefined {
  if (!isObject(base)) return over;
  return isObject(over) ? { ...base, ...over } : base;
}

/** Protobuf reads names in camel case, and as they are declared. istiod ignores those that it does not know. */
function fieldNamed(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
