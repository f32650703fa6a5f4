import { expect, test } from '@jest/globals';
import type { JsonObject, KubernetesObject } from '../../../src/core/index.ts';
import {
  aConfigMap,
  aDeployment,
  anObject,
  aResource,
  labelled,
  OUR_FINALIZER,
  refTo,
  type TestOperator,
  type TestOperatorOptions,
  testOperator,
} from './test-operator.ts';

const service = anObject('v1', 'Service', 'istiod', { spec: { type: 'ClusterIP' } });

/** Puts objects into the cluster as the classic operator left them: its labels, its manager, no inventory. */
async function classic(operator: TestOperator, objects: readonly KubernetesObject[]): Promise<void> {
  for (const object of objects) {
    const old = labelled(object, 'Pilot', aResource('mesh', {}));
    const labels = { ...old.metadata.labels, 'operator.istio.io/version': 'unknown', release: 'istio' };
    operator.cluster.edit({ ...old, metadata: { ...old.metadata, labels } }, 'istio-operator');
  }
  const finalizers = ['istio-finalizer.install.istio.io'];
  operator.cluster.edit(aResource('mesh', { objects: { Pilot: [...objects] } }, { finalizers }, { status: 3 }), 'user');
  await operator.clock.settle();
}

test('J1: what the classic operator installed is taken over in place: same UIDs, HEALTHY, all on record', async () => {
  await using operator = await testOperator();
  const objects = [aConfigMap('istio'), aDeployment('istiod'), service];
  for (const object of objects)
    operator.cluster.edit(labelled(object, 'Pilot', aResource('mesh', {})), 'istio-operator');
  const uids = () => objects.map((object) => operator.cluster.peek(refTo(object))?.metadata.uid);
  const generation = () => operator.cluster.peek(refTo(aDeployment('istiod')))?.metadata.generation;
  const before = { uids: uids(), generation: generation() };
  await classic(operator, objects);
  expect({ uids: uids(), generation: generation() }).toEqual(before); // no pod is restarted
  expect(operator.status('mesh').status).toBe('HEALTHY');
  expect(operator.status('mesh').inventory).toHaveLength(3);
});

test('J1: what carries traffic and is no longer asked for stays until exactly that list is confirmed', async () => {
  await using operator = await testOperator();
  const gateway = aDeployment('istio-egressgateway');
  await classicWithout(operator, [aConfigMap('istio'), gateway, aConfigMap('old')], [aConfigMap('istio')]);
  expect(operator.cluster.peek(refTo(gateway))).toBeDefined();
  expect(operator.cluster.peek(refTo(aConfigMap('old')))).toBeUndefined(); // nothing that carries traffic
  expect(operator.status('mesh').status).toBe('ERROR');
  const { reason, message } = operator.condition('mesh', 'Stalled') ?? {};
  expect(reason).toBe('ActionRequired');
  expect(message).toContain('Deployment istio-system/istio-egressgateway');
  const hash = /confirm-prune: "([0-9a-f]{12})"/.exec(String(message))?.[1] ?? '';

  const spec = { objects: { Pilot: [aConfigMap('istio')] } };
  await operator.apply('mesh', spec, { annotations: { 'install.istio.io/confirm-prune': 'another' } });
  expect(operator.cluster.peek(refTo(gateway))).toBeDefined();
  await operator.apply('mesh', spec, { annotations: { 'install.istio.io/confirm-prune': hash } });
  expect(operator.cluster.peek(refTo(gateway))).toBeUndefined();
  expect(operator.status('mesh').status).toBe('HEALTHY');
});

test('J1: a restart in between forgets neither what was adopted nor that it has to be confirmed', async () => {
  const first = await testOperator();
  const gateway = aDeployment('istio-egressgateway');
  await classicWithout(first, [aConfigMap('istio'), gateway], [aConfigMap('istio')]);
  await first[Symbol.asyncDispose]();
  await using next = await testOperator({ on: first });
  await next.clock.advance(60_000);
  expect(next.cluster.peek(refTo(gateway))).toBeDefined();
  expect(next.condition('mesh', 'Stalled')).toMatchObject({ reason: 'ActionRequired' });
});

test('J1: a CR of the classic operator can be deleted right away, and takes everything with it', async () => {
  await using operator = await testOperator();
  const objects = [aConfigMap('istio'), aDeployment('istiod'), service];
  await classic(operator, objects);
  await operator.remove('mesh');
  expect(operator.resource('mesh')).toBeUndefined();
  for (const object of objects) expect(operator.cluster.peek(refTo(object))).toBeUndefined();
});

const touched: Record<string, { metadata?: JsonObject; status?: JsonObject; options?: TestOperatorOptions }> = {
  'a status': { status: { status: 'HEALTHY' }, options: { usesFinalizer: false } },
  'the finalizer': { metadata: { finalizers: [OUR_FINALIZER] } },
};

