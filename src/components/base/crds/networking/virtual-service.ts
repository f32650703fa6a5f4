import { AGE, column, defineResource } from '../define-resource.ts';
import { once } from '../once.ts';
import {
  boolean,
  double,
  duration,
  enumOf,
  int32,
  list,
  map,
  nullable,
  type ObjectSchema,
  object,
  string,
  uint32,
} from '../schema.ts';
import { destination } from './destination.ts';

/** VirtualService: where requests for a host go. */
export function virtualService() {
  return defineResource({
    group: 'networking.istio.io',
    kind: 'VirtualService',
    plural: 'virtualservices',
    shortNames: ['vs'],
    versions: ['v1', 'v1alpha3', 'v1beta1'],
    storedAs: 'v1',
    columns: [column('Gateways', '.spec.gateways'), column('Hosts', '.spec.hosts'), AGE],
    spec: object({
      hosts: list(string()),
      gateways: list(string()),
      http: list(httpRoute()),
      tls: list(tlsRoute()),
      tcp: list(tcpRoute()),
      exportTo: list(string()),
    }),
  });
}

function httpRoute() {
  return object({
    name: string(),
    match: list(httpMatch()),
    // What becomes of the request: one of these.
    route: list(httpDestination()),
    redirect: redirect(),
    directResponse: directResponse(),
    delegate: object({ name: string(), namespace: string() }),
    // What happens to it on the way.
    rewrite: rewrite(),
    headers: headerOperations(),
    timeout: duration(),
    retries: retries(),
    fault: object({ delay: delay(), abort: abort() }),
    corsPolicy: corsPolicy(),
    mirrors: list(object({ destination: destination(), percentage: percentage() }, { required: ['destination'] })),
    // The older forms, for one mirror.
    mirror: destination(),
    mirrorPercentage: percentage(),
    mirrorPercent: nullable(uint32()),
    mirror_percent: nullable(uint32()),
  });
}

function httpMatch() {
  return object({
    name: string(),
    uri: stringMatch(),
    ignoreUriCase: boolean(),
    scheme: stringMatch(),
    method: stringMatch(),
    authority: stringMatch(),
    headers: map(stringMatch()),
    withoutHeaders: map(stringMatch()),
    queryParams: map(stringMatch()),
    port: uint32(),
    ...sourceFields(),
    statPrefix: string(),
  });
}

function tlsRoute() {
  const match = object(
    { sniHosts: list(string()), destinationSubnets: list(string()), port: uint32(), ...sourceFields() },
    { required: ['sniHosts'] },
  );
  return object({ match: list(match), route: list(weightedDestination()) }, { required: ['match'] });
}

function tcpRoute() {
  const match = object({
    destinationSubnets: list(string()),
    port: uint32(),
    sourceSubnet: string(),
    ...sourceFields(),
  });
  return object({ match: list(match), route: list(weightedDestination()) });
}

/** Which clients a match is for; the same in all protocols. */
function sourceFields() {
  return { gateways: list(string()), sourceLabels: map(string()), sourceNamespace: string() };
}

const stringMatch = once(() =>
  object({ exact: string(), prefix: string(), regex: string() }, { oneofs: [['exact', 'prefix', 'regex']] }),
);

function httpDestination() {
  return object(
    { destination: destination(), weight: int32(), headers: headerOperations() },
    { required: ['destination'] },
  );
}

const weightedDestination = once(() =>
  object({ destination: destination(), weight: int32() }, { required: ['destination'] }),
);

const headerOperations = once((): ObjectSchema => {
  const operations = object({ set: map(string()), add: map(string()), remove: list(string()) });
  return object({ request: operations, response: operations });
});

const percentage = once(() => object({ value: double() }));

function redirect() {
  return object(
    {
      uri: string(),
      authority: string(),
      port: uint32(),
      derivePort: enumOf('FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT'),
      scheme: string(),
      redirectCode: uint32(),
    },
    { oneofs: [['port', 'derivePort']] },
  );
}

function directResponse() {
  const body = object({ string: string(), bytes: string({ format: 'byte' }) }, { oneofs: [['string', 'bytes']] });
  return object({ status: uint32(), body }, { required: ['status'] });
}

function rewrite() {
  return object({
    uri: string(),
    authority: string(),
    uriRegexRewrite: object({ match: string(), rewrite: string() }),
  });
}

function retries() {
  return object({
    attempts: int32(),
    perTryTimeout: duration(),
    retryOn: string(),
    retryRemoteLocalities: nullable(boolean()),
    retryIgnorePreviousHosts: nullable(boolean()),
    backoff: duration(),
  });
}

function delay() {
  return object(
    { fixedDelay: duration(), exponentialDelay: duration(), percentage: percentage(), percent: int32() },
    { oneofs: [['fixedDelay', 'exponentialDelay']] },
  );
}

function abort() {
  return object(
    { httpStatus: int32(), grpcStatus: string(), http2Error: string(), percentage: percentage() },
    { oneofs: [['httpStatus', 'grpcStatus', 'http2Error']] },
  );
}

function corsPolicy() {
  return object({
    allowOrigins: list(stringMatch()),
    allowOrigin: list(string()),
    allowMethods: list(string()),
    allowHeaders: list(string()),
    exposeHeaders: list(string()),
    maxAge: duration(),
    allowCredentials: nullable(boolean()),
    unmatchedPreflights: enumOf('UNSPECIFIED', 'FORWARD', 'IGNORE'),
  });
}
