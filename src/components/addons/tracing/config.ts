import type { JsonObject } from '../../../core/index.ts';
import type { Addon } from '../shared/addon.ts';
import { durationSeconds } from '../shared/duration.ts';
import { isPersistent } from '../shared/persistence.ts';

/** Where Jaeger listens. */
export const PORTS = {
  queryHttp: 16_686,
  queryGrpc: 16_685,
  otlpGrpc: 4_317,
  otlpHttp: 4_318,
  zipkin: 9_411,
  metrics: 8_888,
  health: 13_133,
} as const;

/** Where traces are kept that memory does not hold. */
export const DATA_DIR = '/badger';

/** What memory holds at most; the oldest traces go first. */
const TRACES_IN_MEMORY = 50_000;

const DEFAULT_RETENTION = '3d';

const STORE = 'traces';

/** Traces are in memory, unless they are to outlive the pod or to be kept for a given time, which memory cannot promise. */
export function keepsOnDisk(addon: Addon): boolean {
  return isPersistent(addon) || Boolean(addon.settings.retention);
}

/** The configuration of Jaeger: receivers, one store, the user interface on it. */
export function jaegerConfig(addon: Addon): JsonObject {
  return {
    service: {
      extensions: ['healthcheckv2', 'jaeger_storage', 'jaeger_query'],
      pipelines: {
        traces: { receivers: ['otlp', 'zipkin'], processors: ['batch'], exporters: ['jaeger_storage_exporter'] },
      },
      telemetry: {
        resource: { 'service.name': 'jaeger' },
        metrics: {
          level: 'normal',
          readers: [{ pull: { exporter: { prometheus: { host: '0.0.0.0', port: PORTS.metrics } } } }],
        },
      },
    },
    extensions: {
      healthcheckv2: { use_v2: true, http: { endpoint: endpoint(PORTS.health) } },
      jaeger_storage: { backends: { [STORE]: store(addon) } },
      jaeger_query: { storage: { traces: STORE } }, // on its usual ports, at every address of the pod
    },
    receivers: {
      otlp: {
        protocols: {
          grpc: { endpoint: endpoint(PORTS.otlpGrpc) },
          http: { endpoint: endpoint(PORTS.otlpHttp) },
        },
      },
      zipkin: { endpoint: endpoint(PORTS.zipkin) },
    },
    processors: { batch: {} },
    exporters: { jaeger_storage_exporter: { trace_storage: STORE } },
  };
}

function store(addon: Addon): JsonObject {
  if (!keepsOnDisk(addon)) return { memory: { max_traces: TRACES_IN_MEMORY } };
  const seconds = durationSeconds(addon.settings.retention || DEFAULT_RETENTION);
  return {
    badger: {
      ephemeral: false,
      directories: { keys: `${DATA_DIR}/keys`, values: `${DATA_DIR}/values` },
      ttl: { spans: `${seconds}s` },
    },
  };
}

/** On every address of the pod, of whichever family it has. */
function endpoint(port: number): string {
  return `:${port}`;
}
