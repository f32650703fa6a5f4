import type { KubernetesObject } from '../../../core/index.ts';
import { type Addon, SERVICES } from '../shared/addon.ts';
import { exposure } from '../shared/expose.ts';
import { networkPolicy } from '../shared/network-policy.ts';
import { type Dashboard, dashboardAnnotations, service } from '../shared/service.ts';
import { tracingSwitch } from '../shared/tracing-switch.ts';
import { deployment, scraped, scratch, serviceAccount, type Workload } from '../shared/workload.ts';

/** Traces, the API, the user interface and metrics are all on one port. */
const { service: SERVICE, port: PORT } = SERVICES.zipkin;

/** Zipkin: takes traces, keeps the newest in memory and shows them. */
export function zipkinObjects(addon: Addon): readonly KubernetesObject[] {
  const dashboard: Dashboard = { service: SERVICE, port: PORT, path: '/zipkin/' };
  return [
    serviceAccount(addon),
    networkPolicy(addon, [{ ports: [PORT], from: 'anybody' }]),
    service(
      addon,
      addon.name,
      [{ name: 'http', port: PORT, targetPort: 'http' }],
      dashboardAnnotations(addon, dashboard),
    ),
    deployment(addon, WORKLOAD),
    ...tracingSwitch(addon),
    ...exposure(addon, dashboard),
  ];
}

const HEALTH = { httpGet: { path: '/health', port: 'http' } };

const WORKLOAD: Workload = {
  container: {
    env: [
      { name: 'STORAGE_TYPE', value: 'mem' },
      { name: 'MEM_MAX_SPANS', value: '100000' },
      { name: 'JAVA_OPTS', value: '-Xms64m -Xmx384m -XX:+ExitOnOutOfMemoryError' },
    ],
    ports: [{ name: 'http', containerPort: PORT }],
    readinessProbe: { ...HEALTH, periodSeconds: 5 },
    livenessProbe: { ...HEALTH, periodSeconds: 15 },
    startupProbe: { ...HEALTH, periodSeconds: 5, failureThreshold: 24 },
    resources: { requests: { cpu: '10m', memory: '256Mi' }, limits: { memory: '640Mi' } },
  },
  volumes: [scratch('tmp', '/tmp')],
  podAnnotations: scraped(PORT, '/prometheus'),
};
