import { expect, test } from '@jest/globals';
import { isObject, type Json, type JsonObject } from '../../../src/core/index.ts';
import {
  aConfigMap,
  aDefinition,
  aDeployment,
  aMesh,
  anObject,
  fieldOf,
  refTo,
  type TestOperator,
  testOperator,
} from './test-operator.ts';

const dryRun = { annotations: { 'install.istio.io/dry-run': 'true' } };

function planOf(operator: TestOperator, name = 'mesh'): JsonObject {
  const { plan } = operator.status(name);
  return isObject(plan) ? plan : {};
}

/** The objects of the plan, without what only says where they belong. */
function objectsOf(operator: TestOperator): readonly Json[] {
  const { objects } = planOf(operator);
  return Array.isArray(objects) ? objects : [];
}

/** Everything but the CR, with its version. */
function versions(operator: TestOperator): readonly string[] {
  return ['ConfigMap', 'Deployment', 'Service', 'ServiceAccount', 'CustomResourceDefinition', 'Namespace'].flatMap(
    (kind) =>
      operator.cluster.peekAll(kind).map(({ metadata }) => `${kind} ${metadata.name} ${metadata.resourceVersion}`),
  );
}

test('G7: a dry run shows exactly the field that would change, and writes nothing but status', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh('a') });
  const before = versions(operator);
  operator.cluster.clearRequests();
  await operator.apply('mesh', { objects: aMesh('b') }, dryRun);
  expect(operator.sent).toEqual([]);
  expect(versions(operator)).toEqual(before);
  expect(planOf(operator)).toMatchObject({ create: 0, change: 2, delete: 0, blocked: 0, unchanged: 4 });
  const fields = [{ path: 'spec.template.spec.containers[name=main].image', before: 'a', after: 'b' }];
  expect(objectsOf(operator)).toEqual([
    {
      action: 'change',
      component: 'Pilot',
      group: 'apps',
      kind: 'Deployment',
      namespace: 'istio-system',
      name: 'istiod',
      fields,
    },
    expect.objectContaining({ component: 'IngressGateways', name: 'istio-ingressgateway', fields }),
  ]);
  const { message, ...planned } = operator.condition('mesh', 'Planned') ?? {};
  expect(planned).toMatchObject({ status: 'True', reason: 'ChangesPlanned', observedGeneration: 2 });
  expect(message).toContain(
    'change Deployment istio-system/istiod (spec.template.spec.containers[name=main].image from a to b)',
  );
});

test('G7: a dry run that removes an autoscaler shows what becomes of the replicas', async () => {
  await using operator = await testOperator();
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'gateway' };
  const autoscaler = anObject('autoscaling/v2', 'HorizontalPodAutoscaler', 'gateway', { spec: { scaleTargetRef } });
  await operator.apply('mesh', { objects: { IngressGateways: [aDeployment('gateway'), autoscaler] } });
  operator.cluster.scale(refTo(aDeployment('gateway')), 5, 'kube-controller-manager');
  await operator.apply('mesh', { objects: { IngressGateways: [aDeployment('gateway', 'a', 2)] } }, dryRun);
  expect(objectsOf(operator)).toEqual([
    expect.objectContaining({ action: 'change', fields: [{ path: 'spec.replicas', before: '5', after: '2' }] }),
    expect.objectContaining({ action: 'delete', kind: 'HorizontalPodAutoscaler' }),
  ]);
});

test('G7: during a dry run the status keeps its last word about the last generation, and taking the annotation off goes ahead', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh('a') });
  await operator.apply('mesh', { objects: aMesh('b') }, dryRun);
  expect(operator.status('mesh')).toMatchObject({ status: 'HEALTHY', observedGeneration: 1 });
  expect(operator.condition('mesh', 'Ready')).toMatchObject({ status: 'True', observedGeneration: 1 });
  await operator.apply('mesh', { objects: aMesh('b') }, { annotations: {} });
  expect(fieldOf(operator.cluster.peek(refTo(aDeployment('istiod'))), 'spec', 'template')).toMatchObject({
    spec: { containers: [{ image: 'b' }] },
  });
  expect(operator.status('mesh')).toMatchObject({ status: 'HEALTHY', observedGeneration: 2 });
  expect(operator.status('mesh').plan).toBeUndefined();
  expect(operator.condition('mesh', 'Planned')).toBeUndefined();
});

