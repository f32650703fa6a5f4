import { expect, test } from '@jest/globals';
import { egressGateways, ingressGateways } from '../../../../src/components/gateways/index.ts';
import type { Json, JsonObject } from '../../../../src/core/index.ts';
import { egressGatewayDefaults, ingressGatewayDefaults } from '../../../../src/values/index.ts';
import { containerOf, fieldOf, namesOf, objectsFrom } from '../build.ts';

const INGRESS = {
  component: ingressGateways,
  defaults: ingressGatewayDefaults as JsonObject,
  input: { resourceName: 'istio-ingressgateway' },
};
const EGRESS = {
  component: egressGateways,
  defaults: egressGatewayDefaults as JsonObject,
  input: { resourceName: 'istio-egressgateway' },
};

/** An ingress gateway with these settings of its own, and other values beside them. */
function ingress(settings: JsonObject, values: JsonObject = {}) {
  return objectsFrom(INGRESS, { ...values, gateways: { 'istio-ingressgateway': settings } });
}

const POD = ['spec', 'template', 'spec'] as const;
const TEMPLATE = ['spec', 'template', 'metadata'] as const;

test('a gateway is a Deployment with its Service, identity, permission to read certificates and autoscaler', () => {
  expect(namesOf(ingress({}))).toEqual([
    'Deployment istio-ingressgateway',
    'HorizontalPodAutoscaler istio-ingressgateway',
    'Role istio-ingressgateway-sds',
    'RoleBinding istio-ingressgateway-sds',
    'Service istio-ingressgateway',
    'ServiceAccount istio-ingressgateway-service-account',
  ]);
});

test('gateways of one kind differ in name and namespace and keep the labels that Gateway resources select', () => {
  const objects = objectsFrom({ ...INGRESS, input: { resourceName: 'edge', namespace: 'edge-ns' } });
  expect(objects.map(({ metadata }) => metadata.namespace)).toEqual(objects.map(() => 'edge-ns'));
  expect(objects.every(({ metadata }) => metadata.name.startsWith('edge'))).toBe(true);
  expect(fieldOf(objects, 'Service', 'spec', 'selector')).toEqual({
    app: 'istio-ingressgateway',
    istio: 'ingressgateway',
  });
  expect(fieldOf(objects, 'Deployment', ...TEMPLATE, 'labels', 'service.istio.io/canonical-name')).toBe('edge');
  expect(fieldOf(objects, 'Deployment', ...TEMPLATE, 'labels', 'heritage')).toBeUndefined();
});

test('an egress gateway is the same thing with its own labels, ports and certificates, inside the cluster', () => {
  const objects = objectsFrom(EGRESS);
  expect(fieldOf(objects, 'Service', 'spec', 'type')).toBe('ClusterIP');
  expect(fieldOf(objects, 'Service', 'metadata', 'labels', 'istio')).toBe('egressgateway');
  expect(fieldOf(objects, 'Deployment', ...POD, 'volumes', '[egressgateway-certs]')).toBeDefined();
  expect(fieldOf(objects, 'Deployment', ...POD, 'volumes', '[ingressgateway-certs]')).toBeUndefined();
});

