import { expect, test } from '@jest/globals';
import type { Cluster } from '../../../src/apply/index.ts';
import type { FakeCluster } from '../../support/fake-cluster.ts';
import { aConfigMap, aDeployment, anObject, operatorRef, refTo, testOperator, withCalls } from './test-operator.ts';

/** A cluster whose applies of one object wait until they are let go or cancelled. */
function holding(name: string) {
  const released = Promise.withResolvers<void>();
  let waiting = 0;
  const through = (cluster: FakeCluster): Cluster =>
    withCalls(cluster, {
      apply: async (object, options, scope) => {
        if (object.metadata.name !== name) return await cluster.apply(object, options, scope);
        waiting++;
        const aborted = new Promise<never>((_resolve, reject) => {
          scope.signal.addEventListener('abort', () => reject(scope.signal.reason), { once: true });
        });
        await Promise.race([released.promise, aborted]);
        return await cluster.apply(object, options, scope);
      },
    });
  return { through, release: released.resolve, waiting: () => waiting };
}

/** A cluster that takes its time for the first list of one kind. */
function slowToList(slow: string) {
  const released = Promise.withResolvers<void>();
  const through = (cluster: FakeCluster): Cluster =>
    withCalls(cluster, {
      watch: async (kind, selection, handler, scope) => {
        scope.signal.addEventListener('abort', () => released.resolve(), { once: true });
        if (kind.kind === slow) await released.promise;
        await cluster.watch(kind, selection, handler, scope);
      },
    });
  return { through, release: released.resolve };
}

const names = (inventory: unknown) => (inventory as { name: string }[]).map(({ name }) => name).sort();

test('a newer generation ends the pass of the older one, and what that had sent stays on record', async () => {
  const slow = holding('slow');
  await using operator = await testOperator({ through: slow.through });
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('first'), aConfigMap('slow')] } });
  expect(slow.waiting()).toBe(1);
  expect(operator.cluster.peek(refTo(aConfigMap('first')))).toBeDefined();
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('second')] } });
  expect(operator.cluster.peek(refTo(aConfigMap('slow')))).toBeUndefined();
  expect(operator.cluster.peek(refTo(aConfigMap('second')))).toBeDefined();
  expect(operator.cluster.peek(refTo(aConfigMap('first')))).toBeUndefined(); // pruned: it was on record
  expect(operator.status('mesh')).toMatchObject({ status: 'HEALTHY', observedGeneration: 2 });
  expect(names(operator.status('mesh').inventory)).toEqual(['second']);
});

test('a spec that changes while the status of the old one is written is worked on, although the watch shows it later', async () => {
  const late: (() => void)[] = [];
  let isLate = false;
  const through = (fake: FakeCluster): Cluster =>
    withCalls(fake, {
      watch: (kind, selection, handler, scope) => {
        const onEvent: typeof handler.onEvent = (type, object) => {
          if (isLate && object.kind === 'IstioOperator') late.push(() => handler.onEvent(type, object));
          else handler.onEvent(type, object);
        };
        return fake.watch(kind, selection, { ...handler, onEvent }, scope);
      },
      patch: async (ref, patch, options, scope) => {
        const resource = fake.peek(operatorRef('mesh'));
        if (!isLate && resource?.metadata.generation === 2 && JSON.stringify(patch).includes('HEALTHY')) {
          isLate = true;
          fake.edit({ ...resource, spec: { objects: { Pilot: [aConfigMap('second')] } } } as never, 'user');
        }
        return await fake.patch(ref, patch, options, scope);
      },
    });
  await using operator = await testOperator({ through });
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('first')] } });
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('first')] }, note: 'nothing but the status changes' });
  expect(late).not.toEqual([]);
  for (const show of late) show();
  await operator.clock.settle();
  expect(operator.cluster.peek(refTo(aConfigMap('second')))).toBeDefined();
  expect(operator.status('mesh')).toMatchObject({ status: 'HEALTHY', observedGeneration: 3 });
});

test('a deletion ends the pass that is under way', async () => {
  const slow = holding('slow');
  await using operator = await testOperator({ through: slow.through });
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('first'), aConfigMap('slow')] } });
  await operator.remove('mesh');
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.cluster.peek(refTo(aConfigMap('first')))).toBeUndefined();
});