test.each(
  Object.entries(touched),
)('J1: a CR with %s and no inventory that now renders nothing keeps sight of what was installed', async (_name, sign) => {
  const first = await testOperator(sign.options);
  await first[Symbol.asyncDispose]();
  const gateway = aDeployment('istio-ingressgateway');
  first.cluster.edit(labelled(gateway, 'IngressGateways', aResource('mesh', {})), 'istio-operator');
  first.cluster.edit(aResource('mesh', { objects: {} }, sign.metadata, sign.status), 'user');
  await using operator = await testOperator({ ...sign.options, on: first });
  expect(operator.status('mesh').inventory).toHaveLength(1);
  expect(operator.condition('mesh', 'Ready')).toMatchObject({ reason: 'ActionRequired' });
  if (sign.options?.usesFinalizer === false) return;
  await operator.remove('mesh');
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.cluster.peek(refTo(gateway))).toBeUndefined();
});

test('a new CR makes the operator look at the kinds that it installs, and at no others', async () => {
  await using operator = await testOperator();
  const spec = { objects: { Pilot: [aConfigMap('istio'), aDeployment('istiod')] } };
  operator.cluster.edit(aResource('mesh', spec, {}, { observedGeneration: -1 }), 'user');
  await operator.clock.settle();
  expect(operator.status('mesh').status).toBe('HEALTHY');
  const watched = operator.cluster.requests.filter(({ verb }) => verb === 'watch').map(({ kind }) => kind);
  expect(watched).toEqual(['IstioOperator', 'ConfigMap', 'Deployment']);
});

test('J2: an object of somebody else is left alone, and its manager is named', async () => {
  await using operator = await testOperator();
  operator.cluster.edit(aConfigMap('istio', { mesh: 'theirs' }), 'helm');
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  expect(operator.cluster.peek(refTo(aConfigMap('istio')))).toMatchObject({ data: { mesh: 'theirs' } });
  expect(operator.status('mesh').status).toBe('ERROR');
  expect(operator.condition('mesh', 'Ready')).toMatchObject({ reason: 'ActionRequired' });
  expect(operator.status('mesh').message).toMatch(/ConfigMap istio-system\/istio.*helm.*install\.istio\.io\/adopt/);
  await operator.remove('mesh');
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.cluster.peek(refTo(aConfigMap('istio')))).toMatchObject({ data: { mesh: 'theirs' } });
});

test('J2: the annotation adopt goes ahead, and afterwards no field that we set has two managers', async () => {
  await using operator = await testOperator();
  operator.cluster.edit(aConfigMap('istio', { mesh: 'theirs', extra: 'kept' }), 'helm');
  const spec = { objects: { Pilot: [aConfigMap('istio')] } };
  await operator.apply('mesh', spec);
  await operator.apply('mesh', spec, { annotations: { 'install.istio.io/adopt': 'true' } });
  const live = operator.cluster.peek(refTo(aConfigMap('istio')));
  expect(live).toMatchObject({ data: { mesh: 'a', extra: 'kept' } });
  expect(operator.status('mesh').status).toBe('HEALTHY');
  const owners = live?.metadata.managedFields?.filter(({ fieldsV1 }) => JSON.stringify(fieldsV1).includes('f:mesh'));
  expect(owners?.map(({ manager }) => manager)).toEqual(['istio-operator']);
});

test('an object of somebody else that holds nothing against ours is taken in without asking', async () => {
  await using operator = await testOperator();
  operator.cluster.edit(aConfigMap('istio', { other: 'x' }), 'helm');
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  expect(operator.cluster.peek(refTo(aConfigMap('istio')))).toMatchObject({ data: { mesh: 'a', other: 'x' } });
  expect(operator.status('mesh').status).toBe('HEALTHY');
});

/** A classic installation whose CR now asks for less. */
async function classicWithout(
  operator: TestOperator,
  installed: readonly KubernetesObject[],
  wanted: readonly KubernetesObject[],
): Promise<void> {
  for (const object of installed)
    operator.cluster.edit(labelled(object, 'Pilot', aResource('mesh', {})), 'istio-operator');
  const finalizers = ['istio-finalizer.install.istio.io'];
  operator.cluster.edit(aResource('mesh', { objects: { Pilot: wanted } }, { finalizers }, { status: 3 }), 'user');
  await operator.clock.settle();
}

test('an EndpointSlice to which the cluster copied the labels of our Service is not taken for ours', async () => {
  await using operator = await testOperator();
  const slice = anObject('discovery.k8s.io/v1', 'EndpointSlice', 'istiod-abc12', { addressType: 'IPv4' });
  const old = labelled(slice, 'Pilot', aResource('mesh', {}));
  const managedBy = { 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' };
  const labels = { ...old.metadata.labels, ...managedBy };
  operator.cluster.edit({ ...old, metadata: { ...old.metadata, labels } }, 'endpointslice-controller');
  await classic(operator, [service]);
  expect(operator.status('mesh').status).toBe('HEALTHY');
  expect(operator.status('mesh').inventory).toHaveLength(1);
  expect(operator.cluster.peek(refTo(slice))).toBeDefined();
});