const DEPLOYMENT_FIELDS: Record<string, { settings: JsonObject; path: readonly string[]; want: Json | undefined }> = {
  'replicas are left to the autoscaler': {
    settings: { replicaCount: 4 },
    path: ['spec', 'replicas'],
    want: undefined,
  },
  'replicas are set where there is no autoscaler': {
    settings: { autoscaleEnabled: false, replicaCount: 4 },
    path: ['spec', 'replicas'],
    want: 4,
  },
  'rolling updates take percentages and numbers written as text': {
    settings: { rollingMaxSurge: '50%', rollingMaxUnavailable: '0' },
    path: ['spec', 'strategy', 'rollingUpdate'],
    want: { maxSurge: '50%', maxUnavailable: 0 },
  },
  'pods run as the proxy user': {
    settings: {},
    path: [...POD, 'securityContext'],
    want: { runAsUser: 1337, runAsGroup: 1337, runAsNonRoot: true },
  },
  'pods run as root on demand': { settings: { runAsRoot: true }, path: [...POD, 'securityContext'], want: undefined },
  'pods go anywhere by default': { settings: {}, path: [...POD, 'affinity'], want: undefined },
  'a node selector becomes a required affinity': {
    settings: { nodeSelector: { disk: 'ssd' } },
    path: [...POD, 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution'],
    want: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] }] },
  },
  'pods keep away from the pods that the user names': {
    settings: {
      podAntiAffinityLabelSelector: [
        { key: 'security', operator: 'In', values: 'S1, S2', topologyKey: 'zone', namespaces: ['a', 'b'] },
      ],
    },
    path: [...POD, 'affinity', 'podAntiAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', '[0]'],
    want: {
      labelSelector: { matchExpressions: [{ key: 'security', operator: 'In', values: ['S1', 'S2'] }] },
      topologyKey: 'zone',
      namespaces: ['a', 'b'],
    },
  },
  'pods try to keep away with weight 100': {
    settings: { podAntiAffinityTermLabelSelector: [{ key: 'app', operator: 'Exists', topologyKey: 'zone' }] },
    path: [...POD, 'affinity', 'podAntiAffinity', 'preferredDuringSchedulingIgnoredDuringExecution', '[0]', 'weight'],
    want: 100,
  },
  'a Secret is mounted and may be missing': {
    settings: { secretVolumes: [{ name: 'tls', secretName: 'site', mountPath: '/tls' }] },
    path: [...POD, 'volumes', '[tls]', 'secret'],
    want: { secretName: 'site', optional: true },
  },
  'more containers run beside the proxy': {
    settings: { additionalContainers: [{ name: 'helper', image: 'helper:1' }] },
    path: [...POD, 'containers', '[1]'],
    want: { name: 'helper', image: 'helper:1' },
  },
  'pod annotations of the user win': {
    settings: { podAnnotations: { 'prometheus.io/port': '9' } },
    path: [...TEMPLATE, 'annotations', 'prometheus.io/port'],
    want: '9',
  },
  'the version label names the revision in telemetry': {
    settings: { labels: { version: '21' } },
    path: [...TEMPLATE, 'labels', 'service.istio.io/canonical-revision'],
    want: '21',
  },
  'a label of the user that Istio sets as well still selects the pods': {
    settings: { labels: { 'istio.io/rev': 'mine' } },
    path: [...TEMPLATE, 'labels', 'istio.io/rev'],
    want: 'mine',
  },
};
test.each(Object.entries(DEPLOYMENT_FIELDS))('Deployment: %s', (_name, { settings, path, want }) => {
  expect(fieldOf(ingress(settings), 'Deployment', ...path)).toEqual(want);
});

const CONTAINER_FIELDS: Record<
  string,
  { settings?: JsonObject; values?: JsonObject; path: readonly string[]; want: Json | undefined }
