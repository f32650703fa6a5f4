import { expect, test } from '@jest/globals';
import type { Cluster, LiveObject } from '../../../src/apply/index.ts';
import { fencedCluster } from '../../../src/controller/leadership/fenced-cluster.ts';
import {
  LeaderElection,
  type LeaderElectionOptions,
  lockName,
} from '../../../src/controller/leadership/leader-election.ts';
import { leaseRef } from '../../../src/controller/leadership/lease.ts';
import { isObject, type JsonObject, type Scope, silentLogger, valueAt } from '../../../src/core/index.ts';
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts';
import { type FakeCluster, fakeCluster } from '../../support/fake-cluster.ts';

const NAMESPACE = 'istio-operator';
const LEASE = leaseRef(NAMESPACE, 'istio-operator-lock');

interface World {
  readonly clock: FakeClock;
  readonly cluster: FakeCluster;
}

function aWorld(): World {
  return { clock: fakeClock(), cluster: fakeCluster({ namespaces: [NAMESPACE] }) };
}

/** A process that competes. Its requests can be made to hang, as if its network or the whole process stood still. */
function aCandidate(
  { clock, cluster }: World,
  identity: string,
  options: Partial<LeaderElectionOptions> & { readonly work?: (scope: Scope) => Promise<void> } = {},
) {
  const { work = untilEnd, ...tuning } = options;
  const stop = new AbortController();
  let isHanging = false;
  const hanging = hangs(cluster, () => isHanging);
  const election = new LeaderElection(
    { namespace: NAMESPACE, name: 'istio-operator-lock', identity, ...tuning },
    { cluster: hanging, clock },
  );
  const fenced = fencedCluster(hanging, { clock, isHeld: () => election.isHeld() });
  let works = 0;
  let scopeOfWork: Scope | undefined;
  const running = election.run(
    async (scope) => {
      works++;
      scopeOfWork = scope;
      await work(scope);
      works--;
    },
    { signal: stop.signal, log: silentLogger },
  );
  return {
    election,
    fenced,
    running,
    stop: () => stop.abort(new Error('SIGTERM')),
    isWorking: () => works > 0,
    workScope: () => scopeOfWork as Scope,
    hang: (on: boolean) => {
      isHanging = on;
    },
  };
}

function untilEnd({ signal }: Scope): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
}

function hangs(cluster: Cluster, isHanging: () => boolean): Cluster {
  const answer = async <T>(scope: Scope, call: () => Promise<T>): Promise<T> => {
    if (isHanging())
      await new Promise((_, reject) => scope.signal.addEventListener('abort', () => reject(scope.signal.reason)));
    return await call();
  };
  return {
    facts: (scope) => cluster.facts(scope),
    may: (right, scope) => cluster.may(right, scope),
    serves: (kind, scope) => cluster.serves(kind, scope),
    list: (kind, selection, scope) => cluster.list(kind, selection, scope),
    watch: (kind, selection, handler, scope) =>
      cluster.watch(kind, selection, isHanging() ? { onSync: () => {}, onEvent: () => {} } : handler, scope),
    get: (ref, scope) => answer(scope, () => cluster.get(ref, scope)),
    apply: (object, opts, scope) => answer(scope, () => cluster.apply(object, opts, scope)),
    create: (object, opts, scope) => answer(scope, () => cluster.create(object, opts, scope)),
    replace: (object, opts, scope) => answer(scope, () => cluster.replace(object, opts, scope)),
    patch: (ref, patch, opts, scope) => answer(scope, () => cluster.patch(ref, patch, opts, scope)),
    delete: (ref, opts, scope) => answer(scope, () => cluster.delete(ref, opts, scope)),
  };
}

function leaseSpec({ cluster }: World): JsonObject {
  const spec = cluster.peek(LEASE)?.spec;
  return isObject(spec) ? spec : {};
}

const aConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'it', namespace: NAMESPACE } };
const OURS = { fieldManager: 'istio-operator', force: true };

test('the lock has the name that upstream gave it, one for each revision', () => {
  expect([undefined, '', 'canary'].map(lockName)).toEqual([
    'istio-operator-lock',
    'istio-operator-lock',
    'istio-operator-lock-canary',
  ]);
});

test('the first one takes the lease, as the API wants it', async () => {
  const world = aWorld();
  const first = aCandidate(world, 'first');
  await world.clock.settle();
  expect(first.isWorking()).toBe(true);
  expect(leaseSpec(world)).toEqual({
    holderIdentity: 'first',
    leaseDurationSeconds: 15,
    leaseTransitions: 0,
    acquireTime: '2026-01-01T00:00:00.000000Z',
    renewTime: '2026-01-01T00:00:00.000000Z',
  });
  first.stop();
  await first.running;
});

