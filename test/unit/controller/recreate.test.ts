import { expect, test } from '@jest/globals';
import { eventsOf } from '../../../src/controller/telemetry/pass-events.ts';
import { type JsonObject, type KubernetesObject, OperatorError } from '../../../src/core/index.ts';
import { aDeployment, fieldOf, refTo, type TestOperator, testOperator, withCalls } from './test-operator.ts';

const RECREATE = { annotations: { 'install.istio.io/recreate': 'Deployment/istio-system/istiod' } };

/** istiod with this selector. */
function istiod(app: string, replicas?: number, matchLabels: JsonObject = { app }): KubernetesObject {
  const plain = aDeployment('istiod', 'a', replicas) as KubernetesObject & { readonly spec: object };
  return { ...plain, spec: { ...plain.spec, selector: { matchLabels } } } as KubernetesObject;
}

/** What the controller of Deployments would make for the one that is there now. */
function replicaSet(operator: TestOperator, replicas: number): KubernetesObject {
  const owner = operator.cluster.peek(refTo(istiod('old')))?.metadata.uid;
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'istiod', uid: owner, controller: true }];
  const metadata = {
    name: 'istiod-abc',
    namespace: 'istio-system',
    labels: { app: 'old', tier: 'plane' },
    ownerReferences,
  };
  return { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata, spec: { replicas } } as KubernetesObject;
}

/** An operator with istiod installed, and its ReplicaSet. */
async function installed(options: Parameters<typeof testOperator>[0] = {}, replicas?: number): Promise<TestOperator> {
  const operator = await testOperator(options);
  await operator.apply('mesh', { objects: { Pilot: [istiod('old', replicas)] } });
  operator.cluster.edit(replicaSet(operator, 3));
  operator.cluster.clearRequests();
  return operator;
}

const OLD = refTo(replicaSet({ cluster: { peek: () => undefined } } as unknown as TestOperator, 1));
const ISTIOD = refTo(istiod('old'));

/** The controllers' part: orphaned ReplicaSets lose their owner. */
function orphan({ cluster }: TestOperator): void {
  const live = cluster.peek(OLD);
  const metadata = { name: OLD.name, namespace: OLD.namespace, labels: live?.metadata.labels };
  cluster.edit({ ...live, metadata } as KubernetesObject, 'kube-controller-manager');
}

test('F5: a selector that changes is an error that names field and annotation, and nothing is touched', async () => {
  await using operator = await installed();
  const before = operator.cluster.peek(ISTIOD)?.metadata.uid;
  await operator.apply('mesh', { objects: { Pilot: [istiod('new')] } });
  const { status, message } = operator.status('mesh');
  expect(status).toBe('ERROR');
  expect(message).toMatch(
    /spec\.selector.*immutable.*install\.istio\.io\/recreate: "Deployment\/istio-system\/istiod"/,
  );
  expect(operator.condition('mesh', 'Ready')?.reason).toBe('ImmutableField');
  expect(operator.cluster.peek(ISTIOD)?.metadata.uid).toBe(before);
  expect(operator.sent.filter((line) => line.startsWith('delete'))).toEqual([]);
});

test('F5: with the annotation the Deployment is made anew, and the old ReplicaSet goes when the new one is ready', async () => {
  await using operator = await installed({ fake: { workloadsBecomeReady: false } });
  const before = operator.cluster.peek(ISTIOD)?.metadata.uid;
  await operator.apply('mesh', { objects: { Pilot: [istiod('new')] } }, RECREATE);
  const [deletion] = operator.cluster.writes.filter(({ verb }) => verb === 'delete');
  expect(deletion).toMatchObject({ kind: 'Deployment', options: { propagation: 'Orphan', uid: before } });
  orphan(operator);
  await operator.clock.settle();
  expect(fieldOf(operator.cluster.peek(ISTIOD), 'spec', 'selector', 'matchLabels')).toEqual({ app: 'new' });
  expect(operator.status('mesh').status).toBe('RECONCILING');
  expect(operator.cluster.peek(OLD)).toBeDefined(); // the new one is not ready
  const counts = { replicas: 3, readyReplicas: 3, updatedReplicas: 3, availableReplicas: 3 };
  operator.cluster.setStatus(ISTIOD, { observedGeneration: 1, ...counts });
  await operator.clock.settle();
  expect(operator.status('mesh').status).toBe('HEALTHY');
  expect(operator.cluster.peek(OLD)).toBeUndefined();
  expect(operator.cluster.peek(ISTIOD)?.metadata.uid).not.toBe(before);
  expect(operator.passes.flatMap(eventsOf).map(({ reason }) => reason)).toContain('Recreating');
});

test('F5: what is about to be orphaned is on record before the Deployment goes', async () => {
  await using operator = await installed();
  await operator.apply('mesh', { objects: { Pilot: [istiod('new')] } }, RECREATE);
  const sent = operator.cluster.writes;
  const recorded = sent.findIndex(({ kind, body }) => {
    return kind === 'IstioOperator' && JSON.stringify(body).includes('"orphanOf":"istiod"');
  });
  expect(recorded).toBeGreaterThanOrEqual(0);
  expect(recorded).toBeLessThan(sent.findIndex(({ verb, kind }) => verb === 'delete' && kind === 'Deployment'));
});