> = {
  'the image is made of hub, tag and variant': {
    values: { global: { hub: 'hub.example', tag: '1.2.3', variant: 'distroless' } },
    path: ['image'],
    want: 'hub.example/proxyv2:1.2.3-distroless',
  },
  'the gateway has a tag of its own': {
    settings: { tag: 'special' },
    values: { global: { hub: 'hub.example' } },
    path: ['image'],
    want: 'hub.example/proxyv2:special',
  },
  'a complete image reference is taken as it is': {
    values: { global: { proxy: { image: 'mine.example/proxy@sha256:1' }, tag: 'x', variant: 'debug' } },
    path: ['image'],
    want: 'mine.example/proxy@sha256:1',
  },
  'flags follow the logging values': {
    values: {
      global: {
        proxy: { logLevel: 'info', componentLogLevel: '' },
        logging: { level: 'all:debug' },
        logAsJson: true,
        sts: { servicePort: 15463 },
      },
    },
    path: ['args'],
    want: [
      'proxy',
      'router',
      '--domain',
      '$(POD_NAMESPACE).svc.cluster.local',
      '--proxyLogLevel=info',
      '--log_output_level=all:debug',
      '--log_as_json',
      '--stsPort=15463',
    ],
  },
  'the CA is istiod of the revision': {
    values: { revision: 'canary', global: { istioNamespace: 'mesh' } },
    path: ['env', '[CA_ADDR]', 'value'],
    want: 'istiod-canary.mesh.svc:15012',
  },
  'the CA is where the user says': {
    values: { revision: 'canary', global: { caAddress: 'ca.example:1' } },
    path: ['env', '[CA_ADDR]', 'value'],
    want: 'ca.example:1',
  },
  'the mesh id is the trust domain': {
    values: { meshConfig: { trustDomain: 'td.example' } },
    path: ['env', '[ISTIO_META_MESH_ID]', 'value'],
    want: 'td.example',
  },
  'the mesh id can be another': {
    values: { global: { meshID: 'mesh1' } },
    path: ['env', '[ISTIO_META_MESH_ID]', 'value'],
    want: 'mesh1',
  },
  'no trust domain, no variable': {
    values: { meshConfig: { trustDomain: null } },
    path: ['env', '[TRUST_DOMAIN]'],
    want: undefined,
  },
  'the network comes from the mesh': {
    values: { global: { network: 'net1' } },
    path: ['env', '[ISTIO_META_NETWORK]', 'value'],
    want: 'net1',
  },
  'the network of the gateway wins': {
    settings: { env: { ISTIO_META_NETWORK: 'net2' } },
    values: { global: { network: 'net1' } },
    path: ['env', '[ISTIO_META_NETWORK]', 'value'],
    want: 'net2',
  },
  'numbers and booleans become text in variables': {
    settings: { env: { RETRIES: 3 } },
    values: { meshConfig: { defaultConfig: { proxyMetadata: { FAST: true } } } },
    path: ['env', '[FAST]', 'value'],
    want: 'true',
  },
  'own resources go before the default ones': {
    values: { global: { defaultResources: { requests: { cpu: '1m' } } } },
    path: ['resources', 'requests', 'cpu'],
    want: '100m',
  },
  'default resources stand in for deleted ones': {
    settings: { resources: null },
    values: { global: { defaultResources: { requests: { cpu: '10m' } } } },
    path: ['resources'],
    want: { requests: { cpu: '10m' } },
  },
  'who takes back each quantity requests nothing': {
    settings: { resources: { requests: { cpu: null, memory: null }, limits: null } },
    values: { global: { defaultResources: { requests: { cpu: '10m' } } } },
    path: ['resources'],
    want: undefined,
  },
  'a quantity without a unit is a number': {
    settings: { resources: { limits: { cpu: '2' } } },
    path: ['resources', 'limits', 'cpu'],
    want: 2,
  },
  'no capability is left to the proxy': {
    path: ['securityContext', 'capabilities', 'drop'],
    want: ['ALL'],
  },
  'a gateway that runs as root keeps what its pod allows': {
    settings: { runAsRoot: true },
    path: ['securityContext'],
    want: undefined,
  },
  'a port with a named target names the container port': {
    settings: { ports: [{ port: 8080, targetPort: 'web', name: 'http' }] },
    path: ['ports', '[web]'],
    want: { name: 'web', containerPort: 8080, protocol: 'TCP' },
  },
  'a ConfigMap without a path is not mounted': {
    settings: { configVolumes: [{ name: 'extra', configMapName: 'cm' }] },
    path: ['volumeMounts', '[extra]'],
    want: undefined,
  },
  'the root certificate is not istiod’s where something else signs': {
    values: { global: { pilotCertProvider: 'custom' } },
    path: ['volumeMounts', '[istiod-ca-cert]'],
    want: undefined,
  },
  'certificates of the user are mounted on demand': {
    values: { global: { mountMtlsCerts: true } },
    path: ['volumeMounts', '[istio-certs]', 'mountPath'],
    want: '/etc/certs',
  },
};
test.each(Object.entries(CONTAINER_FIELDS))('proxy: %s', (_name, { settings = {}, values = {}, path, want }) => {
  expect(containerOf(ingress(settings, values), 'Deployment', ...path)).toEqual(want);
});

test('a variable is text, whatever kind of value it comes from', () => {
  const env = containerOf(
    ingress({}, { global: { network: true, multiCluster: { clusterName: 5 } } }),
    'Deployment',
    'env',
  );
  expect(env).toContainEqual({ name: 'ISTIO_META_NETWORK', value: 'true' });
  expect(env).toContainEqual({ name: 'ISTIO_META_CLUSTER_ID', value: '5' });
});

test('a variable that is set twice is listed once, with its last value', () => {
  const objects = ingress(
    { env: { A: 'gateway' } },
    { meshConfig: { defaultConfig: { proxyMetadata: { A: 'mesh' } } } },
  );
  const variables = containerOf(objects, 'Deployment', 'env') as readonly JsonObject[];
  expect(variables.filter(({ name }) => name === 'A')).toEqual([{ name: 'A', value: 'mesh' }]);
});

test('on OpenShift the cluster chooses the user', () => {
  const objects = ingress({}, { global: { platform: 'openshift' } });
  expect(fieldOf(objects, 'Deployment', ...POD, 'securityContext')).toEqual({ runAsNonRoot: true });
});

test('architectures are required and preferred by weight; weight 0 means never', () => {
  const objects = ingress({}, { global: { arch: { arm64: 3, amd64: 1, s390x: 0 } } });
  const on = (...values: string[]) => ({ matchExpressions: [{ key: 'kubernetes.io/arch', operator: 'In', values }] });
  expect(fieldOf(objects, 'Deployment', ...POD, 'affinity', 'nodeAffinity')).toEqual({
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [on('amd64', 'arm64')] },
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 1, preference: on('amd64') },
      { weight: 3, preference: on('arm64') },
    ],
  });
});

