import type { IEnvVar } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../../core/index.ts';
import { variablesOf } from '../../shared/environment.ts';
import type { Draft } from '../../shared/typed.ts';
import { type Addon, SERVICES } from '../shared/addon.ts';
import { configDigest, configMap, configVolume } from '../shared/config-map.ts';
import { exposure } from '../shared/expose.ts';
import { dashboardAccess, networkPolicy } from '../shared/network-policy.ts';
import { dataVolume, volumeClaim } from '../shared/persistence.ts';
import { type Dashboard, dashboardAnnotations, service } from '../shared/service.ts';
import { deployment, scraped, scratch, serviceAccount, type Workload } from '../shared/workload.ts';
import { dashboardFiles } from './dashboards/index.ts';
import { dashboardProvider, dataSources } from './provisioning.ts';

const { service: SERVICE, port: PORT } = SERVICES.grafana;

const DASHBOARDS = 'grafana-dashboards';
const DASHBOARDS_DIR = '/etc/grafana/dashboards';
const PROVISIONING_DIR = '/etc/grafana/provisioning';

/** Grafana: dashboards for what Prometheus has recorded. */
export function grafanaObjects(addon: Addon): readonly KubernetesObject[] {
  const { name } = addon;
  const dashboard: Dashboard = { service: SERVICE, port: PORT, path: '/' };
  const sources = dataSources(addon);
  const provider = dashboardProvider(DASHBOARDS_DIR);
  return [
    serviceAccount(addon),
    networkPolicy(addon, dashboardAccess(addon, PORT, ['prometheus', 'kiali'])),
    configMap(addon, name, { 'datasources.yaml': sources, 'dashboards.yaml': provider }),
    configMap(addon, DASHBOARDS, dashboardFiles()),
    ...volumeClaim(addon),
    service(
      addon,
      name,
      [{ name: 'http', port: PORT, targetPort: 'http', appProtocol: 'http' }],
      dashboardAnnotations(addon, dashboard),
    ),
    deployment(addon, workload(addon, sources, provider)),
    ...exposure(addon, dashboard),
  ];
}

function workload(addon: Addon, ...configs: readonly string[]): Workload {
  const provisioning = (kind: string) => ({
    name: kind,
    source: { configMap: { name: addon.name, items: [{ key: `${kind}.yaml`, path: `${kind}.yaml` }] } },
    mount: { mountPath: `${PROVISIONING_DIR}/${kind}`, readOnly: true },
  });
  const health = { httpGet: { path: '/api/health', port: 'http' } };
  return {
    container: {
      env: environment(addon),
      ports: [{ name: 'http', containerPort: PORT }],
      readinessProbe: { ...health, periodSeconds: 5 },
      livenessProbe: { ...health, periodSeconds: 15 },
      startupProbe: { ...health, periodSeconds: 5, failureThreshold: 24 },
      resources: { requests: { cpu: '20m', memory: '192Mi' }, limits: { memory: '768Mi' } },
    },
    volumes: [
      provisioning('datasources'),
      provisioning('dashboards'),
      configVolume(DASHBOARDS, DASHBOARDS_DIR), // read anew when they change, so they are not in the digest
      dataVolume(addon, '/var/lib/grafana', '1Gi'),
      scratch('tmp', '/tmp'),
    ],
    hasData: true,
    podAnnotations: { ...scraped(PORT), ...configDigest(...configs) },
  };
}

/**
 * Whoever has no account looks at dashboards and does nothing else. Without a Secret there is no administrator at all,
 * rather than one with a password that everybody knows.
 */
function environment(addon: Addon): readonly Draft<IEnvVar>[] {
  const { auth, expose } = addon.settings;
  const secretName = auth?.secretName;
  const externalUrl = addon.places.grafana?.externalUrl;
  return [
    ...variablesOf({
      GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: false,
      GF_ANALYTICS_CHECK_FOR_UPDATES: false,
      GF_ANALYTICS_REPORTING_ENABLED: false,
      GF_AUTH_ANONYMOUS_ENABLED: auth?.anonymous ?? expose === undefined,
      GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
      GF_AUTH_BASIC_ENABLED: Boolean(secretName),
      GF_AUTH_DISABLE_LOGIN_FORM: !secretName,
      GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: `${DASHBOARDS_DIR}/mesh.json`,
      GF_LOG_MODE: 'console',
      GF_SECURITY_COOKIE_SECURE: externalUrl?.startsWith('https:') ?? false,
      GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: !secretName,
      GF_SERVER_ROOT_URL: externalUrl && `${externalUrl}/`,
      GF_USERS_ALLOW_SIGN_UP: false,
    }),
    ...(secretName
      ? [
          fromSecret('GF_SECURITY_ADMIN_USER', secretName, 'username'),
          fromSecret('GF_SECURITY_ADMIN_PASSWORD', secretName, 'password'),
        ]
      : []),
  ];
}

function fromSecret(variable: string, secretName: string, key: string): Draft<IEnvVar> {
  return { name: variable, valueFrom: { secretKeyRef: { name: secretName, key } } };
}
