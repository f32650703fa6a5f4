import { expect, test } from '@jest/globals';
import type { Deletion } from '../../../src/apply/index.ts';
import { eventsOf } from '../../../src/controller/telemetry/pass-events.ts';
import { OperatorError } from '../../../src/core/index.ts';
import {
  aConfigMap,
  aDefinition,
  aDeployment,
  aMesh,
  anObject,
  aResource,
  labelled,
  OUR_FINALIZER,
  operatorRef,
  refTo,
  testOperator,
  withCalls,
} from './test-operator.ts';

test('B1: in a namespace that is being deleted the CR goes, and with it the namespace', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh() });
  operator.cluster.remove({ apiVersion: 'v1', kind: 'Namespace', namespace: '', name: 'istio-system' });
  await operator.clock.advance(10_000);
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.cluster.peekAll('Namespace').map(({ metadata }) => metadata.name)).not.toContain('istio-system');
});

test('B2: with istiod down, a revisioned CR is deleted, and nothing is asked of pods', async () => {
  await using operator = await testOperator({ fake: { workloadsBecomeReady: false } });
  await operator.apply('canary', { objects: aMesh(), revision: 'canary' });
  operator.cluster.clearRequests();
  await operator.remove('canary');
  expect(operator.resource('canary')).toBeUndefined();
  expect(operator.cluster.peekAll('Deployment')).toEqual([]);
  expect(operator.cluster.requests.filter(({ kind }) => kind === 'Pod')).toEqual([]);
});

test('B4: everything that the CR installed goes before its finalizer does, retried until it is gone', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh() });
  operator.cluster.clearRequests();
  operator.cluster.failNext({ verb: 'delete', kind: 'Deployment' }, 'ApiError', 12);
  await operator.remove('mesh');
  expect(operator.resource('mesh')?.metadata.finalizers).toEqual([OUR_FINALIZER]);
  expect(operator.status('mesh')).toMatchObject({ status: 'ERROR', message: expect.stringContaining('injected') });
  await operator.clock.advance(60_000);
  expect(operator.resource('mesh')).toBeUndefined();
  for (const kind of ['Deployment', 'ConfigMap', 'Service', 'ServiceAccount']) {
    expect(operator.cluster.peekAll(kind)).toEqual([]);
  }
  const last = operator.cluster.writes.at(-1);
  expect(last).toMatchObject({ verb: 'patch', kind: 'IstioOperator', body: { metadata: { finalizers: [] } } });
});

test('B4: an object that takes its time keeps the CR until it is gone', async () => {
  await using operator = await testOperator();
  const slow = aConfigMap('slow');
  await operator.apply('mesh', { objects: { Pilot: [slow] } });
  const live = operator.cluster.peek(refTo(slow));
  await operator.edit({ ...live, metadata: { ...live?.metadata, finalizers: ['example.com/wait'] } } as never);
  await operator.remove('mesh');
  expect(operator.status('mesh')).toMatchObject({ status: 'RECONCILING', message: 'removing 1 object' });
  await operator.edit({ ...operator.cluster.peek(refTo(slow)), metadata: { ...live?.metadata } } as never);
  await operator.clock.advance(5_000);
  expect(operator.resource('mesh')).toBeUndefined();
});

test('B6: CRDs, the users’ objects of them, and namespaces survive the CR', async () => {
  await using operator = await testOperator();
  const gateway = anObject('v1', 'Service', 'gateway', { spec: {} });
  const inNewNamespace = { ...gateway, metadata: { name: 'gateway', namespace: 'gateways' } };
  await operator.apply('mesh', {
    objects: { Base: [aDefinition('virtualservices', 'VirtualService')], IngressGateways: [inNewNamespace] },
  });
  await operator.edit(anObject('networking.istio.io/v1', 'VirtualService', 'mine', { spec: { hosts: ['a'] } }));
  await operator.remove('mesh');
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.cluster.peekAll('VirtualService')).toHaveLength(1);
  expect(operator.cluster.peekAll('CustomResourceDefinition')).toHaveLength(1);
  expect(operator.cluster.peekAll('Namespace').map(({ metadata }) => metadata.name)).toContain('gateways');
  expect(operator.cluster.peekAll('Service')).toEqual([]);
});

