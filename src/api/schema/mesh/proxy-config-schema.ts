import { flag, free, listOf, mapOf, type ObjectCheck, text } from '../schema.ts';
import { drainDurationCheck, nonZeroDurationCheck, pathCheck, tracerAddressCheck } from './mesh-text-checks.ts';
import {
  address,
  checkedTlsSettings,
  count,
  decimal,
  duration,
  integer,
  long,
  message,
  optionalAddress,
  port,
  tcpKeepalive,
  tlsSettings,
  traceContexts,
  word,
} from './mesh-types.ts';

const tracerAddress = text(undefined, { check: tracerAddressCheck });

const tracing = message({
  zipkin: message({ address: tracerAddress }, { required: ['address'] }),
  lightstep: message({ address, accessToken: text() }, { required: ['address', 'accessToken'] }),
  datadog: message({ address: tracerAddress }, { required: ['address'] }),
  stackdriver: message({
    debug: flag(),
    maxNumberOfAttributes: long,
    maxNumberOfAnnotations: long,
    maxNumberOfMessageEvents: long,
  }),
  openCensusAgent: message({ address: text(), context: traceContexts }),
  customTags: mapOf(
    message({
      literal: message({ value: text() }),
      environment: message({ name: text(), defaultValue: text() }),
      header: message({ name: text(), defaultValue: text() }),
    }),
  ),
  maxPathTagLength: count,
  sampling: decimal,
  tlsSettings: checkedTlsSettings,
  enableIstioTags: flag(),
});

const httpHeaders = listOf(message({ name: text(), value: text() }));

const readinessProbe = message({
  initialDelaySeconds: integer,
  timeoutSeconds: integer,
  periodSeconds: integer,
  successThreshold: integer,
  failureThreshold: integer,
  httpGet: message({ path: text(), port: count, host: text(), scheme: text(), httpHeaders }),
  tcpSocket: message({ host: text(), port: count }),
  exec: message({ command: listOf(text()) }),
  grpc: message({ port: count, service: text() }),
});

const remoteService = message({ address: optionalAddress, tlsSettings, tcpKeepalive });

const forwardClientCert = word(
  'UNDEFINED',
  'SANITIZE',
  'FORWARD_ONLY',
  'APPEND_FORWARD',
  'SANITIZE_SET',
  'ALWAYS_FORWARD_ONLY',
);

const disabled = message({ disabled: flag() });
const enabled = message({ enabled: flag() });

const proxyHeaders = message({
  forwardedClientCert: forwardClientCert,
  setCurrentClientCertDetails: message({ subject: flag(), cert: flag(), chain: flag(), dns: flag(), uri: flag() }),
  requestId: disabled,
  server: message({ disabled: flag(), value: text() }),
  attemptCount: disabled,
  envoyDebugHeaders: disabled,
  metadataExchangeHeaders: message({ mode: word('UNDEFINED', 'IN_MESH') }),
  preserveHttp1HeaderCase: flag(),
  xForwardedHost: enabled,
  xForwardedPort: enabled,
});

const privateKeyMethod = message(
  { pollDelay: text(undefined, { check: nonZeroDurationCheck }), fallback: flag() },
  { required: ['pollDelay'] },
);

const privateKeyProviderCheck: ObjectCheck = ({ cryptomb, qat }) =>
  isNothing(cryptomb) && isNothing(qat)
    ? [{ message: 'It names no provider.', hint: 'For example: cryptomb: {pollDelay: 10ms}.' }]
    : [];

/** Proxies must have a name to report, by one of two fields. */
const proxyNameCheck: ObjectCheck = ({ serviceCluster, tracingServiceName }) =>
  serviceCluster === '' && isNothing(tracingServiceName)
    ? [{ at: ['serviceCluster'], message: 'It must not be empty.', hint: 'Remove it, or set tracingServiceName.' }]
    : [];

function isNothing(value: unknown): boolean {
  return value === null || value === undefined;
}

const path = text(undefined, { check: pathCheck });

/** The configuration of a proxy. */
export const proxyConfigSchema = message(
  {
    configPath: path,
    binaryPath: path,
    serviceCluster: text(),
    tracingServiceName: word('APP_LABEL_AND_NAMESPACE', 'CANONICAL_NAME_ONLY', 'CANONICAL_NAME_AND_NAMESPACE'),
    drainDuration: text(undefined, { check: drainDurationCheck }),
    discoveryAddress: address,
    discoveryRefreshDelay: duration,
    zipkinAddress: text(),
    statsdUdpAddress: optionalAddress,
    envoyMetricsServiceAddress: optionalAddress,
    proxyAdminPort: port,
    availabilityZone: text(),
    controlPlaneAuthPolicy: word('NONE', 'MUTUAL_TLS'),
    customConfigFile: text(),
    statNameLength: integer,
    concurrency: integer,
    proxyBootstrapTemplatePath: text(),
    interceptionMode: word('REDIRECT', 'TPROXY', 'NONE'),
    tracing,
    sds: message({ enabled: flag(), k8sSaJwtPath: text() }),
    envoyAccessLogService: remoteService,
    envoyMetricsService: remoteService,
    proxyMetadata: mapOf(text()),
    runtimeValues: mapOf(text()),
    statusPort: port,
    extraStatTags: listOf(text()),
    gatewayTopology: message({
      numTrustedProxies: count,
      forwardClientCertDetails: forwardClientCert,
      proxyProtocol: free(),
    }),
    terminationDrainDuration: duration,
    meshId: text(),
    readinessProbe,
    proxyStatsMatcher: message({
      inclusionPrefixes: listOf(text()),
      inclusionSuffixes: listOf(text()),
      inclusionRegexps: listOf(text()),
    }),
    holdApplicationUntilProxyStarts: flag(),
    caCertificatesPem: listOf(text()),
    image: message({ imageType: text() }),
    privateKeyProvider: message(
      { cryptomb: privateKeyMethod, qat: privateKeyMethod },
      { check: privateKeyProviderCheck },
    ),
    proxyHeaders,
    fileFlushInterval: duration,
    fileFlushMinSizeKb: count,
    statsCompression: flag(),
  },
  { check: proxyNameCheck },
);
