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
  object,
  string,
  uint32,
  uint64,
} from '../schema.ts';
import { matchLabelsSelector } from '../selectors.ts';
import { connectionPool } from './connection-pool.ts';
import { portSelector } from './destination.ts';

/** DestinationRule: how clients talk to a service, and the subsets it has. */
export function destinationRule() {
  return defineResource({
    group: 'networking.istio.io',
    kind: 'DestinationRule',
    plural: 'destinationrules',
    shortNames: ['dr'],
    versions: ['v1', 'v1alpha3', 'v1beta1'],
    storedAs: 'v1',
    columns: [column('Host', '.spec.host'), AGE],
    spec: object(
      {
        host: string(),
        trafficPolicy: trafficPolicy(),
        subsets: list(subset()),
        exportTo: list(string()),
        workloadSelector: matchLabelsSelector(),
      },
      { required: ['host'] },
    ),
  });
}

function subset() {
  return object({ name: string(), labels: map(string()), trafficPolicy: trafficPolicy() }, { required: ['name'] });
}

const trafficPolicy = once(() => {
  const ofAnyPort = {
    loadBalancer: loadBalancer(),
    connectionPool: connectionPool(),
    outlierDetection: outlierDetection(),
    tls: clientTls(),
  };
  return object({
    ...ofAnyPort,
    portLevelSettings: list(object({ port: portSelector(), ...ofAnyPort }), { maxItems: 4096 }),
    tunnel: tunnel(),
    proxyProtocol: object({ version: enumOf('V1', 'V2') }),
    retryBudget: object({ percent: nullable(percent()), minRetryConcurrency: uint32() }),
  });
});

function loadBalancer() {
  return object(
    {
      simple: enumOf('UNSPECIFIED', 'LEAST_CONN', 'RANDOM', 'PASSTHROUGH', 'ROUND_ROBIN', 'LEAST_REQUEST'),
      consistentHash: consistentHash(),
      localityLbSetting: localityLbSetting(),
      warmup: warmup(),
      // The form from before `warmup`.
      warmupDurationSecs: duration(),
    },
    { oneofs: [['simple', 'consistentHash']] },
  );
}

function consistentHash() {
  return object(
    {
      // What is hashed …
      httpHeaderName: string(),
      httpCookie: httpCookie(),
      useSourceIp: boolean(),
      httpQueryParameterName: string(),
      // … and by which algorithm.
      ringHash: object({ minimumRingSize: uint64() }),
      maglev: object({ tableSize: uint64() }),
      // The form from before `ringHash`.
      minimumRingSize: uint64(),
    },
    {
      oneofs: [
        ['httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName'],
        ['ringHash', 'maglev'],
      ],
    },
  );
}

function httpCookie() {
  return object(
    {
      name: string(),
      path: string(),
      // 0 makes it a session cookie, so it is not a `duration`.
      ttl: string(),
      attributes: list(object({ name: string(), value: string() }, { required: ['name'] })),
    },
    { required: ['name'] },
  );
}

function localityLbSetting() {
  return object({
    enabled: nullable(boolean()),
    distribute: list(object({ from: string(), to: map(uint32()) })),
    failover: list(object({ from: string(), to: string() })),
    failoverPriority: list(string()),
  });
}

function warmup() {
  return object(
    { duration: duration(), minimumPercent: nullable(percent()), aggression: nullable(double({ minimum: 0 })) },
    { required: ['duration'] },
  );
}

function percent() {
  return double({ minimum: 0, maximum: 100 });
}

function outlierDetection() {
  return object({
    consecutive5xxErrors: nullable(uint32()),
    consecutiveGatewayErrors: nullable(uint32()),
    consecutiveLocalOriginFailures: nullable(uint32()),
    // The form from before the two above.
    consecutiveErrors: int32(),
    splitExternalLocalOriginErrors: boolean(),
    interval: duration(),
    baseEjectionTime: duration(),
    maxEjectionPercent: int32(),
    minHealthPercent: int32(),
  });
}

function clientTls() {
  return object({
    mode: enumOf('DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'),
    clientCertificate: string(),
    privateKey: string(),
    caCertificates: string(),
    caCrl: string(),
    credentialName: string(),
    subjectAltNames: list(string()),
    sni: string(),
    insecureSkipVerify: nullable(boolean()),
  });
}

function tunnel() {
  return object(
    { protocol: string(), targetHost: string(), targetPort: uint32() },
    { required: ['targetHost', 'targetPort'] },
  );
}
