import { expect, test } from '@jest/globals';
import { type JsonObject, valueAt } from '../../src/core/index.ts';
import {
  anOperator,
  applyOperator,
  getOperator,
  startOperator,
  statusOf,
  until,
  untilStatus,
  useLab,
} from './operator-harness.ts';

const lab = await useLab();
await startOperator(lab);

const get = async (kind: string, name: string, namespace = 'istio-system') =>
  JSON.parse(await lab.kubectl('get', kind, name, '-n', namespace, '-o', 'json'));

/** A CR with nothing but one gateway, named like the CR. */
function gatewayOnly(name: string, k8s: JsonObject = {}, rest: JsonObject = {}) {
  return anOperator(name, {
    profile: 'empty',
    components: { ingressGateways: [{ name, enabled: true, k8s, ...rest }] },
  });
}

async function install(name: string, k8s: JsonObject = {}): Promise<void> {
  await applyOperator(lab, gatewayOnly(name, k8s));
  await untilStatus(lab, name, 'HEALTHY');
}

const patches = (kind: string, name: string, ...list: readonly JsonObject[]) => ({
  overlays: [{ kind, name, patches: list }],
});

async function failureOf(name: string, k8s: JsonObject): Promise<string> {
  await applyOperator(lab, gatewayOnly(name, k8s));
  return String(valueAt(statusOf(await untilStatus(lab, name, 'ERROR')), 'message'));
}

async function warningsOf(name: string): Promise<string> {
  const conditions = valueAt(statusOf(await getOperator(lab, name)), 'conditions') as {
    type: string;
    message: string;
  }[];
  return conditions.find(({ type }) => type === 'Warnings')?.message ?? '';
}

test('G1, G4: an overlay creates the maps and lists that its path lacks', async () => {
  await install('g1', {
    overlays: [
      {
        kind: 'Deployment',
        name: 'g1',
        patches: [
          { path: 'spec.template.spec.tolerations', value: [{ key: 'edge', operator: 'Exists' }] },
          { path: 'spec.template.spec.dnsConfig.nameservers', value: ['10.0.0.10'] },
        ],
      },
      {
        kind: 'ServiceAccount',
        name: 'g1-service-account',
        patches: [{ path: 'metadata.annotations.role', value: 'x' }],
      },
    ],
  });
  expect((await get('deployment', 'g1')).spec.template.spec).toMatchObject({
    tolerations: [{ key: 'edge', operator: 'Exists' }],
    dnsConfig: { nameservers: ['10.0.0.10'] },
  });
  expect((await get('serviceaccount', 'g1-service-account')).metadata.annotations).toMatchObject({ role: 'x' });
});

test('G2: an overlay deletes a map, and patches of one parent accumulate', async () => {
  const container = 'spec.template.spec.containers.[name:istio-proxy]';
  await install('g2', {
    overlays: [
      { kind: 'Deployment', name: 'g2', patches: [{ path: `${container}.readinessProbe` }] },
      { kind: 'Deployment', name: 'g2', patches: [{ path: 'metadata.annotations.a', value: '1' }] },
      { kind: 'Deployment', name: 'g2', patches: [{ path: 'metadata.annotations.b', value: '2' }] },
    ],
  });
  const deployment = await get('deployment', 'g2');
  expect(deployment.spec.template.spec.containers[0]).not.toHaveProperty('readinessProbe');
  expect(deployment.metadata.annotations).toMatchObject({ a: '1', b: '2' });
});

test('G2: a path that matches nothing is an error with what is there', async () => {
  const path = 'spec.template.spec.containers.[name:proxy].image';
  const message = await failureOf('g2-miss', patches('Deployment', 'g2-miss', { path, value: 'x' }));
  expect(message).toContain('spec.components.ingressGateways[0].k8s.overlays[0].patches[0]');
  expect(message).toContain('istio-proxy');
});

test('G3: a value of the wrong type is an error that names overlay and patch, and nothing is applied', async () => {
  const message = await failureOf('g3', patches('Deployment', 'g3', { path: 'spec.replicas', value: 'three' }));
  expect(message).toContain('spec.components.ingressGateways[0].k8s.overlays[0].patches[0]');
  expect(message).toMatch(/replicas/);
  await expect(get('deployment', 'g3')).rejects.toThrow(/not found/);
});

