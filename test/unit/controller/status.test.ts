import { expect, test } from '@jest/globals';
import type { LiveObject } from '../../../src/apply/index.ts';
import { type JsonObject, silentLogger } from '../../../src/core/index.ts';
import type { FakeCluster } from '../../support/fake-cluster.ts';
import {
  aConfigMap,
  aDeployment,
  aMesh,
  aResource,
  fieldOf,
  operatorRef,
  refTo,
  rolledOut,
  type TestOperator,
  testOperator,
} from './test-operator.ts';

const READINESS_MS = 300_000;

/** How an attempt can end, and what status must then say. */
const endings: Record<string, { prepare: (operator: TestOperator) => Promise<void>; word: string; says: string }> = {
  success: {
    prepare: (operator) => operator.apply('mesh', { objects: aMesh() }),
    word: 'HEALTHY',
    says: '',
  },
  'a bad value': {
    prepare: (operator) => operator.apply('mesh', { fails: 'InvalidValue' }),
    word: 'ERROR',
    says: 'spec.fails: This value is wrong. Mend it.',
  },
  'a bad overlay': {
    prepare: (operator) => operator.apply('mesh', { fails: 'OverlayMismatch' }),
    word: 'ERROR',
    says: 'spec.fails',
  },
  'a missing right': {
    prepare: async (operator) => {
      operator.cluster.failNext({ verb: 'apply', kind: 'ConfigMap' }, 'Forbidden', 99);
      await operator.apply('mesh', { objects: aMesh() });
    },
    word: 'ERROR',
    says: 'ConfigMap istio-system/istio',
  },
  'an object that the server refuses': {
    prepare: async (operator) => {
      operator.cluster.failNext({ verb: 'apply', kind: 'ConfigMap' }, 'ObjectRejected', 99);
      await operator.apply('mesh', { objects: aMesh() });
    },
    word: 'ERROR',
    says: 'ConfigMap istio-system/istio',
  },
  'a kind that nobody serves': {
    prepare: (operator) =>
      operator.apply('mesh', {
        objects: { Pilot: [{ apiVersion: 'nobody.test/v1', kind: 'Unheard', metadata: { name: 'x' } }] },
      }),
    word: 'ERROR',
    says: 'Unheard x',
  },
};

test.each(Object.entries(endings))('A1: %s ends in HEALTHY or ERROR, with the reason in status', async (_name, end) => {
  await using operator = await testOperator();
  await end.prepare(operator);
  expect(operator.status('mesh').status).toBe(end.word);
  expect(String(operator.status('mesh').message ?? '')).toContain(end.says);
});

test('A1, A5: after the readiness timeout the status is ERROR; a rollout that comes through later makes it HEALTHY', async () => {
  await using operator = await testOperator({ fake: { workloadsBecomeReady: false } });
  await operator.apply('mesh', { objects: { Pilot: [aDeployment('istiod')] } });
  await operator.clock.advance(READINESS_MS - 1_000);
  expect(operator.status('mesh').status).toBe('RECONCILING');
  await operator.clock.advance(2_000);
  expect(operator.status('mesh')).toMatchObject({
    status: 'ERROR',
    message: expect.stringContaining('Deployment istio-system/istiod'),
    componentStatus: { Pilot: { status: 'ERROR' } },
  });
  expect(operator.condition('mesh', 'Stalled')).toMatchObject({ status: 'True', reason: 'ReadinessTimeout' });
  const { generation } = operator.resource('mesh')?.metadata ?? {};
  operator.cluster.setStatus(refTo(aDeployment('istiod')), rolledOut());
  await operator.clock.settle();
  expect(operator.status('mesh').status).toBe('HEALTHY');
  expect(operator.resource('mesh')?.metadata.generation).toBe(generation);
});

test('A3: status is never empty once it was set, and a new generation is RECONCILING before it is rendered', async () => {
  await using operator = await testOperator();
  const seen = recordVersions(operator.cluster);
  await operator.apply('mesh', { objects: aMesh() });
  const inventory = operator.status('mesh').inventory;
  await operator.apply('mesh', { fails: 'InvalidValue' });
  expect(operator.status('mesh')).toMatchObject({ inventory, componentStatus: { Pilot: { status: 'HEALTHY' } } });
  await operator.apply('mesh', { objects: aMesh('b') });
  expect(operator.status('mesh').status).toBe('HEALTHY');
  const set = seen.slice(seen.findIndex(({ status }) => status !== undefined));
  expect(set.length).toBeGreaterThan(5);
  for (const { status } of set) expect(status).toHaveProperty('conditions');
  for (const generation of [1, 2, 3]) {
    const [first] = seen.filter(
      ({ status }) => fieldOf({ status } as never, 'status', 'observedGeneration') === generation,
    );
    expect(first?.status).toMatchObject({ status: 'RECONCILING' });
  }
});