test('G7: a new resource in a dry run gets a plan and no finalizer, and can be deleted', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh() }, dryRun);
  expect(planOf(operator)).toMatchObject({ create: 6, change: 0 });
  expect(operator.resource('mesh')?.metadata.finalizers).toBeUndefined();
  expect(operator.status('mesh')).toMatchObject({ status: 'NONE' });
  expect(operator.status('mesh').inventory).toBeUndefined();
  await operator.remove('mesh');
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.sent).toEqual([]);
});

test('G7: what was installed before the dry run is removed with the resource', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } }, dryRun);
  await operator.remove('mesh');
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.cluster.peek(refTo(aConfigMap('istio')))).toBeUndefined();
});

test('G7: the plan follows the live objects, and says when there is nothing to do', async () => {
  await using operator = await testOperator();
  const map = aConfigMap('istio');
  await operator.apply('mesh', { objects: { Pilot: [map, aConfigMap('other')] } });
  await operator.apply('mesh', { objects: { Pilot: [map, aConfigMap('other')] } }, dryRun);
  const nothing = operator.condition('mesh', 'Planned');
  expect(nothing).toMatchObject({ status: 'True', reason: 'NothingToDo' });
  expect(nothing?.message).toContain('2 objects as they should be');
  await operator.edit({ ...(operator.cluster.peek(refTo(map)) ?? map), data: { mesh: 'mine' } } as typeof map);
  expect(operator.cluster.peek(refTo(map))).toMatchObject({ data: { mesh: 'mine' } });
  expect(objectsOf(operator)).toMatchObject([{ fields: [{ path: 'data.mesh', before: 'mine', after: 'a' }] }]);
  operator.cluster.remove(refTo(map));
  await operator.clock.settle();
  expect(objectsOf(operator)).toMatchObject([{ action: 'create', name: 'istio' }]);
});

test('G7: a change that no watch sees is in the plan within five minutes', async () => {
  await using operator = await testOperator();
  const theirs = { ...aConfigMap('istio', { mesh: 'theirs' }) };
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } }, dryRun);
  expect(planOf(operator)).toMatchObject({ create: 1 });
  await operator.edit(theirs, 'helm');
  await operator.clock.advance(300_000);
  expect(objectsOf(operator)).toMatchObject([
    { action: 'blocked', name: 'istio', note: expect.stringContaining('belongs to somebody else') },
  ]);
  expect(operator.condition('mesh', 'Planned')).toMatchObject({ reason: 'ChangesBlocked' });
});

test('G7: what is left over is in the plan, apart from what is never removed', async () => {
  await using operator = await testOperator();
  const definition = aDefinition('gateways', 'Gateway');
  await operator.apply('mesh', { objects: { Base: [definition], Pilot: [aConfigMap('old'), aConfigMap('mine')] } });
  const live = operator.cluster.peek(refTo(aConfigMap('mine')));
  const annotations = { 'install.istio.io/ignore': 'true' };
  await operator.edit({ ...live, metadata: { ...live?.metadata, annotations } } as never);
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('new')] } }, dryRun);
  expect(objectsOf(operator)).toMatchObject([
    { action: 'create', name: 'new' },
    { action: 'delete', name: 'old' },
  ]);
});

test('G7: a document that is wrong leaves what the status said, and the condition says what is wrong', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  await operator.apply('mesh', { fails: 'InvalidValue' }, dryRun);
  expect(operator.status('mesh')).toMatchObject({ status: 'HEALTHY', observedGeneration: 1 });
  expect(operator.condition('mesh', 'Planned')).toMatchObject({
    status: 'False',
    reason: 'InvalidValue',
    message: expect.stringContaining('spec.fails'),
  });
  expect(operator.status('mesh').plan).toBeUndefined();
});

test('G7: a call that fails is tried again, and the status keeps what it said', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  operator.cluster.failNext({ verb: 'get', name: 'istio' }, 'Forbidden');
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio', { mesh: 'b' })] } }, dryRun);
  expect(operator.status('mesh')).toMatchObject({ status: 'HEALTHY' });
  expect(operator.condition('mesh', 'Planned')).toMatchObject({ status: 'False', reason: 'Forbidden' });
  await operator.clock.advance(60_000);
  expect(operator.condition('mesh', 'Planned')).toMatchObject({ status: 'True', reason: 'ChangesPlanned' });
});