test('F5: an operator that ends between the steps loses nothing: the next one makes the Deployment and removes the orphans', async () => {
  const first = await installed({
    through: (cluster) =>
      withCalls(cluster, {
        apply: async (object, options, scope) => {
          const isGone = object.metadata.name === 'istiod' && cluster.requests.some(({ verb }) => verb === 'delete');
          if (isGone) throw new OperatorError('the process has ended', { code: 'ApiUnavailable' });
          return await cluster.apply(object, options, scope);
        },
      }),
  });
  await first.apply('mesh', { objects: { Pilot: [istiod('new')] } }, RECREATE);
  await first[Symbol.asyncDispose]();
  orphan(first);
  expect(first.cluster.peek(ISTIOD)).toBeUndefined();
  await using operator = await testOperator({ on: first });
  expect(operator.status('mesh').status).toBe('HEALTHY');
  expect(operator.cluster.peek(ISTIOD)).toBeDefined();
  expect(operator.cluster.peek(OLD)).toBeUndefined();
});

test('F5: a Deployment that an autoscaler scales comes back with as many pods as its orphans run', async () => {
  await using operator = await installed({ fake: { workloadsBecomeReady: false } });
  await operator.apply('mesh', { objects: { Pilot: [istiod('new')] } }, RECREATE);
  expect(fieldOf(operator.cluster.peek(ISTIOD), 'spec', 'replicas')).toBe(3);
});

test('F5: the number of pods that the resource asks for counts more than that of the orphans', async () => {
  await using operator = await installed({ fake: { workloadsBecomeReady: false } }, 2);
  await operator.apply('mesh', { objects: { Pilot: [istiod('new', 2)] } }, RECREATE);
  expect(fieldOf(operator.cluster.peek(ISTIOD), 'spec', 'replicas')).toBe(2);
});

test('F5: a ReplicaSet that the new Deployment takes on stays, because its pods are that one’s', async () => {
  await using operator = await installed();
  const objects = { Pilot: [istiod('new', undefined, { tier: 'plane' })] };
  await operator.apply('mesh', { objects }, RECREATE);
  expect(operator.status('mesh').status).toBe('HEALTHY');
  expect(operator.cluster.peek(OLD)).toBeDefined();
  expect(JSON.stringify(operator.status('mesh').inventory)).not.toContain('ReplicaSet');
});

test('F5: a Deployment whose pods another one would take is not made anew', async () => {
  await using operator = await installed();
  const other = {
    ...istiod('old', undefined, { tier: 'plane' }),
    metadata: { name: 'other', namespace: 'istio-system' },
  };
  operator.cluster.edit(other);
  await operator.apply('mesh', { objects: { Pilot: [istiod('new')] } }, RECREATE);
  expect(operator.status('mesh')).toMatchObject({
    status: 'ERROR',
    message: expect.stringMatching(/Deployment other/),
  });
  expect(operator.sent.filter((line) => line.startsWith('delete'))).toEqual([]);
});

test('F5: while the old Deployment is on its way out nothing is sent to it, and the new one comes when it is gone', async () => {
  await using operator = await installed();
  const live = operator.cluster.peek(ISTIOD);
  operator.cluster.edit({ ...live, metadata: { ...live?.metadata, finalizers: ['orphan'] } } as KubernetesObject, 'gc');
  await operator.clock.settle();
  await operator.apply('mesh', { objects: { Pilot: [istiod('new')] } }, RECREATE);
  expect(operator.cluster.peek(ISTIOD)?.metadata.deletionTimestamp).toBeDefined();
  expect(operator.status('mesh')).toMatchObject({
    status: 'RECONCILING',
    message: expect.stringMatching(/is being deleted/),
  });
  expect(operator.cluster.peek(OLD)).toBeDefined();
  const toIstiod = operator.sent.filter((line) => line.endsWith(' Deployment istiod'));
  expect(toIstiod).toEqual(['apply Deployment istiod', 'delete Deployment istiod']);
  const { status: _status, ...released } = { ...operator.cluster.peek(ISTIOD), metadata: live?.metadata };
  operator.cluster.edit(released as KubernetesObject, 'gc');
  await operator.clock.settle();
  expect(operator.status('mesh').status).toBe('HEALTHY');
});

test('F5: a DaemonSet is not made anew, and the error says what to do instead', async () => {
  await using operator = await testOperator();
  const agent = (app: string) =>
    ({ ...istiod(app), kind: 'DaemonSet', metadata: { name: 'agent', namespace: 'istio-system' } }) as KubernetesObject;
  await operator.apply('mesh', { objects: { Cni: [agent('old')] } });
  const annotations = { 'install.istio.io/recreate': 'DaemonSet/istio-system/agent' };
  await operator.apply('mesh', { objects: { Cni: [agent('new')] } }, { annotations });
  expect(operator.status('mesh')).toMatchObject({
    status: 'ERROR',
    message: expect.stringContaining('kubectl delete daemonset agent -n istio-system'),
  });
});