test.each([
  { slow: 'Deployment', what: 'what it installs' },
  { slow: 'Pod', what: 'who uses its revision' },
])('a newer generation ends the pass that waits to see $what', async ({ slow }) => {
  const { through, release } = slowToList(slow);
  await using operator = await testOperator({ through });
  const spec = (image: string) => ({ objects: { Pilot: [aDeployment('istiod', image)] }, revision: 'canary' });
  await operator.apply('mesh', spec('a'));
  await operator.apply('mesh', spec('b'));
  expect(operator.status('mesh')).toMatchObject({ status: 'RECONCILING', observedGeneration: 2 });
  release();
  await operator.clock.settle();
  expect(operator.status('mesh')).toMatchObject({ status: 'HEALTHY', observedGeneration: 2 });
  expect(JSON.stringify(operator.cluster.peek(refTo(aDeployment('istiod'))))).toContain('"image":"b"');
});

test('a deletion ends the pass that waits to see what is installed', async () => {
  await using operator = await testOperator({ through: slowToList('Deployment').through });
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio'), aDeployment('istiod')] } });
  expect(operator.status('mesh').status).toBe('RECONCILING');
  await operator.remove('mesh');
  expect(operator.resource('mesh')).toBeUndefined();
});

test('what is about to be created is on record before the first object is sent', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  const writes = operator.cluster.writes;
  const recorded = writes.findIndex(({ body }) => JSON.stringify(body ?? {}).includes('"inventory":[{'));
  const sent = writes.findIndex(({ kind }) => kind === 'ConfigMap');
  expect(recorded).toBeGreaterThanOrEqual(0);
  expect(recorded).toBeLessThan(sent);
});

/** An operator behind this is as good as killed after so many writes. */
function mortal(limit: number): (cluster: FakeCluster) => Cluster {
  let left = limit;
  const write = async <T>(send: () => Promise<T>): Promise<T> => {
    if (left-- > 0) return await send();
    return await Promise.reject(new Error('killed'));
  };
  return (fake) =>
    withCalls(fake, {
      apply: (...args) => write(() => fake.apply(...args)),
      patch: (...args) => write(() => fake.patch(...args)),
      delete: (...args) => write(() => fake.delete(...args)),
    });
}

/** Where the operator can be killed: after this many writes of the pass. */
const deaths = [1, 2, 3, 4, 5, 6, 7, 8, 9];

test.each(deaths)('a crash after write %i of an upgrade orphans nothing', async (limit) => {
  const before = { Pilot: [aConfigMap('a'), aConfigMap('b'), aDeployment('istiod')] };
  const after = { Pilot: [aConfigMap('c'), aConfigMap('d'), aDeployment('istiod', 'new')] };
  const first = await testOperator();
  await first.apply('mesh', { objects: before });
  await first[Symbol.asyncDispose]();
  const { cluster, clock } = first;

  const doomed = await testOperator({ on: { cluster, clock }, through: mortal(limit) });
  await doomed.apply('mesh', { objects: after });
  await doomed[Symbol.asyncDispose]();

  await using next = await testOperator({ on: { cluster, clock } });
  expect(next.status('mesh').status).toBe('HEALTHY');
  expect(
    cluster
      .peekAll('ConfigMap')
      .map(({ metadata }) => metadata.name)
      .sort(),
  ).toEqual(['c', 'd']);
  await next.remove('mesh');
  expect(cluster.peekAll('ConfigMap')).toEqual([]);
  expect(cluster.peekAll('Deployment')).toEqual([]);
});