test('G7: a plan that does not change is written once', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh() }, dryRun);
  const version = operator.resource('mesh')?.metadata.resourceVersion;
  await operator.clock.advance(3_600_000);
  expect(operator.resource('mesh')?.metadata.resourceVersion).toBe(version);
});

test('G7: the plan of a large change is bounded, shows texts line by line, and no Secret', async () => {
  const lines = (last: string) => [...Array.from({ length: 50 }, (_unused, line) => `line ${line}`), last].join('\n');
  const fields = (value: string) =>
    Object.fromEntries(Array.from({ length: 200 }, (_unused, index) => [`key${index}`, value]));
  const objects = (value: string) => ({
    Pilot: [
      anObject('v1', 'Secret', 'token', { data: { token: value } }),
      aConfigMap('mesh', { mesh: lines(value) }),
      aConfigMap('wide', fields(value)),
      ...Array.from({ length: 80 }, (_unused, index) => aConfigMap(`map-${index}`, { a: value })),
    ],
  });
  const kinds = [{ apiVersion: 'v1', kind: 'Secret', namespaced: true }];
  await using large = await testOperator({ fake: { kinds } });
  await large.apply('mesh', { objects: objects('b2xk') });
  await large.apply('mesh', { objects: objects('bmV3') }, dryRun);
  expect(planOf(large)).toMatchObject({ change: 83, moreObjects: 33 });
  const shown = objectsOf(large) as readonly JsonObject[];
  const named = (name: string) => shown.find((object) => object.name === name);
  expect(JSON.stringify(named('token'))).not.toMatch(/b2xk|bmV3/);
  expect(named('mesh')?.fields).toEqual([{ path: 'data.mesh', diff: '  line 48\n  line 49\n- b2xk\n+ bmV3' }]);
  expect(named('wide')?.moreFields).toBe(102);
  expect(JSON.stringify(planOf(large)).length).toBeLessThan(20_000);
  expect(String(large.condition('mesh', 'Planned')?.message).length).toBeLessThanOrEqual(4_096);
});

test('G7: a resource that is paused has no plan', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh() }, dryRun);
  const annotations = { ...dryRun.annotations, 'install.istio.io/ignoreReconcile': 'true' };
  await operator.apply('mesh', { objects: aMesh() }, { annotations });
  expect(operator.status('mesh').plan).toBeUndefined();
  expect(operator.condition('mesh', 'Planned')).toBeUndefined();
  expect(operator.condition('mesh', 'Paused')).toMatchObject({ status: 'True' });
});

test('G7: a plan for what another resource holds with other content is a Conflict', async () => {
  await using operator = await testOperator();
  await operator.apply('first', { objects: { Pilot: [aConfigMap('istio', { mesh: 'a' })] } });
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio', { mesh: 'b' })] } }, dryRun);
  expect(operator.condition('mesh', 'Planned')).toMatchObject({ status: 'False', reason: 'Conflict' });
});

test('G7: a plan heeds how its resource is pruned', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio'), aConfigMap('old')] } });
  const planWith = async (prune: string) => {
    const annotations = { ...dryRun.annotations, 'install.istio.io/prune': prune };
    await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } }, { annotations });
    return objectsOf(operator);
  };
  expect(await planWith('auto')).toEqual([expect.not.objectContaining({ note: expect.anything() })]);
  expect(await planWith('report')).toMatchObject([
    { action: 'delete', note: expect.stringContaining('confirm-prune') },
  ]);
  expect(await planWith('off')).toEqual([]);
});

test('G7: a Deployment that cannot be changed in place is blocked, or made anew where that may be', async () => {
  await using operator = await testOperator();
  const istiod = (app: string) => {
    const plain = aDeployment('istiod') as ReturnType<typeof aDeployment> & { readonly spec: object };
    return { Pilot: [{ ...plain, spec: { ...plain.spec, selector: { matchLabels: { app } } } }] };
  };
  await operator.apply('mesh', { objects: istiod('old') });
  await operator.apply('mesh', { objects: istiod('new') }, dryRun);
  expect(objectsOf(operator)).toMatchObject([{ action: 'blocked', note: expect.stringContaining('immutable') }]);
  const recreate = { 'install.istio.io/recreate': 'Deployment/istio-system/istiod' };
  await operator.apply('mesh', { objects: istiod('new') }, { annotations: { ...dryRun.annotations, ...recreate } });
  expect(objectsOf(operator)).toMatchObject([{ action: 'change', note: expect.stringContaining('is made anew') }]);
});