test('default node selector and tolerations hold only for gateways without their own', () => {
  const global = { defaultNodeSelector: { pool: 'mesh' }, defaultTolerations: [{ key: 'mesh', operator: 'Exists' }] };
  const tolerations = (settings: JsonObject) =>
    fieldOf(ingress(settings, { global }), 'Deployment', ...POD, 'tolerations');
  expect(tolerations({})).toEqual(global.defaultTolerations);
  expect(tolerations({ tolerations: [{ operator: 'Exists' }] })).toEqual([{ operator: 'Exists' }]);
  expect(JSON.stringify(ingress({}, { global }))).toContain('"pool"');
  expect(JSON.stringify(ingress({ nodeSelector: { a: 'b' } }, { global }))).not.toContain('"pool"');
});

test('an injected gateway leaves the proxy to the injector and says only what is its own', () => {
  const settings = { injectionTemplate: 'gateway', env: { A: 1 } };
  const objects = ingress(settings, { revision: 'canary' });
  expect(containerOf(objects, 'Deployment', 'image')).toBe('auto');
  expect(containerOf(objects, 'Deployment', 'args')).toBeUndefined();
  expect(containerOf(objects, 'Deployment', 'env')).toEqual([
    { name: 'ISTIO_META_UNPRIVILEGED_POD', value: 'true' },
    { name: 'A', value: '1' },
  ]);
  expect(fieldOf(objects, 'Deployment', ...TEMPLATE, 'annotations', 'inject.istio.io/templates')).toBe('gateway');
  expect(fieldOf(objects, 'Deployment', ...TEMPLATE, 'labels')).toMatchObject({
    'sidecar.istio.io/inject': 'true',
    'istio.io/rev': 'canary',
  });
  expect(fieldOf(objects, 'Deployment', ...TEMPLATE, 'labels', 'istio.io/dataplane-mode')).toBeUndefined();
});

test('without a revision an injected gateway leaves the choice of the injector to its namespace', () => {
  const labels = fieldOf(ingress({ injectionTemplate: 'gateway' }), 'Deployment', ...TEMPLATE, 'labels') as JsonObject;
  expect(Object.hasOwn(labels, 'istio.io/rev')).toBe(false);
});

test('a metric scrape is announced unless the mesh turns it off', () => {
  const scraped = (values: JsonObject) =>
    fieldOf(ingress({}, values), 'Deployment', ...TEMPLATE, 'annotations', 'prometheus.io/scrape');
  expect(scraped({})).toBe('true');
  expect(scraped({ meshConfig: { enablePrometheusMerge: false } })).toBeUndefined();
});

test('the root certificate comes from a ClusterTrustBundle where istiod publishes one', () => {
  const values = { pilot: { env: { ENABLE_CLUSTER_TRUST_BUNDLE_API: true } }, global: { trustBundleName: 'roots' } };
  expect(fieldOf(ingress({}, values), 'Deployment', ...POD, 'volumes', '[istiod-ca-cert]', 'projected')).toEqual({
    sources: [{ clusterTrustBundle: { name: 'istio.io:istiod-ca:roots', path: 'root-cert.pem' } }],
  });
});