/** CRs that cannot be worked on any more, all of which had installed something before. */
const hopeless: Record<string, Parameters<Awaited<ReturnType<typeof testOperator>>['apply']>> = {
  invalid: ['mesh', { fails: 'InvalidValue' }],
  'of an unknown profile': ['mesh', { fails: 'ProfileNotFound' }],
  paused: ['mesh', { objects: aMesh() }, { annotations: { 'install.istio.io/ignoreReconcile': 'true' } }],
  'of another revision': ['mesh', { objects: aMesh(), revision: 'other' }],
};

test.each(Object.entries(hopeless))('B7: a CR that is %s is deleted cleanly', async (_name, change) => {
  await using operator = await testOperator({ revision: 'default' });
  await operator.apply('mesh', { objects: aMesh(), revision: 'default' });
  expect(operator.status('mesh').status).toBe('HEALTHY');
  await operator.apply(...change);
  await operator.remove('mesh');
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.cluster.peekAll('Deployment')).toEqual([]);
});

test('B8: the finalizer of the classic operator is ours too: its CR is adopted and deleted with what it installed', async () => {
  await using operator = await testOperator();
  const owner = aResource('classic', {});
  const left = [labelled(aDeployment('istiod'), 'Pilot', owner), labelled(aConfigMap('istio'), 'Pilot', owner)];
  for (const object of left) await operator.edit(object, 'istio-operator');
  const finalizers = ['istio-finalizer.install.istio.io'];
  operator.cluster.edit(aResource('classic', { fails: 'UnknownField' }, { finalizers }, { status: 3 }), 'user');
  await operator.clock.settle();
  await operator.remove('classic');
  expect(operator.resource('classic')).toBeUndefined();
  for (const object of left) expect(operator.cluster.peek(refTo(object))).toBeUndefined();
});

test('a CR that was never worked on goes without any ado', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { fails: 'InvalidValue' });
  operator.cluster.clearRequests();
  await operator.remove('mesh');
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.sent).toEqual([]);
});

test('C3: a deletion that fails is one error; other CRs are reconciled all the same', async () => {
  await using operator = await testOperator({ maxConcurrentReconciles: 1 });
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('old')] } });
  operator.cluster.failNext({ verb: 'delete', name: 'old' }, 'ApiError', 1_000);
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('new')] } });
  expect(operator.status('mesh')).toMatchObject({ status: 'ERROR', componentStatus: { Pilot: { status: 'HEALTHY' } } });
  await operator.apply('other', { objects: { Pilot: [aConfigMap('other')] } });
  expect(operator.status('other').status).toBe('HEALTHY');
});

test('C3: a deletion that hangs for a minute holds up nobody else and ends in an error', async () => {
  let hanging = 0;
  await using operator = await testOperator({
    through: (cluster) =>
      withCalls(cluster, {
        delete: async (ref, options, scope): Promise<Deletion> => {
          if (ref.name !== 'old') return await cluster.delete(ref, options, scope);
          hanging++;
          const { promise, reject } = Promise.withResolvers<Deletion>();
          const giveUp = () => reject(new OperatorError('delete ConfigMap old: no answer', { code: 'ApiTimeout' }));
          using _timer = operator.clock.after(60_000, giveUp);
          scope.signal.addEventListener('abort', () => reject(scope.signal.reason), { once: true });
          return await promise;
        },
      }),
  });
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('old')] } });
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('new')] } });
  expect(hanging).toBe(1);
  await operator.apply('other', { objects: { Pilot: [aConfigMap('other')] } });
  expect(operator.status('other').status).toBe('HEALTHY');
  await operator.clock.advance(61_000);
  expect(operator.status('mesh')).toMatchObject({ status: 'ERROR', message: expect.stringContaining('no answer') });
});

test('a foreign object that has taken the name of ours since is not deleted', async () => {
  await using operator = await testOperator();
  const shared = aConfigMap('istio');
  await operator.apply('mesh', { objects: { Pilot: [shared] } });
  await operator.apply('mesh', { fails: 'InvalidValue' }); // nothing is repaired now
  operator.cluster.remove(refTo(shared));
  operator.cluster.edit(aConfigMap('istio', { theirs: 'yes' }), 'helm');
  await operator.remove('mesh');
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.cluster.peek(refTo(shared))).toMatchObject({ data: { theirs: 'yes' } });
});