test('A4: a deleted gateway is not HEALTHY until it is back and ready', async () => {
  await using operator = await testOperator({ fake: { workloadsBecomeReady: false } });
  await operator.apply('mesh', { objects: { IngressGateways: [aDeployment('gateway')] } });
  operator.cluster.setStatus(refTo(aDeployment('gateway')), rolledOut());
  await operator.clock.settle();
  expect(operator.status('mesh').status).toBe('HEALTHY');
  operator.cluster.remove(refTo(aDeployment('gateway')));
  await operator.clock.settle();
  expect(operator.cluster.peek(refTo(aDeployment('gateway')))).toBeDefined();
  expect(operator.status('mesh').status).toBe('RECONCILING');
  operator.cluster.setStatus(refTo(aDeployment('gateway')), rolledOut());
  await operator.clock.settle();
  expect(operator.status('mesh').status).toBe('HEALTHY');
});

test('A4: a control plane that loses its replicas is not HEALTHY any more, without any change of the CR', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh() });
  operator.cluster.setStatus(refTo(aDeployment('istiod')), { ...rolledOut(1), availableReplicas: 0, readyReplicas: 0 });
  await operator.clock.settle();
  expect(operator.status('mesh').status).toBe('RECONCILING');
  await operator.clock.advance(READINESS_MS + 1_000);
  expect(operator.status('mesh').status).toBe('ERROR');
});

test('A6: the conditions follow kstatus: working, failed for good, ready; each type once', async () => {
  await using operator = await testOperator({ fake: { workloadsBecomeReady: false } });
  await operator.apply('mesh', { objects: { Pilot: [aDeployment('istiod')] } });
  expect(conditionsOf(operator)).toEqual({ Ready: 'False', Reconciling: 'True', Stalled: 'False' });
  operator.cluster.setStatus(refTo(aDeployment('istiod')), rolledOut());
  await operator.clock.settle();
  expect(conditionsOf(operator)).toEqual({ Ready: 'True', Reconciling: 'False', Stalled: 'False' });
  expect(operator.status('mesh').observedGeneration).toBe(operator.resource('mesh')?.metadata.generation);
  await operator.apply('mesh', { fails: 'InvalidValue' });
  expect(conditionsOf(operator)).toEqual({ Ready: 'False', Reconciling: 'False', Stalled: 'True' });
});

test('A6: the time of a transition moves only when the condition does', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh() });
  const stalledSince = () => operator.condition('mesh', 'Stalled')?.lastTransitionTime;
  const before = stalledSince();
  await operator.clock.advance(60_000);
  await operator.apply('mesh', { objects: aMesh('b') });
  expect(stalledSince()).toBe(before);
  await operator.apply('mesh', { fails: 'InvalidValue' });
  expect(stalledSince()).toBe('2026-01-01T00:01:00Z');
});

test('A7: the component entries are exactly those that the CR asks for', async () => {
  await using operator = await testOperator();
  const keys = () => Object.keys(operator.status('mesh').componentStatus as object);
  const { IngressGateways, ...without } = aMesh();
  await operator.apply('mesh', { objects: aMesh() });
  expect(keys()).toEqual(['Base', 'Pilot', 'IngressGateways']);
  await operator.apply('mesh', { objects: without });
  expect(keys()).toEqual(['Base', 'Pilot']);
  await operator.apply('mesh', { objects: { ...without, ...(IngressGateways && { IngressGateways }) } });
  expect(keys()).toEqual(['Base', 'Pilot', 'IngressGateways']);
});

test('A8: a status with numbers for words is read, and written again with words', async () => {
  await using operator = await testOperator();
  const old = { status: 3, componentStatus: { Pilot: { status: 3 }, Citadel: { status: 4 } } };
  operator.cluster.edit(aResource('mesh', { objects: aMesh() }, {}, old), 'user');
  const seen = recordVersions(operator.cluster);
  await operator.clock.settle();
  expect(operator.status('mesh')).toMatchObject({
    status: 'HEALTHY',
    componentStatus: { Pilot: { status: 'HEALTHY' } },
  });
  const ours = seen.filter(({ status }) => fieldOf({ status } as never, 'status', 'observedGeneration') !== undefined);
  expect(JSON.stringify(ours.map(({ status }) => status))).not.toMatch(/"status":\d/);
});

test('A9: of two gateways the one that is not ready is named, with its counts', async () => {
  await using operator = await testOperator({ fake: { workloadsBecomeReady: false } });
  await operator.apply('mesh', { objects: { IngressGateways: [aDeployment('east'), aDeployment('west')] } });
  operator.cluster.setStatus(refTo(aDeployment('east')), rolledOut());
  await operator.clock.settle();
  expect(operator.status('mesh').componentStatus).toMatchObject({
    IngressGateways: {
      status: 'RECONCILING',
      objects: [
        { kind: 'Deployment', namespace: 'istio-system', name: 'east', ready: 1, desired: 1 },
        { kind: 'Deployment', namespace: 'istio-system', name: 'west', ready: 0, desired: 1, reason: 'Progressing' },
      ],
    },
  });
  expect(operator.status('mesh').message).toContain('west');
  expect(operator.status('mesh').message).not.toContain('east');
});

