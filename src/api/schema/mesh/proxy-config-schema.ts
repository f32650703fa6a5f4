import { flag, free, listOf, mapOf, text } from '../schema.ts';
import { positiveDurationCheck, tracerAddressCheck } from './mesh-text-checks.ts';
import { address, duration, message, number, tcpKeepalive, tlsSettings, traceContexts, word } from './mesh-types.ts';

const tracerAddress = text(undefined, { check: tracerAddressCheck });

const tracing = message({
  zipkin: message({ address: tracerAddress }),
  lightstep: message({ address, accessToken: text() }),
  datadog: message({ address: tracerAddress }),
  stackdriver: message({
    debug: flag(),
    maxNumberOfAttributes: number,
    maxNumberOfAnnotations: number,
    maxNumberOfMessageEvents: number,
  }),
  openCensusAgent: message({ address: text(), context: traceContexts }),
  customTags: mapOf(
    message({
      literal: message({ value: text() }),
      environment: message({ name: text(), defaultValue: text() }),
      header: message({ name: text(), defaultValue: text() }),
    }),
  ),
  maxPathTagLength: number,
  sampling: number,
  tlsSettings,
  enableIstioTags: flag(),
});

const httpHeaders = listOf(message({ name: text(), value: text() }));

const readinessProbe = message({
  initialDelaySeconds: number,
  timeoutSeconds: number,
  periodSeconds: number,
  successThreshold: number,
  failureThreshold: number,
  httpGet: message({ path: text(), port: number, host: text(), scheme: text(), httpHeaders }),
  tcpSocket: message({ host: text(), port: number }),
  exec: message({ command: listOf(text()) }),
  grpc: message({ port: number, service: text() }),
});

const remoteService = message({ address, tlsSettings, tcpKeepalive });

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

const privateKeyMethod = message({ pollDelay: duration, fallback: flag() });

/** The configuration of a proxy. */
export const proxyConfigSchema = message({
  configPath: text(),
  binaryPath: text(),
  serviceCluster: text(),
  tracingServiceName: word('APP_LABEL_AND_NAMESPACE', 'CANONICAL_NAME_ONLY', 'CANONICAL_NAME_AND_NAMESPACE'),
  drainDuration: text(undefined, { check: positiveDurationCheck }),
  discoveryAddress: address,
  discoveryRefreshDelay: duration,
  zipkinAddress: text(),
  statsdUdpAddress: address,
  envoyMetricsServiceAddress: text(),
  proxyAdminPort: number,
  availabilityZone: text(),
  controlPlaneAuthPolicy: word('NONE', 'MUTUAL_TLS', 'INHERIT'),
  customConfigFile: text(),
  statNameLength: number,
  concurrency: number,
  proxyBootstrapTemplatePath: text(),
  interceptionMode: word('REDIRECT', 'TPROXY', 'NONE'),
  tracing,
  sds: message({ enabled: flag(), k8sSaJwtPath: text() }),
  envoyAccessLogService: remoteService,
  envoyMetricsService: remoteService,
  proxyMetadata: mapOf(text()),
  runtimeValues: mapOf(text()),
  statusPort: number,
  extraStatTags: listOf(text()),
  gatewayTopology: message({
    numTrustedProxies: number,
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
  privateKeyProvider: message({ cryptomb: privateKeyMethod, qat: privateKeyMethod }),
  proxyHeaders,
  fileFlushInterval: duration,
  fileFlushMinSizeKb: number,
  statsCompression: flag(),
});