test('B5: deleting one CR leaves the objects of another as they are, to the version', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh() });
  await operator.apply('extra', { objects: { IngressGateways: [aDeployment('extra-gateway')] } });
  const versions = () =>
    ['Deployment', 'ConfigMap', 'Service', 'ServiceAccount'].flatMap((kind) =>
      operator.cluster
        .peekAll(kind)
        .filter(({ metadata }) => metadata.name !== 'extra-gateway')
        .map(({ metadata }) => `${kind} ${metadata.name} ${metadata.resourceVersion}`),
    );
  const before = versions();
  await operator.remove('extra');
  expect(operator.cluster.peek(operatorRef('extra'))).toBeUndefined();
  expect(operator.cluster.peek(refTo(aDeployment('extra-gateway')))).toBeUndefined();
  expect(versions()).toEqual(before);
  expect(operator.status('mesh').status).toBe('HEALTHY');
});

test('a kind that can no longer be listed does not keep a CR from going', async () => {
  const first = await testOperator();
  await first.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  await first[Symbol.asyncDispose]();
  first.cluster.remove(operatorRef('mesh'));
  await using operator = await testOperator({
    on: first,
    through: (cluster) =>
      withCalls(cluster, {
        watch: async (kind, selection, handler, scope) => {
          if (kind.kind !== 'ConfigMap') return await cluster.watch(kind, selection, handler, scope);
          await new Promise<void>((resolve) => scope.signal.addEventListener('abort', () => resolve(), { once: true }));
        },
      }),
  });
  await operator.clock.advance(3_000);
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.cluster.peek(refTo(aConfigMap('istio')))).toBeUndefined();
});

test('the end of a deletion is told also when the CR is seen to be gone before the last write is answered', async () => {
  await using operator = await testOperator({
    through: (cluster) =>
      withCalls(cluster, {
        patch: async (ref, patch, options, scope) => {
          const patched = await cluster.patch(ref, patch, options, scope);
          await new Promise((resolve) => setImmediate(resolve));
          scope.signal.throwIfAborted();
          return patched;
        },
      }),
  });
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  await operator.clock.settle();
  await operator.remove('mesh');
  await operator.clock.settle();
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.passes.at(-1)?.report).toEqual({ kind: 'deleting', remaining: 0, issues: [] });
});

test('a deletion that the API server refuses as a conflict is not taken for another object of that name', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh() });
  operator.cluster.failNext({ verb: 'delete', kind: 'Deployment' }, 'WriteConflict');
  await operator.remove('mesh');
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.cluster.peekAll('Deployment')).toEqual([]);
});

test('what was made again before a crash could put it on record goes with the CR', async () => {
  await using operator = await testOperator();
  const object = labelled(aConfigMap('istio'), 'Pilot', aResource('mesh', {}));
  operator.cluster.edit(object, 'istio-operator');
  const inventory = [{ ...refTo(object), group: '', component: 'Pilot', uid: 'of-the-one-before', digest: 'any' }];
  operator.cluster.edit(aResource('mesh', {}, { finalizers: [OUR_FINALIZER] }, { inventory }), 'user');
  await operator.remove('mesh');
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.cluster.peekAll('ConfigMap')).toEqual([]);
});

const PURGE = { annotations: { 'install.istio.io/purge': 'true' } };

test.each([
  ['goes, where there is no such resource', 'istio-system', false],
  ['stays, where it may be that of another operator', 'elsewhere', true],
])('what was relabelled before a crash could put it on record %s', async (_what, namespace, stays) => {
  await using before = await testOperator();
  const object = aConfigMap('istio');
  await before.apply('mesh', { objects: { Pilot: [object] } });
  await before[Symbol.asyncDispose]();
  const inventory = [{ ...refTo(object), group: '', component: 'Pilot' }];
  before.cluster.edit(
    { ...before.resource('mesh'), status: { ...before.status('mesh'), inventory } } as never,
    'crash',
  );
  const owner = {
    'install.operator.istio.io/owning-resource': 'nobody',
    'install.operator.istio.io/owning-resource-namespace': namespace,
  };
  const live = before.cluster.peek(refTo(object));
  const labels = { ...live?.metadata.labels, ...owner };
  before.cluster.edit({ ...live, metadata: { ...live?.metadata, labels } } as never, 'kubectl-label');
  before.cluster.remove(operatorRef('mesh'));
  await using after = await testOperator({ on: before });
  expect(after.resource('mesh')).toBeUndefined();
  expect(after.cluster.peek(refTo(object)) !== undefined).toBe(stays);
});

