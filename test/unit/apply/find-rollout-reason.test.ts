import { expect, test } from '@jest/globals';
import type { LiveObject } from '../../../src/apply/index.ts';
import { findRolloutReason } from '../../../src/apply/index.ts';
import { type JsonObject, silentLogger } from '../../../src/core/index.ts';
import { type FakeCluster, fakeCluster } from '../../support/fake-cluster.ts';

const WORKLOAD = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'istio-system', name: 'istiod' };

const SELECTOR = {
  matchLabels: { app: 'istiod' },
  matchExpressions: [
    { key: 'tier', operator: 'In', values: ['a', 'b'] },
    { key: 'debug', operator: 'DoesNotExist' },
  ],
};

function aCluster(): FakeCluster {
  const cluster = fakeCluster({ workloadsBecomeReady: false });
  const { apiVersion, kind, ...metadata } = WORKLOAD;
  cluster.edit({ apiVersion, kind, metadata, spec: { replicas: 1, selector: SELECTOR } } as unknown as LiveObject);
  return cluster;
}

function addPod(cluster: FakeCluster, name: string, status: JsonObject, labels: Record<string, string> = {}) {
  const metadata = { name, namespace: 'istio-system', labels: { app: 'istiod', tier: 'a', ...labels } };
  return cluster.edit({ apiVersion: 'v1', kind: 'Pod', metadata, status } as unknown as LiveObject);
}

const find = (cluster: FakeCluster) =>
  findRolloutReason(WORKLOAD, cluster, { signal: new AbortController().signal, log: silentLogger });

const waiting = (reason: string, message = '') => ({
  phase: 'Pending',
  containerStatuses: [{ name: 'discovery', ready: false, state: { waiting: { reason, message } } }],
});

const running = { phase: 'Running', containerStatuses: [{ name: 'discovery', ready: true, state: { running: {} } }] };

test('only pods that the whole selector means are looked at, and never more than twenty', async () => {
  const cluster = aCluster();
  addPod(cluster, 'debugged', waiting('CreateContainerError', 'not ours'), { debug: 'yes' });
  addPod(cluster, 'other-tier', waiting('CreateContainerError', 'not ours'), { tier: 'c' });
  addPod(cluster, 'ours', waiting('CreateContainerError', 'ours'));
  cluster.clearRequests();
  expect(await find(cluster)).toBe('container discovery cannot start: ours');
  expect(cluster.requests.filter(({ verb }) => verb === 'list').map(({ options }) => options)).toEqual([
    {
      namespace: 'istio-system',
      labelSelector: 'app=istiod,tier in (a,b),!debug',
      fieldSelector: 'status.phase=Pending',
      limit: 20,
    },
  ]);
});

test('of hundreds of pods the one that does not start is found', async () => {
  const cluster = aCluster();
  for (let i = 100; i < 300; i++) addPod(cluster, `istiod-${i}`, running);
  addPod(cluster, 'istiod-999', waiting('CreateContainerError', 'this one'));
  expect(await find(cluster)).toBe('container discovery cannot start: this one');
});

test('where a pod says too little, what Kubernetes warned about it is read', async () => {
  const cluster = aCluster();
  const { uid } = addPod(cluster, 'istiod-1', waiting('ContainerCreating')).metadata;
  cluster.edit({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'mount', namespace: 'istio-system' },
    involvedObject: { uid },
    type: 'Warning',
    message: 'secret "cacerts" not found',
  } as unknown as LiveObject);
  expect(await find(cluster)).toBe('container discovery is being created: secret "cacerts" not found');
});

test('Secrets are never read, and nothing is written', async () => {
  const cluster = aCluster();
  addPod(cluster, 'istiod-1', waiting('ContainerCreating'));
  cluster.clearRequests();
  await find(cluster);
  expect(new Set(cluster.requests.map(({ kind }) => kind))).toEqual(new Set(['Deployment', 'Pod', 'Event']));
  expect(cluster.writes).toEqual([]);
});

test.each([
  'Deployment',
  'Pod',
  'Event',
])('without the right to read a %s there is no reason, and no failure', async (kind) => {
  const cluster = aCluster();
  addPod(cluster, 'istiod-1', waiting('ContainerCreating'));
  cluster.failNext({ kind }, 'Forbidden');
  expect(await find(cluster)).toBeUndefined();
});

test('a workload that is gone has no reason', async () => {
  expect(await find(fakeCluster())).toBeUndefined();
});