test('A10, D10: a paused CR says that and why; what is installed and the last word stay; unpaused it goes on', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh() });
  operator.cluster.clearRequests();
  const paused = { annotations: { 'install.istio.io/ignoreReconcile': 'true' } };
  await operator.apply('mesh', { objects: aMesh('b') }, paused);
  expect(operator.sent).toEqual([]);
  expect(operator.status('mesh').status).toBe('HEALTHY');
  expect(operator.condition('mesh', 'Ready')).toMatchObject({ status: 'True', reason: 'Healthy' });
  expect(operator.condition('mesh', 'Paused')).toMatchObject({ status: 'True', reason: 'Paused' });
  expect(operator.condition('mesh', 'Paused')?.message).toContain('install.istio.io/ignoreReconcile');
  await operator.apply('mesh', { objects: aMesh('b') });
  expect(operator.condition('mesh', 'Paused')).toBeUndefined();
  expect(operator.sent).toContain('apply Deployment istiod');
  expect(operator.status('mesh').status).toBe('HEALTHY');
});

test('A10, E2: a CR of another revision says that this operator does not look after it', async () => {
  await using operator = await testOperator({ revision: 'canary' });
  await operator.apply('mesh', { objects: aMesh() });
  expect(operator.sent).toEqual([]);
  expect(operator.condition('mesh', 'Ready')).toMatchObject({ status: 'False', reason: 'OtherRevision' });
  await operator.apply('canary', { objects: aMesh(), revision: 'canary' });
  expect(operator.status('canary').status).toBe('HEALTHY');
});

test('E2: without a filter one operator serves every revision', async () => {
  await using operator = await testOperator();
  await operator.apply('old', { objects: { Pilot: [aConfigMap('istio-old')] }, revision: 'old' });
  await operator.apply('new', { objects: { Pilot: [aConfigMap('istio-new')] }, revision: 'new' });
  expect(operator.status('old').status).toBe('HEALTHY');
  expect(operator.status('new').status).toBe('HEALTHY');
});

test('I3: a CR outside the watched namespaces is left alone', async () => {
  await using operator = await testOperator({ watchNamespaces: ['team-a', 'istio-system'] });
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  expect(operator.status('mesh').status).toBe('HEALTHY');
  await using other = await testOperator({ watchNamespaces: ['team-a', 'team-b'] });
  await other.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  expect(other.cluster.writes).toEqual([]);
  expect(other.status('mesh')).toEqual({});
});

test('D12: a CR that cannot be rendered is looked at at most three times in ten minutes', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { fails: 'InvalidValue' });
  operator.cluster.clearRequests();
  await operator.clock.advance(600_000);
  expect(operator.passes.length).toBeLessThanOrEqual(3);
  expect(operator.cluster.requests).toEqual([]);
});

test('D12: a failure that may pass is tried again at once, then ever more slowly', async () => {
  await using operator = await testOperator();
  operator.cluster.failNext({ verb: 'apply', kind: 'ConfigMap' }, 'ApiUnavailable', 1_000);
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  const attempts = () => operator.sent.filter((write) => write === 'apply ConfigMap istio').length;
  await operator.clock.advance(5_000);
  expect(attempts()).toBeGreaterThanOrEqual(3);
  await operator.clock.advance(595_000);
  expect(attempts()).toBeLessThanOrEqual(13);
});

test('D12: an object that the API server refuses is sent at most three times in ten minutes', async () => {
  await using operator = await testOperator();
  operator.cluster.failNext({ verb: 'apply', kind: 'ConfigMap' }, 'ObjectRejected', 1_000);
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  await operator.clock.advance(600_000);
  expect(operator.sent.filter((write) => write === 'apply ConfigMap istio').length).toBeLessThanOrEqual(3);
});

/** Every version of the CRs from now on. */
function recordVersions(cluster: FakeCluster): readonly LiveObject[] {
  const seen: LiveObject[] = [];
  const onEvent = (_type: string, object: LiveObject) => void seen.push(object);
  const scope = { signal: new AbortController().signal, log: silentLogger };
  void cluster.watch(operatorRef(''), {}, { onSync: () => undefined, onEvent }, scope);
  return seen;
}

function conditionsOf(operator: TestOperator): Record<string, unknown> {
  const conditions = operator.status('mesh').conditions as JsonObject[];
  const byType = Object.fromEntries(conditions.map(({ type, status }) => [type, status]));
  expect(conditions).toHaveLength(Object.keys(byType).length);
  return byType;
}