test('G4, G5: fields that other installers do not let through reach the object', async () => {
  await install('g5', {
    service: { type: 'LoadBalancer', loadBalancerClass: 'example.com/lb', trafficDistribution: 'PreferClose' },
  });
  expect((await get('service', 'g5')).spec).toMatchObject({
    loadBalancerClass: 'example.com/lb',
    trafficDistribution: 'PreferClose',
  });
});

test('G5: a field that we do not know is the API server’s to judge', async () => {
  const message = await failureOf('g5-newer', { service: { fieldOfTheFuture: 'x' } });
  expect(message).toMatch(/Service istio-system\/g5-newer.*fieldOfTheFuture/);
});

/** CR namespace, component namespace, istioNamespace and where the objects then are. */
const places = [
  ['istio-system', undefined, undefined, 'istio-system'],
  ['istio-system', 'edge', undefined, 'edge'],
  ['team', undefined, undefined, 'istio-system'],
  ['team', 'edge', undefined, 'edge'],
  ['team', undefined, 'mesh', 'mesh'],
  ['team', 'edge', 'mesh', 'edge'],
] as const;

test.each(
  places,
)('G6: CR in %s, component in %s, istioNamespace %s: objects in %s', async (own, component, istio, want) => {
  const name = ['g6', own, component ?? 'none', istio ?? 'none'].join('-');
  await lab.kubectl('create', 'namespace', own).catch(() => undefined); // it may be there
  const gateway = { name, enabled: true, ...(component && { namespace: component }) };
  const spec = {
    profile: 'empty',
    components: { ingressGateways: [gateway] },
    ...(istio && { values: { global: { istioNamespace: istio } } }),
  };
  await applyOperator(lab, anOperator(name, spec, own));
  await untilStatus(lab, name, 'HEALTHY', own);
  const found = await lab.kubectl('get', 'deployment', '-A', '--field-selector', `metadata.name=${name}`, '-o', 'json');
  expect(JSON.parse(found).items.map((item: { metadata: { namespace: string } }) => item.metadata.namespace)).toEqual([
    want,
  ]);
});

test('F5: a change of an immutable selector is an ERROR that names the field, and the old object keeps running', async () => {
  await install('f5');
  const before = await get('deployment', 'f5');
  const label = { path: 'spec.template.metadata.labels.edge', value: 'x' };
  const selector = { path: 'spec.selector.matchLabels.edge', value: 'x' };
  const message = await failureOf('f5', patches('Deployment', 'f5', label, selector));
  expect(message).toMatch(/Deployment istio-system\/f5/);
  expect(message).toMatch(/spec\.selector.*immutable/);
  expect((await get('deployment', 'f5')).metadata.uid).toBe(before.metadata.uid);
  await applyOperator(lab, gatewayOnly('f5'));
  await untilStatus(lab, 'f5', 'HEALTHY');
});

test('F5: with the annotation the Deployment is made anew, and at no moment there are fewer ready pods', async () => {
  const changes = {
    adds: [
      { path: 'spec.template.metadata.labels.edge', value: 'x' },
      { path: 'spec.selector.matchLabels.edge', value: 'x' },
    ],
    // the old pods have the new labels too, so that the new Deployment takes them on
    loosens: [{ path: 'spec.selector.matchLabels.istio' }],
  };
  for (const [name, list] of Object.entries(changes)) {
    const label = { app: name, istio: name }; // else the Deployments of other gateways would match its pods
    await applyOperator(lab, gatewayOnly(name, {}, { label }));
    await untilStatus(lab, name, 'HEALTHY');
    await lab.kubectl('scale', 'deployment', name, '--replicas=3', '-n', 'istio-system');
    await until('three pods', async () => (await readyPods(name)) === 3);
    await untilStatus(lab, name, 'HEALTHY');
    const before = await get('deployment', name);
    const counts = [await readyPods(name)];
    const watching = new AbortController();
    const samples = sampleReadyPods(name, counts, watching.signal);
    const changed = gatewayOnly(name, patches('Deployment', name, ...list), { label });
    const annotations = { 'install.istio.io/recreate': `Deployment/istio-system/${name}` };
    await applyOperator(lab, { ...changed, metadata: { ...changed.metadata, annotations } });
    await untilStatus(lab, name, 'HEALTHY');
    watching.abort();
    await samples;
    expect((await get('deployment', name)).metadata.uid).not.toBe(before.metadata.uid);
    expect({ name, fewest: Math.min(...counts), counts }).toMatchObject({ fewest: 3 });
    await until('the old pods to be gone', async () => (await readyPods(name)) === 3);
    expect(JSON.stringify(statusOf(await getOperator(lab, name)).inventory)).not.toContain('ReplicaSet');
  }
});