test('a leader renews every two seconds with one request, and keeps the time when it began', async () => {
  const world = aWorld();
  const first = aCandidate(world, 'first');
  await world.clock.settle();
  world.cluster.clearRequests();
  await world.clock.advance(20_000);
  expect(first.isWorking()).toBe(true);
  expect(world.cluster.requests.map(({ verb }) => verb)).toEqual(new Array(10).fill('replace'));
  expect(leaseSpec(world)).toMatchObject({
    acquireTime: '2026-01-01T00:00:00.000000Z',
    renewTime: '2026-01-01T00:00:20.000000Z',
    leaseTransitions: 0,
  });
  first.stop();
  await first.running;
});

test('a follower does nothing while the leader renews, and hardly asks', async () => {
  const world = aWorld();
  const first = aCandidate(world, 'first');
  await world.clock.settle();
  const second = aCandidate(world, 'second');
  await world.clock.advance(60_000);
  expect([first.isWorking(), second.isWorking()]).toEqual([true, false]);
  expect(world.cluster.requests.filter(({ verb }) => verb === 'get').length).toBeLessThan(8);
  for (const candidate of [first, second]) candidate.stop();
  await Promise.all([first.running, second.running]);
});

test('a leader that is told to end hands over at once', async () => {
  const world = aWorld();
  const first = aCandidate(world, 'first');
  await world.clock.settle();
  const second = aCandidate(world, 'second');
  await world.clock.advance(5_000);
  first.stop();
  await first.running;
  await world.clock.settle();
  expect(second.isWorking()).toBe(true);
  expect(leaseSpec(world)).toMatchObject({ holderIdentity: 'second', leaseTransitions: 1 });
  second.stop();
  await second.running;
});

test('the lease is given up only after the last write under way has had its answer', async () => {
  const world = aWorld();
  const answer = Promise.withResolvers<void>();
  const order: string[] = [];
  const slow: Cluster = {
    ...world.cluster,
    apply: async (object) => {
      await answer.promise;
      order.push('answered');
      return object as unknown as LiveObject;
    },
  };
  let isHeld = () => false;
  const fenced = fencedCluster(slow, { clock: world.clock, isHeld: () => isHeld() });
  const first = aCandidate(world, 'first', {
    work: async (scope) => {
      await fenced.apply(aConfigMap, OURS, scope);
      order.push('work ended');
    },
  });
  isHeld = () => first.election.isHeld();
  await world.clock.settle();
  first.stop();
  await world.clock.advance(500);
  expect(leaseSpec(world)).toMatchObject({ holderIdentity: 'first' });
  answer.resolve();
  await first.running;
  expect(order).toEqual(['answered', 'work ended']);
  expect(leaseSpec(world)).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
});

test('a write that gets no answer holds the end up for one second, no longer', async () => {
  const world = aWorld();
  const first = aCandidate(world, 'first', {
    work: async (scope) => {
      first.hang(true);
      await first.fenced.apply(aConfigMap, OURS, scope).catch(() => first.hang(false));
    },
  });
  await world.clock.settle();
  first.stop();
  await world.clock.advance(999);
  expect(leaseSpec(world)).toMatchObject({ holderIdentity: 'first' });
  await world.clock.advance(1);
  await first.running;
  expect(leaseSpec(world)).toMatchObject({ holderIdentity: '' });
});

test('a leader that cannot reach the cluster stops by itself before another one takes over', async () => {
  const world = aWorld();
  const first = aCandidate(world, 'first');
  await world.clock.settle();
  const second = aCandidate(world, 'second');
  await world.clock.advance(1_000);
  first.hang(true);
  await world.clock.advance(8_999);
  expect([first.isWorking(), second.isWorking()]).toEqual([true, false]);
  await world.clock.advance(2);
  expect([first.isWorking(), second.isWorking()]).toEqual([false, false]);
  await world.clock.advance(5_000);
  expect([first.isWorking(), second.isWorking()]).toEqual([false, true]);
  first.hang(false);
  await world.clock.advance(30_000);
  expect([first.isWorking(), second.isWorking()]).toEqual([false, true]);
  for (const candidate of [first, second]) candidate.stop();
  await Promise.all([first.running, second.running]);
});