test.each([
  { how: 'the operator is killed', restarts: true },
  { how: 'the pass is interrupted', restarts: false },
])('a change whose answer is lost because $how can be taken back', async ({ restarts }) => {
  const spec = (value: string) => ({ objects: { Pilot: [aConfigMap('mesh', { value })] } });
  const lost = Promise.withResolvers<never>();
  const through = (fake: FakeCluster): Cluster =>
    withCalls(fake, {
      apply: async (object, options, scope) => {
        const live = await fake.apply(object, options, scope);
        if (!JSON.stringify(object).includes('"b"')) return live;
        scope.signal.addEventListener('abort', () => lost.reject(scope.signal.reason), { once: true });
        return await lost.promise; // it has arrived, and nobody ever hears of that
      },
    });
  const first = await testOperator({ through });
  const { cluster, clock } = first;
  await first.apply('mesh', spec('a'));
  await first.apply('mesh', spec('b'));
  expect(cluster.peek(refTo(aConfigMap('mesh')))).toMatchObject({ data: { value: 'b' } });
  if (restarts) await first[Symbol.asyncDispose]();
  await first.apply('mesh', spec('a'));
  await using _second = restarts ? await testOperator({ on: { cluster, clock } }) : first;
  expect(cluster.peek(refTo(aConfigMap('mesh')))).toMatchObject({ data: { value: 'a' } });
});

test('D8, D11: an operator that starts on a converged cluster writes nothing', async () => {
  const first = await testOperator();
  const objects = {
    Pilot: [aConfigMap('istio'), aDeployment('istiod'), anObject('v1', 'Service', 'istiod', { spec: {} })],
  };
  await first.apply('mesh', { objects });
  await first[Symbol.asyncDispose]();
  const { cluster, clock } = first;
  for (let restart = 0; restart < 20; restart++) {
    cluster.clearRequests();
    await using next = await testOperator({ on: { cluster, clock } });
    await clock.advance(60_000);
    expect(next.cluster.writes).toEqual([]);
  }
});

test('D11: an operator that finds an inventory without times, as older ones wrote it, writes nothing', async () => {
  const first = await testOperator();
  await first.apply('mesh', { objects: { Pilot: [aConfigMap('istio'), aDeployment('istiod')] } });
  await first[Symbol.asyncDispose]();
  const { cluster, clock } = first;
  const inventory = first.status('mesh').inventory as readonly { readonly ownedFields: string }[];
  const older = inventory.map((entry) => ({ ...entry, ownedFields: entry.ownedFields.replace(/@.*/, '') }));
  expect(older).not.toEqual(inventory);
  cluster.setStatus(operatorRef('mesh'), { ...first.status('mesh'), inventory: older });
  cluster.clearRequests();
  await using next = await testOperator({ on: { cluster, clock } });
  await clock.advance(60_000);
  expect(next.cluster.writes).toEqual([]);
});

test('A8, B: a status that somebody wiped is made anew from the labels, and nothing is orphaned', async () => {
  const first = await testOperator();
  await first.apply('mesh', { objects: { Pilot: [aConfigMap('istio'), aConfigMap('old')] } });
  await first[Symbol.asyncDispose]();
  const { cluster, clock } = first;
  const { status: _status, ...live } = first.resource('mesh') ?? { apiVersion: '', kind: '', metadata: {} as never };
  cluster.remove({ ...refTo(live as never) });
  const { uid: _uid, ...metadata } = live.metadata;
  cluster.edit({ ...live, metadata } as never, 'user');
  cluster.setStatus(refTo(live as never), { status: null, inventory: null, conditions: null, componentStatus: null });
  await using next = await testOperator({ on: { cluster, clock } });
  await next.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  expect(cluster.peekAll('ConfigMap').map((one) => one.metadata.name)).toEqual(['istio']);
});

test.each([
  1, 2, 3, 4,
])('A8: a status that was wiped is made anew also by who comes after a crash, after write %i', async (limit) => {
  const first = await testOperator();
  await first.apply('mesh', { objects: { Pilot: [aConfigMap('istio'), aConfigMap('old')] } });
  await first[Symbol.asyncDispose]();
  const { cluster, clock } = first;
  cluster.setStatus(operatorRef('mesh'), { status: null, inventory: null, conditions: null, componentStatus: null });
  await first.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  const doomed = await testOperator({ on: { cluster, clock }, through: mortal(limit) });
  await doomed[Symbol.asyncDispose]();
  await using _next = await testOperator({ on: { cluster, clock } });
  expect(cluster.peekAll('ConfigMap').map((one) => one.metadata.name)).toEqual(['istio']);
});