const SERVICE_FIELDS: Record<string, { settings: JsonObject; path: readonly string[]; want: Json | undefined }> = {
  'every field of a port is kept': {
    settings: { ports: [{ port: 80, targetPort: '8080', nodePort: 30080, name: 'http', appProtocol: 'http2' }] },
    path: ['spec', 'ports'],
    want: [{ port: 80, targetPort: 8080, nodePort: 30080, name: 'http', appProtocol: 'http2' }],
  },
  'ingress ports come after the ports of the gateway': {
    settings: { ports: [], ingressPorts: [{ port: 9999, name: 'extra' }] },
    path: ['spec', 'ports'],
    want: [{ port: 9999, name: 'extra' }],
  },
  'the load balancer is restricted and keeps the source address': {
    settings: { loadBalancerSourceRanges: ['10.0.0.0/8'], externalTrafficPolicy: 'Local', loadBalancerIP: '1.2.3.4' },
    path: ['spec', 'externalTrafficPolicy'],
    want: 'Local',
  },
  'both address families': {
    settings: { ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv6', 'IPv4'] },
    path: ['spec', 'ipFamilies'],
    want: ['IPv6', 'IPv4'],
  },
  'annotations are text': {
    settings: { serviceAnnotations: { 'lb/internal': true } },
    path: ['metadata', 'annotations'],
    want: { 'lb/internal': 'true' },
  },
  'no annotations, no field': { settings: {}, path: ['metadata', 'annotations'], want: undefined },
};
test.each(Object.entries(SERVICE_FIELDS))('Service: %s', (_name, { settings, path, want }) => {
  expect(fieldOf(ingress(settings), 'Service', ...path)).toEqual(want);
});

test('a port that leaves its target open is listened on as it is, and 0 leaves it open', () => {
  const objects = ingress({ ports: [{ port: 5353, targetPort: 0, name: 'dns', protocol: 'UDP' }] });
  expect(containerOf(objects, 'Deployment', 'ports', '[0]')).toEqual({ containerPort: 5353, protocol: 'UDP' });
});

test('there is no Service where the user brings one', () => {
  expect(namesOf(ingress({ customService: true }))).not.toContain('Service istio-ingressgateway');
});

const BUDGETS: Record<string, { settings: JsonObject; enabled?: boolean; want: boolean }> = {
  'none for a gateway that may have one pod': { settings: { autoscaleMin: 1 }, want: false },
  'one for a gateway that scales between two and more': { settings: { autoscaleMin: 2 }, want: true },
  'one for two fixed replicas': { settings: { autoscaleEnabled: false, replicaCount: 2 }, want: true },
  'none where replicas are left open': { settings: { autoscaleEnabled: false }, want: false },
  'none where budgets are off': { settings: { autoscaleMin: 2 }, enabled: false, want: false },
};
test.each(Object.entries(BUDGETS))('PodDisruptionBudget: %s', (_name, { settings, enabled = true, want }) => {
  const objects = ingress(settings, { global: { defaultPodDisruptionBudget: { enabled } } });
  expect(namesOf(objects).includes('PodDisruptionBudget istio-ingressgateway')).toBe(want);
});

test.each([
  { autoscaleEnabled: false },
  { autoscaleMax: 0 },
  { autoscaleMin: 0 },
])('there is no autoscaler with %j', (settings) => {
  expect(namesOf(ingress(settings))).not.toContain('HorizontalPodAutoscaler istio-ingressgateway');
});

test('the autoscaler aims at the CPU use of the values', () => {
  const objects = ingress({ cpu: { targetAverageUtilization: 60 }, autoscaleMin: 2, autoscaleMax: 7 });
  expect(fieldOf(objects, 'HorizontalPodAutoscaler', 'spec')).toEqual({
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'istio-ingressgateway' },
    minReplicas: 2,
    maxReplicas: 7,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } }],
  });
});

test('a network policy opens health, metrics and the listeners, and is named after the revision', () => {
  const objects = ingress(
    { ports: [{ port: 80, targetPort: 8080, name: 'http' }] },
    { revision: 'canary', global: { networkPolicy: { enabled: true } } },
  );
  expect(fieldOf(objects, 'NetworkPolicy', 'metadata', 'name')).toBe('istio-ingressgateway-canary');
  const tcp = (...ports: number[]) => ({ ports: ports.map((port) => ({ protocol: 'TCP', port })) });
  expect(fieldOf(objects, 'NetworkPolicy', 'spec', 'ingress')).toEqual([tcp(15021), tcp(15020, 15090), tcp(8080)]);
  expect(fieldOf(objects, 'NetworkPolicy', 'spec', 'podSelector')).toEqual({
    matchLabels: { app: 'istio-ingressgateway', istio: 'ingressgateway' },
  });
});

test('pull secrets and annotations go to the service account', () => {
  const objects = ingress(
    { serviceAccount: { annotations: { iam: 'role' } } },
    { global: { imagePullSecrets: ['reg'] } },
  );
  expect(fieldOf(objects, 'ServiceAccount', 'imagePullSecrets')).toEqual([{ name: 'reg' }]);
  expect(fieldOf(objects, 'ServiceAccount', 'metadata', 'annotations')).toEqual({ iam: 'role' });
});

test('a key that would reach a prototype stays a plain key', () => {
  const labels = JSON.parse('{"constructor": "x", "toString": "y"}') as JsonObject;
  const selector = fieldOf(ingress({ labels }), 'Deployment', 'spec', 'selector', 'matchLabels') as JsonObject;
  expect(Object.entries(selector)).toEqual(expect.arrayContaining(Object.entries(labels)));
});

test('equal input gives equal objects, and the input is not edited', () => {
  const before = JSON.stringify(ingressGatewayDefaults);
  expect(JSON.stringify(ingress({ env: { A: 'b' } }))).toBe(JSON.stringify(ingress({ env: { A: 'b' } })));
  expect(JSON.stringify(ingressGatewayDefaults)).toBe(before);
});
