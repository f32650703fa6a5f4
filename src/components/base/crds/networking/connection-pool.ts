import { once } from '../once.ts';
import { boolean, duration, enumOf, int32, object, string, uint32 } from '../schema.ts';

/** Limits on the connections to a destination. */
export const connectionPool = once(() => object({ tcp: tcpSettings(), http: httpSettings() }));

function tcpSettings() {
  return object({
    maxConnections: int32(),
    connectTimeout: duration(),
    // 0 turns this timeout off, so it is not a `duration`.
    idleTimeout: string(),
    maxConnectionDuration: duration(),
    tcpKeepalive: object({ probes: uint32(), time: duration(), interval: duration() }),
  });
}

function httpSettings() {
  return object({
    http1MaxPendingRequests: int32(),
    http2MaxRequests: int32(),
    maxConcurrentStreams: int32(),
    maxRequestsPerConnection: int32(),
    maxRetries: int32(),
    idleTimeout: duration(),
    h2UpgradePolicy: enumOf('DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE'),
    useClientProtocol: boolean(),
  });
}
