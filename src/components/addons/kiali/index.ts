import type { IPolicyRule } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import { type KubernetesObject, yamlText } from '../../../core/index.ts';
import { kialiStrategy } from '../../../values/index.ts';
import type { MountedVolume } from '../../shared/mounted-volume.ts';
import { type Addon, SERVICES } from '../shared/addon.ts';
import { configDigest, configMap, configVolume } from '../shared/config-map.ts';
import { exposure } from '../shared/expose.ts';
import { dashboardAccess, networkPolicy } from '../shared/network-policy.ts';
import { clusterWideRights, rightsIn } from '../shared/rbac.ts';
import { type Dashboard, dashboardAnnotations, service } from '../shared/service.ts';
import { deployment, scraped, serviceAccount, type Workload } from '../shared/workload.ts';
import { kialiConfig, METRICS_PORT, WEB_ROOT } from './config.ts';

const { service: SERVICE, port: PORT } = SERVICES.kiali;

const CONFIG_FILE = 'config.yaml';

/** Kiali: the console of the mesh. */
export function kialiObjects(addon: Addon): readonly KubernetesObject[] {
  const { name, settings } = addon;
  const dashboard: Dashboard = { service: SERVICE, port: PORT, path: WEB_ROOT };
  const strategy = kialiStrategy(settings.expose !== undefined, settings.auth);
  const config = yamlText(kialiConfig(addon, strategy));
  return [
    serviceAccount(addon),
    ...clusterWideRights(addon, READ_ONLY),
    ...rightsIn(addon.mesh.istioNamespace, addon, ASK_ISTIOD),
    networkPolicy(addon, [{ ports: [METRICS_PORT], from: ['prometheus'] }, ...dashboardAccess(addon, PORT, [])]),
    configMap(addon, name, { [CONFIG_FILE]: config }),
    service(
      addon,
      name,
      [
        { name: 'http', port: PORT, targetPort: 'http', appProtocol: 'http' },
        { name: 'http-metrics', port: METRICS_PORT, targetPort: 'http-metrics', appProtocol: 'http' },
      ],
      dashboardAnnotations(addon, dashboard),
    ),
    deployment(addon, workload(addon, config, strategy)),
    ...exposure(addon, dashboard),
  ];
}

const READ = ['get', 'list', 'watch'];

/**
 * Kiali asks istiod and ztunnel for their state through the API server. Into other pods it cannot forward ports: the dump
 * of a sidecar's configuration is for users who log in and have that right themselves.
 */
const ASK_ISTIOD: readonly IPolicyRule[] = [{ apiGroups: [''], resources: ['pods/portforward'], verbs: ['create'] }];

/** Kiali only looks. Where users log in with a token of their own, it changes with their rights what they may change. */
const READ_ONLY: readonly IPolicyRule[] = [
  {
    apiGroups: [''],
    resources: ['configmaps', 'endpoints', 'namespaces', 'pods', 'pods/log', 'replicationcontrollers', 'services'],
    verbs: READ,
  },
  { apiGroups: ['apps'], resources: ['daemonsets', 'deployments', 'replicasets', 'statefulsets'], verbs: READ },
  { apiGroups: ['batch'], resources: ['cronjobs', 'jobs'], verbs: READ },
  {
    apiGroups: [
      'networking.istio.io',
      'security.istio.io',
      'extensions.istio.io',
      'telemetry.istio.io',
      'gateway.networking.k8s.io',
    ],
    resources: ['*'],
    verbs: READ,
  },
  { apiGroups: ['inference.networking.k8s.io'], resources: ['inferencepools'], verbs: READ },
  { apiGroups: ['admissionregistration.k8s.io'], resources: ['mutatingwebhookconfigurations'], verbs: READ },
  // who a token belongs to
  { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
];

function workload(addon: Addon, config: string, strategy: string): Workload {
  const health = { httpGet: { path: `${WEB_ROOT}/healthz`, port: 'http' } };
  return {
    container: {
      command: ['/opt/kiali/kiali'],
      args: ['-config', `/kiali-configuration/${CONFIG_FILE}`],
      env: [{ name: 'LOG_FORMAT', value: 'json' }],
      ports: [
        { name: 'http', containerPort: PORT },
        { name: 'http-metrics', containerPort: METRICS_PORT },
      ],
      readinessProbe: { ...health, periodSeconds: 5 },
      livenessProbe: { ...health, periodSeconds: 15 },
      startupProbe: { ...health, periodSeconds: 5, failureThreshold: 24 },
      resources: { requests: { cpu: '10m', memory: '128Mi' }, limits: { memory: '1Gi' } },
    },
    volumes: [configVolume(addon.name, '/kiali-configuration'), ...secretVolumes(addon, strategy)],
    podAnnotations: { ...scraped(METRICS_PORT), ...configDigest(config) },
    usesApiServer: true,
  };
}

/** Kiali looks for each secret in a directory that is named after it. */
function secretVolumes({ settings }: Addon, strategy: string): readonly MountedVolume[] {
  const secretName = settings.auth?.secretName;
  if (!secretName || strategy === 'anonymous') return [];
  const volume = (name: string, key: string, path: string, mountPath: string): MountedVolume => ({
    name,
    source: { secret: { secretName, items: [{ key, path }] } },
    mount: { mountPath, readOnly: true },
  });
  const signingKey = 'login-token-signing-key';
  return [
    volume(signingKey, 'signing-key', 'value.txt', `/kiali-override-secrets/${signingKey}`),
    ...(strategy === 'openid' ? [volume('oidc-secret', 'oidc-secret', 'oidc-secret', '/kiali-secret')] : []),
  ];
}