/** Ready pods of a gateway, old and new. */
async function readyPods(name: string): Promise<number> {
  const pods = await lab.client.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace: 'istio-system' }, lab.scope);
  const own = pods.filter(({ metadata }) => metadata.name.startsWith(`${name}-`));
  return own.filter(({ metadata, status }) => {
    const conditions = valueAt(status, 'conditions');
    const isReady =
      Array.isArray(conditions) && conditions.some((one) => one.type === 'Ready' && one.status === 'True');
    return isReady && metadata.deletionTimestamp === undefined;
  }).length;
}

async function sampleReadyPods(name: string, counts: number[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) counts.push(await readyPods(name));
}

test('F6: autoscaler metrics in the form of v2beta1 are applied as v2', async () => {
  await install('f6', {
    hpaSpec: {
      maxReplicas: 3,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', targetAverageUtilization: 60 } }],
    },
  });
  const autoscaler = await get('hpa', 'f6');
  expect(autoscaler.apiVersion).toBe('autoscaling/v2');
  expect(autoscaler.spec.metrics).toEqual([
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
  ]);
});

test('F6: a kind that the cluster does not serve is an error that names it', async () => {
  const overlay = { path: 'apiVersion', value: 'autoscaling/v2beta1' };
  const message = await failureOf('f6-old', {
    hpaSpec: { maxReplicas: 3 },
    ...patches('HorizontalPodAutoscaler', 'f6-old', overlay),
  });
  expect(message).toMatch(/HorizontalPodAutoscaler/);
  expect(message).toMatch(/autoscaling\/v2beta1/);
});

test('F7: a CR with retired fields is installed with a warning for each, and another CR is reconciled', async () => {
  const retired = { citadel: { enabled: true }, galley: { enabled: true }, telemetry: { enabled: true } };
  await applyOperator(lab, anOperator('f7', { profile: 'empty', tag: '1.5.1', components: retired }));
  await untilStatus(lab, 'f7', 'HEALTHY');
  const warnings = await warningsOf('f7');
  for (const field of ['citadel', 'galley', 'telemetry']) expect(warnings).toContain(`spec.components.${field}`);
  await install('f7-other');
});

test('D3: replicaCount next to an autoscaler is a warning, and the autoscaler decides', async () => {
  await install('d3', { replicaCount: 4, hpaSpec: { minReplicas: 2, maxReplicas: 5 } });
  expect(await warningsOf('d3')).toContain('replicaCount');
  const columns = await lab.kubectl(
    'get',
    'deployment',
    'd3',
    '-n',
    'istio-system',
    '--show-managed-fields',
    '-o',
    'json',
  );
  const ours = JSON.parse(columns).metadata.managedFields.find(
    ({ manager }: { manager: string }) => manager === 'istio-operator',
  );
  expect(ours.fieldsV1['f:spec']).not.toHaveProperty('f:replicas');
});

test('H2: what an admission plugin refuses is in status, with what it says', async () => {
  await lab.kubectl('create', 'quota', 'none', '--hard=count/deployments.apps=0', '-n', 'default');
  await applyOperator(lab, gatewayOnly('h2', {}, { namespace: 'default' }));
  const failed = await untilStatus(lab, 'h2', 'ERROR');
  expect(valueAt(statusOf(failed), 'message')).toMatch(/Deployment default\/h2.*exceeded quota: none/);
  await lab.kubectl('delete', 'quota', 'none', '-n', 'default');
  await untilStatus(lab, 'h2', 'HEALTHY'); // by itself
});
