import { type KubernetesObject, yamlText } from '../../../core/index.ts';
import { type Addon, SERVICES } from '../shared/addon.ts';
import { configMap, configVolume } from '../shared/config-map.ts';
import { exposure } from '../shared/expose.ts';
import { dashboardAccess, networkPolicy } from '../shared/network-policy.ts';
import { dataVolume, volumeClaim } from '../shared/persistence.ts';
import { clusterWideRights } from '../shared/rbac.ts';
import { type Dashboard, dashboardAnnotations, service } from '../shared/service.ts';
import { deployment, scraped, serviceAccount, type Workload } from '../shared/workload.ts';
import { prometheusConfig } from './config.ts';

const { service: SERVICE, port: PORT } = SERVICES.prometheus;

/** Of the directory that lives and dies with the pod; the configuration keeps the data below it. */
const SIZE_LIMIT = '4Gi';

const CONFIG_FILE = 'prometheus.yml';

/** Prometheus: scrapes the mesh. */
export function prometheusObjects(addon: Addon): readonly KubernetesObject[] {
  const { name } = addon;
  const dashboard: Dashboard = { service: SERVICE, port: PORT, path: '/' };
  return [
    serviceAccount(addon),
    // what finding pods takes and nothing else: metrics come from the pods themselves
    ...clusterWideRights(addon, [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }]),
    networkPolicy(addon, dashboardAccess(addon, PORT, ['prometheus', 'grafana', 'kiali'])),
    configMap(addon, name, { [CONFIG_FILE]: yamlText(prometheusConfig(addon)) }),
    ...volumeClaim(addon),
    service(
      addon,
      name,
      [{ name: 'http', port: PORT, targetPort: 'http', appProtocol: 'http' }],
      dashboardAnnotations(addon, dashboard),
    ),
    deployment(addon, workload(addon)),
    ...exposure(addon, dashboard),
  ];
}

function workload(addon: Addon): Workload {
  return {
    container: {
      args: [
        `--config.file=/etc/prometheus/${CONFIG_FILE}`,
        '--config.auto-reload', // a restart would lose what an emptyDir holds
        '--storage.tsdb.path=/data',
        ...externalUrl(addon),
      ],
      ports: [{ name: 'http', containerPort: PORT }],
      readinessProbe: { httpGet: { path: '/-/ready', port: 'http' }, periodSeconds: 5 },
      livenessProbe: { httpGet: { path: '/-/healthy', port: 'http' }, periodSeconds: 15 },
      // reading the log of writes of a large volume takes its time
      startupProbe: { httpGet: { path: '/-/ready', port: 'http' }, periodSeconds: 5, failureThreshold: 120 },
      resources: { requests: { cpu: '50m', memory: '256Mi' }, limits: { memory: '2Gi' } },
    },
    volumes: [configVolume(addon.name, '/etc/prometheus'), dataVolume(addon, '/data', SIZE_LIMIT)],
    hasData: true,
    podAnnotations: scraped(PORT),
    usesApiServer: true,
  };
}

function externalUrl({ places }: Addon): readonly string[] {
  const url = places.prometheus?.externalUrl;
  return url === undefined ? [] : [`--web.external-url=${url}`];
}
