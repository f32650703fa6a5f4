import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { readinessOf } from '../../src/apply/readiness.ts';
import { fakeCluster } from '../support/fake-cluster.ts';
import { describeClusterContract } from './cluster-contract.ts';
import {
  aConfigMap,
  aDefinition,
  aDeployment,
  CONFIG_MAP,
  OURS,
  refTo,
  startWatch,
  testScope,
} from './contract-objects.ts';

const cluster = fakeCluster();

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 100; turn++) {
    if (await isTrue()) return;
    await setImmediate();
  }
  throw new Error('it did not come true');
}

describeClusterContract('the fake cluster', () => ({ cluster, until }));

test('failNext lets the next matching calls fail, and others not', async () => {
  const fake = fakeCluster();
  fake.failNext({ verb: 'apply', name: 'bad' }, 'ApiUnavailable', 2);
  const apply = (name: string) => fake.apply(aConfigMap('default', name, {}), OURS, testScope());
  await apply('good');
  for (let call = 0; call < 2; call++)
    await expect(apply('bad')).rejects.toMatchObject({ detail: { code: 'ApiUnavailable' } });
  await apply('bad');
});

test('requests are logged; writes are those that change something', async () => {
  const fake = fakeCluster();
  await fake.apply(aConfigMap('default', 'it', {}), { ...OURS, dryRun: true }, testScope());
  await fake.apply(aConfigMap('default', 'it', {}), OURS, testScope());
  await fake.get(refTo(CONFIG_MAP, 'default', 'it'), testScope());
  expect(fake.requests.map(({ verb }) => verb)).toEqual(['apply', 'apply', 'get']);
  expect(fake.writes.map(({ verb, kind, name }) => `${verb} ${kind} ${name}`)).toEqual(['apply ConfigMap it']);
  fake.clearRequests();
  expect(fake.requests).toEqual([]);
});

test('workloads and CRDs become ready by themselves, unless the test wants to decide', async () => {
  const deployment = aDeployment('istio-system', {});
  const ref = refTo(deployment, 'istio-system', 'it');
  const ready = fakeCluster();
  await ready.apply(deployment, OURS, testScope());
  const definition = aDefinition('Thing');
  await ready.apply(definition, OURS, testScope());
  expect(ready.peekAll('CustomResourceDefinition').map((object) => readinessOf(object).ready)).toEqual([true]);
  expect(ready.peekAll('Deployment').map((object) => readinessOf(object).ready)).toEqual([true]);

  const waiting = fakeCluster({ workloadsBecomeReady: false });
  await waiting.apply(deployment, OURS, testScope());
  expect(waiting.peekAll('Deployment').map((object) => readinessOf(object).ready)).toEqual([false]);
  waiting.setStatus(ref, { observedGeneration: 1, replicas: 0, updatedReplicas: 0 });
  expect(waiting.peekAll('Deployment').map((object) => readinessOf(object).ready)).toEqual([true]);
});

test('what somebody else edits is owned by them', async () => {
  const fake = fakeCluster();
  await fake.apply(aConfigMap('default', 'it', { a: '1' }), OURS, testScope());
  fake.edit(aConfigMap('default', 'it', { a: '2' }), 'kubectl-edit');
  const object = fake.peek(refTo(CONFIG_MAP, 'default', 'it'));
  expect(object).toMatchObject({ data: { a: '2' } });
  expect(object?.metadata.managedFields).toMatchObject([{ manager: 'kubectl-edit', operation: 'Update' }]);
});

test('broken watches report the error and list again', async () => {
  const fake = fakeCluster();
  await using watch = startWatch(fake, CONFIG_MAP, {});
  await setImmediate();
  fake.breakWatches();
  await setImmediate();
  expect(watch.seen).toEqual(['SYNC ', 'SYNC ']);
  expect(watch.errors).toBe(1);
  expect(fake.watchCount).toBe(1);
});
