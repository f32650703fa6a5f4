import { type KubernetesObject, yamlText } from '../../../core/index.ts';
import { type Addon, SERVICES } from '../shared/addon.ts';
import { configDigest, configMap, configVolume } from '../shared/config-map.ts';
import { exposure } from '../shared/expose.ts';
import { dashboardAccess, networkPolicy } from '../shared/network-policy.ts';
import { dataVolume, volumeClaim } from '../shared/persistence.ts';
import { type Dashboard, dashboardAnnotations, service } from '../shared/service.ts';
import { tracingSwitch } from '../shared/tracing-switch.ts';
import { deployment, scraped, scratch, serviceAccount, type Workload } from '../shared/workload.ts';
import { DATA_DIR, jaegerConfig, keepsOnDisk, PORTS } from './config.ts';

const CONFIG_FILE = 'config.yaml';

/** Jaeger, all in one: takes traces by OTLP and as Zipkin does, keeps them and shows them. */
export function tracingObjects(addon: Addon): readonly KubernetesObject[] {
  const dashboard: Dashboard = { ...SERVICES.tracing, path: '/' };
  const config = yamlText(jaegerConfig(addon));
  return [
    serviceAccount(addon),
    networkPolicy(addon, [
      { ports: [PORTS.otlpGrpc, PORTS.otlpHttp, PORTS.zipkin], from: 'anybody' },
      { ports: [PORTS.metrics], from: ['prometheus'] },
      ...dashboardAccess(addon, PORTS.queryHttp, ['grafana', 'kiali']),
      { ports: [PORTS.queryGrpc], from: ['grafana', 'kiali'] },
    ]),
    configMap(addon, addon.name, { [CONFIG_FILE]: config }),
    ...volumeClaim(addon),
    ...services(addon, dashboard),
    deployment(addon, workload(addon, config)),
    ...tracingSwitch(addon),
    ...exposure(addon, dashboard),
  ];
}

/** By the names under which others know them: the user interface, and two ways to send traces. */
function services(addon: Addon, dashboard: Dashboard): readonly KubernetesObject[] {
  const zipkin = { name: 'http-zipkin', port: PORTS.zipkin, targetPort: 'zipkin' };
  return [
    service(
      addon,
      dashboard.service,
      [
        { name: 'http-query', port: dashboard.port, targetPort: 'query-http' },
        { name: 'grpc-query', port: PORTS.queryGrpc, targetPort: 'query-grpc' },
      ],
      dashboardAnnotations(addon, dashboard),
    ),
    service(addon, 'zipkin', [zipkin]),
    service(addon, 'jaeger-collector', [
      { name: 'grpc-otlp', port: PORTS.otlpGrpc, targetPort: 'otlp-grpc', appProtocol: 'grpc' },
      { name: 'http-otlp', port: PORTS.otlpHttp, targetPort: 'otlp-http' },
      zipkin,
    ]),
  ];
}

function workload(addon: Addon, config: string): Workload {
  const health = { httpGet: { path: '/status', port: 'health' } };
  return {
    container: {
      args: [`--config=/etc/jaeger/${CONFIG_FILE}`],
      ports: [
        { name: 'query-http', containerPort: PORTS.queryHttp },
        { name: 'query-grpc', containerPort: PORTS.queryGrpc },
        { name: 'otlp-grpc', containerPort: PORTS.otlpGrpc },
        { name: 'otlp-http', containerPort: PORTS.otlpHttp },
        { name: 'zipkin', containerPort: PORTS.zipkin },
        { name: 'metrics', containerPort: PORTS.metrics },
        { name: 'health', containerPort: PORTS.health },
      ],
      readinessProbe: { ...health, periodSeconds: 5 },
      livenessProbe: { ...health, initialDelaySeconds: 5, periodSeconds: 15 },
      resources: { requests: { cpu: '10m', memory: '128Mi' }, limits: { memory: '1Gi' } },
    },
    volumes: [
      configVolume(addon.name, '/etc/jaeger'),
      scratch('tmp', '/tmp'),
      ...(keepsOnDisk(addon) ? [dataVolume(addon, DATA_DIR, '4Gi')] : []),
    ],
    hasData: true,
    podAnnotations: { ...scraped(PORTS.metrics), ...configDigest(config) },
  };
}
