import { expect, test } from '@jest/globals';
import type { KubernetesObject } from '../../../src/core/index.ts';
import type { FakeCluster } from '../../support/fake-cluster.ts';
import { aConfigMap, aMesh, aResource, operatorRef, refTo, type TestOperator, testOperator } from './test-operator.ts';

const OURS = 'ours/istio-operator-lock';
const THEIRS = 'theirs/istio-operator-lock';
const LEASE_SECONDS = 15;
const fake = { namespaces: ['istio-system', 'ours', 'theirs'] };

/** Somebody takes or renews a lease, as leader election does. */
function renew(cluster: FakeCluster, lock: string, holderIdentity = 'somebody'): void {
  const [namespace = '', name = ''] = lock.split('/');
  const metadata = { namespace, name, annotations: { renewed: String(cluster.requests.length + Math.random()) } };
  const spec = { holderIdentity, leaseDurationSeconds: LEASE_SECONDS };
  cluster.edit({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec } as never);
}

/** Time goes by, and the other operator stays alive. */
async function advance(operator: TestOperator, seconds: number): Promise<void> {
  for (let left = seconds; left > 0; left -= 5) {
    renew(operator.cluster, THEIRS);
    await operator.clock.advance(Math.min(5, left) * 1_000);
  }
}

/** A CR that the other operator has claimed; its lease is held by `holder`. */
async function claimedByOther(operator: TestOperator, holder = 'somebody'): Promise<void> {
  renew(operator.cluster, THEIRS, holder);
  const status = { status: 'HEALTHY', observedGeneration: 1, operator: THEIRS, inventory: [] };
  await operator.edit(aResource('mesh', { objects: aMesh() }, {}, status) as KubernetesObject);
}

test('E5: an operator puts its lock into the status of what it looks after', async () => {
  await using operator = await testOperator({ lock: OURS, fake });
  await operator.apply('mesh', { objects: aMesh() });
  expect(operator.status('mesh')).toMatchObject({ status: 'HEALTHY', operator: OURS });
});

test('E5: what another operator looks after is left alone for as long as that one renews its lease', async () => {
  await using operator = await testOperator({ lock: OURS, fake });
  await claimedByOther(operator);
  await advance(operator, 120);
  expect(operator.cluster.writes).toEqual([]);
  expect(operator.passes.map(({ report }) => report)).toEqual([
    { kind: 'skipped', reason: 'OtherOperator', message: expect.stringContaining(THEIRS) },
  ]);
  await operator.remove('mesh');
  await advance(operator, 20);
  expect(operator.cluster.writes).toEqual([]); // its deletion is theirs, too
});

test.each([
  { how: 'no longer renews its lock', giveUp: () => {} },
  { how: 'gives up its lock', giveUp: (cluster: FakeCluster) => renew(cluster, THEIRS, '') },
])('E5: when the other operator $how the CR is taken over, with what that one has on record by then', async (its) => {
  await using operator = await testOperator({ lock: OURS, fake });
  await claimedByOther(operator);
  await advance(operator, 20);
  const gone = aConfigMap('gone');
  await operator.edit(gone);
  const uid = operator.cluster.peek(refTo(gone))?.metadata.uid ?? '';
  const entry = { group: '', kind: 'ConfigMap', namespace: 'istio-system', name: 'gone' };
  operator.cluster.setStatus(operatorRef('mesh'), {
    inventory: [{ ...entry, apiVersion: 'v1', component: 'Pilot', uid, digest: 'x' }],
  });
  its.giveUp(operator.cluster);
  await operator.clock.advance((2 * LEASE_SECONDS + 1) * 1_000);
  expect(operator.status('mesh')).toMatchObject({ status: 'HEALTHY', operator: OURS });
  expect(operator.cluster.peek(refTo(gone))).toBeUndefined(); // it was theirs, and is not asked for
});

test.each([
  { what: 'nothing', objects: {} },
  { what: 'less', objects: { Pilot: [aConfigMap('istio')] } },
])('E2: a CR that comes over from another revision, and asks for $what, is taken with what is on record', async (next) => {
  await using ours = await testOperator({ revision: 'a' });
  await using theirs = await testOperator({ on: ours, revision: 'b' });
  await ours.apply('mesh', { objects: { Pilot: [aConfigMap('istio'), aConfigMap('old')] }, revision: 'b' });
  expect(theirs.status('mesh')).toMatchObject({ status: 'HEALTHY' });
  await ours.apply('mesh', { objects: next.objects, revision: 'a' });
  expect(ours.status('mesh')).toMatchObject({ status: 'HEALTHY' });
  expect(ours.cluster.peek(refTo(aConfigMap('old')))).toBeUndefined();
});

test('E5: a lock that was given up is free at once', async () => {
  await using operator = await testOperator({ lock: OURS, fake });
  await claimedByOther(operator, '');
  expect(operator.status('mesh')).toMatchObject({ operator: OURS });
});

test('E5: of two operators that see a new CR at the same time one gets it, and the other one writes nothing', async () => {
  await using first = await testOperator({ lock: OURS, fake });
  await using second = await testOperator({ lock: THEIRS, on: first });
  for (const lock of [OURS, THEIRS]) renew(first.cluster, lock);
  await first.apply('mesh', { objects: aMesh() });
  const { operator } = first.status('mesh');
  expect([OURS, THEIRS]).toContain(operator);
  const loser = operator === OURS ? second : first;
  expect(loser.passes.filter(({ report }) => report.kind === 'converging')).toEqual([]);
  const applied = first.cluster.writes.filter(({ verb, kind }) => verb === 'apply' && kind === 'ConfigMap');
  expect(applied).toHaveLength(1);
});

test('E5: a lease that cannot be read is taken to be held', async () => {
  await using operator = await testOperator({ lock: OURS, fake });
  operator.cluster.failNext({ verb: 'get', kind: 'Lease' }, 'Forbidden', 100);
  await claimedByOther(operator);
  await operator.clock.advance(300_000);
  expect(operator.cluster.writes).toEqual([]);
});
