import { flag, free, listOf, mapOf, text } from '../schema.ts';
import { count, duration, integer, long, message, traceContexts, word } from './mesh-types.ts';

/** Where most providers are. */
const server = { service: text(), port: count };

const requestBody = message({ maxRequestBytes: count, allowPartialMessage: flag(), packAsBytes: flag() });

const authorization = {
  ...server,
  timeout: duration,
  failOpen: flag(),
  clearRouteCache: flag(),
  statusOnError: text(),
  includeRequestBodyInCheck: requestBody,
};

const headers = listOf(message({ name: text(), value: text(), envName: text() }));
const httpService = message({ path: text(), timeout: duration, headers });
const logFormat = message({ text: text(), labels: free() });

const tracers = {
  zipkin: message({
    ...server,
    maxTagLength: count,
    enable64bitTraceId: flag(),
    path: text(),
    traceContextOption: word('USE_B3', 'USE_B3_WITH_W3C_PROPAGATION'),
    timeout: duration,
    headers,
  }),
  lightstep: message({ ...server, accessToken: text(), maxTagLength: count }),
  datadog: message({ ...server, maxTagLength: count }),
  stackdriver: message({
    debug: flag(),
    maxNumberOfAttributes: long,
    maxNumberOfAnnotations: long,
    maxNumberOfMessageEvents: long,
    maxTagLength: count,
    logging: message({ labels: mapOf(text()) }),
  }),
  opencensus: message({ ...server, context: traceContexts, maxTagLength: count }),
  skywalking: message({ ...server, accessToken: text() }),
  opentelemetry: message({
    ...server,
    maxTagLength: count,
    http: httpService,
    grpc: message({ timeout: duration, initialMetadata: headers }),
    resourceDetectors: message({ environment: free(), dynatrace: free() }),
    serviceAttributeEnrichment: word('ISTIO_CANONICAL', 'OTEL_SEMANTIC_CONVENTIONS'),
    dynatraceSampler: message({
      tenant: text(),
      clusterId: integer,
      rootSpansPerMinute: count,
      httpService: message({ ...server, http: httpService }),
    }),
  }),
};

const accessLogs = {
  envoyFileAccessLog: message({ path: text(), logFormat, omitEmptyValues: flag() }),
  envoyHttpAls: message({
    ...server,
    logName: text(),
    filterStateObjectsToLog: listOf(text()),
    additionalRequestHeadersToLog: listOf(text()),
    additionalResponseHeadersToLog: listOf(text()),
    additionalResponseTrailersToLog: listOf(text()),
  }),
  envoyTcpAls: message({ ...server, logName: text(), filterStateObjectsToLog: listOf(text()) }),
  envoyOtelAls: message({ ...server, logName: text(), logFormat }),
};

/** An entry of `extensionProviders`: a name, and one provider of what it is for. */
export const extensionProviderSchema = message({
  name: text(),
  envoyExtAuthzHttp: message({
    ...authorization,
    pathPrefix: text(),
    includeHeadersInCheck: listOf(text()),
    includeRequestHeadersInCheck: listOf(text()),
    includeAdditionalHeadersInCheck: mapOf(text()),
    headersToUpstreamOnAllow: listOf(text()),
    headersToDownstreamOnDeny: listOf(text()),
    headersToDownstreamOnAllow: listOf(text()),
  }),
  envoyExtAuthzGrpc: message(authorization),
  ...tracers,
  prometheus: free(),
  ...accessLogs,
  sds: message({ name: text(), ...server }),
});