test('a process that stood still past its deadline writes nothing, even before a timer of its own fires', async () => {
  const world = aWorld();
  let pausedMs = 0;
  const clock = { ...world.clock, monotonicMs: () => world.clock.monotonicMs() + pausedMs };
  const first = aCandidate({ ...world, clock }, 'first');
  await world.clock.settle();
  const scope = first.workScope();
  await first.fenced.apply(aConfigMap, OURS, scope);
  world.cluster.clearRequests();
  pausedMs = 10_000;
  expect(scope.signal.aborted).toBe(false);
  await expect(first.fenced.apply(aConfigMap, OURS, scope)).rejects.toMatchObject({ detail: { code: 'LeaseLost' } });
  expect(scope.signal.aborted).toBe(true);
  expect(world.cluster.writes.filter(({ kind }) => kind !== 'Lease')).toEqual([]);
  first.stop();
  await first.running;
});

test('I2: the cluster is away for a minute: no work meanwhile, and the same leader goes on afterwards', async () => {
  const world = aWorld();
  const first = aCandidate(world, 'first');
  await world.clock.settle();
  first.hang(true);
  await world.clock.advance(60_000);
  expect(first.isWorking()).toBe(false);
  const write = first.fenced.apply(aConfigMap, OURS, first.workScope());
  await expect(write).rejects.toMatchObject({ detail: { code: 'LeaseLost' } });
  first.hang(false);
  await world.clock.advance(7_000);
  expect(first.isWorking()).toBe(true);
  expect(leaseSpec(world)).toMatchObject({ holderIdentity: 'first', leaseTransitions: 0 });
  first.stop();
  await first.running;
});

test('somebody else who takes the lease ends the work with the next renewal', async () => {
  const world = aWorld();
  const first = aCandidate(world, 'first');
  await world.clock.settle();
  const lease = world.cluster.peek(LEASE) as LiveObject;
  world.cluster.edit({ ...lease, spec: { holderIdentity: 'thief', leaseDurationSeconds: 15 } } as LiveObject);
  await world.clock.advance(4_000);
  expect(first.isWorking()).toBe(false);
  expect(leaseSpec(world)).toMatchObject({ holderIdentity: 'thief' });
  first.stop();
  await first.running;
  expect(leaseSpec(world)).toMatchObject({ holderIdentity: 'thief' });
});

test('of two that find the lease free at the same time one works', async () => {
  const world = aWorld();
  const candidates = ['a', 'b', 'c'].map((identity) => aCandidate(world, identity));
  await world.clock.advance(3_000);
  expect(candidates.filter((candidate) => candidate.isWorking())).toHaveLength(1);
  for (const candidate of candidates) candidate.stop();
  await Promise.all(candidates.map(({ running }) => running));
});

test('clocks that disagree do not matter: a lease whose times are long past is still respected', async () => {
  const world = aWorld();
  const spec = {
    holderIdentity: 'other',
    leaseDurationSeconds: 15,
    renewTime: '2001-01-01T00:00:00.000000Z',
    acquireTime: '2001-01-01T00:00:00.000000Z',
  };
  world.cluster.edit({ ...LEASE, metadata: { namespace: NAMESPACE, name: LEASE.name }, spec } as unknown as LiveObject);
  const first = aCandidate(world, 'first');
  await world.clock.advance(14_999);
  expect(first.isWorking()).toBe(false);
  await world.clock.advance(1);
  expect(first.isWorking()).toBe(true);
  first.stop();
  await first.running;
});

test('without the right to leases it goes on trying, and gets there when the right is granted', async () => {
  const world = aWorld();
  world.cluster.failNext({ kind: 'Lease' }, 'Forbidden', 3);
  const first = aCandidate(world, 'first');
  await world.clock.advance(3_999);
  expect(first.isWorking()).toBe(false);
  await world.clock.advance(1);
  expect(first.isWorking()).toBe(true);
  first.stop();
  await first.running;
});

test('a bug in the work is not swallowed, and the lease is given up', async () => {
  const world = aWorld();
  const first = aCandidate(world, 'first', { work: () => Promise.reject(new TypeError('bug')) });
  await expect(first.running).rejects.toThrow('bug');
  expect(valueAt(leaseSpec(world), 'holderIdentity')).toBe('');
});

test('told to end while it follows, it leaves the lease of the other one alone', async () => {
  const world = aWorld();
  const first = aCandidate(world, 'first');
  await world.clock.settle();
  const second = aCandidate(world, 'second');
  await world.clock.settle();
  second.stop();
  await second.running;
  expect(leaseSpec(world)).toMatchObject({ holderIdentity: 'first' });
  expect(first.isWorking()).toBe(true);
  first.stop();
  await first.running;
});
