import { expect, test } from '@jest/globals';
import type { ComponentState, LiveObject } from '../../../src/apply/index.ts';
import { StuckRollouts } from '../../../src/controller/passes/stuck-rollouts.ts';
import { type JsonObject, type Scope, silentLogger } from '../../../src/core/index.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { fakeCluster } from '../../support/fake-cluster.ts';
import { aDeployment, testOperator } from './test-operator.ts';

const SCOPE: Scope = { signal: new AbortController().signal, log: silentLogger };

const ISTIOD = { group: 'apps', kind: 'Deployment', namespace: 'istio-system', name: 'istiod' };

const UNSCHEDULABLE = {
  phase: 'Pending',
  conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available' }],
};

function aState(phase: ComponentState['phase'], message = '0 of 1 replicas are available'): ComponentState {
  const health = phase === 'ready' ? { ready: true } : { ready: false, reason: 'Progressing', message };
  return { component: 'Pilot', phase, issues: [], waitingFor: [], objects: [{ id: ISTIOD, desired: 1, ...health }] };
}

function aWorld() {
  const clock = fakeClock();
  const cluster = fakeCluster({ workloadsBecomeReady: false });
  const selector = { matchLabels: { app: 'istiod' } };
  const labels = { app: 'istiod' };
  cluster.edit({ ...aDeployment('istiod'), spec: { replicas: 1, selector } } as unknown as LiveObject);
  const setPod = (status: JsonObject) => {
    const metadata = { name: 'istiod-1', namespace: 'istio-system', labels };
    cluster.edit({ apiVersion: 'v1', kind: 'Pod', metadata, status } as unknown as LiveObject);
  };
  setPod(UNSCHEDULABLE);
  cluster.clearRequests();
  const rollouts = new StuckRollouts();
  const explain = (state: ComponentState) => rollouts.explain([state], { cluster, clock }, SCOPE);
  return { clock, cluster, setPod, explain };
}

test('in the first three seconds nobody looks at pods', async () => {
  const { clock, cluster, explain } = aWorld();
  expect((await explain(aState('progressing'))).nextMs).toBe(3_000);
  await clock.advance(2_999);
  await explain(aState('progressing'));
  expect(cluster.requests).toEqual([]);
});

test('then the reason is found with a few requests, and kept until the next look', async () => {
  const { clock, cluster, explain } = aWorld();
  await explain(aState('progressing'));
  await clock.advance(3_000);
  const found = await explain(aState('progressing'));
  expect(found.stuck).toEqual([
    { component: 'Pilot', id: ISTIOD, why: 'no node takes the pod: 0/1 nodes are available' },
  ]);
  const message = '0 of 1 replicas are available: no node takes the pod: 0/1 nodes are available';
  expect(found.components[0]?.objects[0]?.message).toBe(message);
  expect(found.nextMs).toBe(5_000);
  expect(cluster.requests.map(({ verb, kind }) => `${verb} ${kind}`)).toEqual(['get Deployment', 'list Pod']);
  await clock.advance(4_999);
  expect((await explain(aState('progressing'))).components[0]?.objects[0]?.message).toBe(message);
  expect(cluster.requests).toHaveLength(2);
});

test('the longer it takes, the rarer the looks: fewer than 20 in five minutes, one a minute afterwards', async () => {
  const { clock, cluster, explain } = aWorld();
  const looks = async (untilMs: number) => {
    cluster.clearRequests();
    while (clock.monotonicMs() < untilMs) await clock.advance((await explain(aState('progressing'))).nextMs ?? 1_000);
    return cluster.requests.filter(({ verb }) => verb === 'get').length;
  };
  expect(await looks(300_000)).toBeLessThan(20);
  expect(await looks(900_000)).toBeLessThanOrEqual(11);
});

test('a workload that is ready again is forgotten, and a failed component is not looked at', async () => {
  const { clock, cluster, explain } = aWorld();
  await explain(aState('progressing'));
  await clock.advance(3_000);
  await explain(aState('progressing'));
  expect(await explain(aState('ready'))).toEqual({ components: [aState('ready')], stuck: [] });
  cluster.clearRequests();
  await explain(aState('failed'));
  await clock.advance(10_000);
  expect((await explain(aState('failed'))).stuck).toEqual([]);
  expect(cluster.requests).toEqual([]);
});

test('who may not look at pods goes on without a reason', async () => {
  const { clock, cluster, explain } = aWorld();
  cluster.failNext({ kind: 'Pod' }, 'Forbidden', 99);
  await explain(aState('progressing'));
  await clock.advance(3_000);
  expect((await explain(aState('progressing'))).components).toEqual([aState('progressing')]);
});

test('a reason that says what the workload says already is not said twice', async () => {
  const { clock, cluster, explain } = aWorld();
  const refusal = 'pods "istiod" is forbidden: exceeded quota';
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'istio-system', name: 'istiod' };
  cluster.setStatus(ref, { conditions: [{ type: 'ReplicaFailure', status: 'True', message: refusal }] });
  await explain(aState('progressing', refusal));
  await clock.advance(3_000);
  const { components } = await explain(aState('progressing', refusal));
  expect(components[0]?.objects[0]?.message).toBe(`pods cannot be created: ${refusal}`);
});

test('the operator says in status what the pods wait for, without a change that would wake it', async () => {
  await using operator = await testOperator({ fake: { workloadsBecomeReady: false } });
  const selector = { matchLabels: { app: 'istiod' } };
  const deployment = { ...aDeployment('istiod'), spec: { replicas: 1, selector } };
  operator.cluster.edit({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'istiod-1', namespace: 'istio-system', labels: selector.matchLabels },
    status: UNSCHEDULABLE,
  } as unknown as LiveObject);
  await operator.apply('mesh', { objects: { Pilot: [deployment] } });
  operator.cluster.setStatus(
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'istio-system', name: 'istiod' },
    { observedGeneration: 1, replicas: 1, updatedReplicas: 1 },
  );
  await operator.clock.advance(3_000);
  expect(operator.status('mesh').message).toContain('no node takes the pod: 0/1 nodes are available');
});
