import { expect, test } from '@jest/globals';
import type { LiveObject } from '../../../src/apply/index.ts';
import { eventsOf } from '../../../src/controller/telemetry/pass-events.ts';
import { aConfigMap, aMesh, anObject, refTo, type TestOperator, testOperator, withCalls } from './test-operator.ts';

const HAND_BACK = { annotations: { 'install.istio.io/hand-back': 'true' } };
const KINDS = ['ConfigMap', 'Deployment', 'Service', 'ServiceAccount', 'CustomResourceDefinition'];

const installed = (operator: TestOperator): readonly LiveObject[] =>
  KINDS.flatMap((kind) => operator.cluster.peekAll(kind));

/** What is there, whoever owns it and whatever bookkeeping says. */
const content = ({ metadata: { uid, name, annotations }, ...object }: LiveObject) => ({
  ...object,
  uid,
  name,
  annotations,
});

test('J2: a resource that hands back goes, and all that it installed stays, without our labels and our fields', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh() }, HAND_BACK);
  const before = installed(operator);
  expect(before).toHaveLength(6);
  operator.cluster.clearRequests();
  await operator.remove('mesh');
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.sent.filter((line) => !line.startsWith('patch'))).toEqual([]);
  expect(installed(operator).map(content)).toEqual(before.map(content));
  for (const { metadata } of installed(operator)) {
    expect(Object.keys(metadata.labels ?? {})).toEqual(['istio.io/rev']);
    expect(metadata.managedFields?.map(({ manager }) => manager)).not.toContain('istio-operator');
  }
  expect(operator.passes.flatMap(eventsOf).map(({ reason }) => reason)).toContain('HandedBack');
});

test('J2: a hand-back that fails halfway goes on where it was, and nothing is deleted', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh() }, HAND_BACK);
  operator.cluster.failNext({ verb: 'patch', kind: 'Service' }, 'WriteConflict');
  operator.cluster.failNext({ verb: 'patch', kind: 'Deployment' }, 'ApiError', 12);
  await operator.remove('mesh');
  expect(operator.status('mesh')).toMatchObject({ status: 'ERROR', message: expect.stringContaining('injected') });
  await operator.clock.advance(60_000);
  expect(operator.resource('mesh')).toBeUndefined();
  expect(installed(operator)).toHaveLength(6);
});

test('J2: what another resource holds too is left to that one, which takes it on', async () => {
  await using operator = await testOperator();
  const shared = anObject('v1', 'ServiceAccount', 'istio-reader');
  await operator.apply('mesh', { objects: { Base: [shared], Pilot: [aConfigMap('own')] } }, HAND_BACK);
  await operator.apply('other', { objects: { Base: [shared] } });
  operator.cluster.clearRequests();
  await operator.remove('mesh');
  expect(operator.sent).not.toContain('patch ServiceAccount istio-reader');
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.status('other').status).toBe('HEALTHY');
  const labels = operator.cluster.peek(refTo(shared))?.metadata.labels;
  expect(labels).toMatchObject({ 'install.operator.istio.io/owning-resource': 'other' });
});

test('J2: an object that somebody else has made under the name of ours is left alone', async () => {
  await using operator = await testOperator({
    through: (cluster) =>
      withCalls(cluster, {
        get: async (ref, scope) => {
          const live = await cluster.get(ref, scope);
          if (live === undefined || ref.kind !== 'ConfigMap') return live;
          return { ...live, metadata: { ...live.metadata, uid: 'another', labels: {} } };
        },
      }),
  });
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } }, HAND_BACK);
  operator.cluster.clearRequests();
  await operator.remove('mesh');
  expect(operator.sent).toEqual([]);
});