test('B6: with the annotation the CRDs go too, with what there is of their kinds, and an Event says so', async () => {
  await using operator = await testOperator();
  const definition = aDefinition('virtualservices', 'VirtualService');
  await operator.apply('mesh', { objects: { Base: [definition], Pilot: [aConfigMap('istio')] } }, PURGE);
  expect(operator.condition('mesh', 'Warnings')).toMatchObject({ message: expect.stringContaining('CRDs') });
  await operator.edit(anObject('networking.istio.io/v1', 'VirtualService', 'mine', { spec: { hosts: ['a'] } }));
  await operator.remove('mesh');
  await operator.clock.advance(5_000);
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.cluster.peekAll('CustomResourceDefinition')).toEqual([]);
  expect(operator.cluster.peekAll('VirtualService')).toEqual([]);
  expect(operator.passes.flatMap(eventsOf)).toContainEqual(
    expect.objectContaining({ type: 'Warning', reason: 'Purging' }),
  );
});

test('B6: a purge leaves the CRDs that another CR holds, and a change that no longer asks for them', async () => {
  await using operator = await testOperator();
  const definition = aDefinition('virtualservices', 'VirtualService');
  await operator.apply('mesh', { objects: { Base: [definition], Pilot: [aConfigMap('istio')] } }, PURGE);
  await operator.apply('other', { objects: { Base: [definition] } }, PURGE);
  await operator.remove('mesh');
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.cluster.peekAll('CustomResourceDefinition')).toHaveLength(1);
  await operator.apply('other', { objects: { Pilot: [aConfigMap('other')] } }, PURGE);
  expect(operator.status('other').status).toBe('HEALTHY');
  expect(operator.cluster.peekAll('CustomResourceDefinition')).toHaveLength(1);
});

test('B1: an operator without a finalizer takes its own off, and a CR that is deleted leaves what it installed', async () => {
  const first = await testOperator();
  await first.apply('mesh', { objects: aMesh() });
  expect(first.resource('mesh')?.metadata.finalizers).toEqual([OUR_FINALIZER]);
  await first[Symbol.asyncDispose]();
  await using operator = await testOperator({ on: first, usesFinalizer: false });
  await operator.apply('new', { objects: { Pilot: [aConfigMap('new')] } });
  expect(operator.resource('mesh')?.metadata.finalizers ?? []).toEqual([]);
  expect(operator.resource('new')?.metadata.finalizers).toBeUndefined();
  await operator.remove('mesh');
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.cluster.peekAll('Deployment')).toHaveLength(2);
});

test('B4: an operator without a finalizer leaves it to the one of another revision to delete what that has installed', async () => {
  const theirs = await testOperator({ revision: 'b' });
  await theirs.apply('mesh', { objects: aMesh(), revision: 'b' });
  await theirs[Symbol.asyncDispose]();
  await using ours = await testOperator({ on: theirs, revision: 'a', usesFinalizer: false });
  await ours.remove('mesh');
  await ours.clock.advance(60_000);
  expect(ours.resource('mesh')?.metadata.finalizers).toEqual([OUR_FINALIZER]);
  await using _back = await testOperator({ on: theirs, revision: 'b' });
  expect(ours.resource('mesh')).toBeUndefined();
  expect(ours.cluster.peekAll('Deployment')).toEqual([]);
});

test('B1: a CR that already waits is let go by an operator without a finalizer', async () => {
  const first = await testOperator();
  await first.apply('mesh', { objects: aMesh() });
  await first[Symbol.asyncDispose]();
  first.cluster.remove(operatorRef('mesh'));
  await using operator = await testOperator({ on: first, usesFinalizer: false });
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.cluster.peekAll('Deployment')).toHaveLength(2);
});
