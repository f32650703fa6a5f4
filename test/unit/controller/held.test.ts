import { expect, test } from '@jest/globals';
import { ISTIO_VERSION } from '../../../src/core/index.ts';
import { aConfigMap, aDeployment, aMesh, refTo, testOperator } from './test-operator.ts';

const keptAt = (version: string) => ({ annotations: { 'install.istio.io/istio-version': version } });
const [major, minor] = ISTIO_VERSION.split('.');
const OURS = `${major}.${minor}`;
const EARLIER = `${major}.${Number(minor) - 1}`;

test('F8: a mesh that is kept at another version is not written to, whatever changes, and says what is available', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh() }, keptAt(OURS));
  expect(operator.status('mesh').status).toBe('HEALTHY');
  operator.cluster.clearRequests();
  await operator.apply('mesh', { objects: aMesh('b') }, keptAt(EARLIER));
  operator.cluster.remove(refTo(aDeployment('istiod')));
  await operator.clock.advance(3_600_000);
  expect(operator.sent).toEqual([]);
  expect(operator.status('mesh').status).toBe('HEALTHY');
  expect(operator.condition('mesh', 'Paused')).toMatchObject({
    status: 'True',
    reason: 'VersionHeld',
    message: expect.stringContaining(
      `kept at Istio ${EARLIER}, and this version of the operator installs ${ISTIO_VERSION}.`,
    ),
  });
  await operator.apply('mesh', { objects: aMesh('b') }, keptAt(ISTIO_VERSION));
  expect(operator.sent).toContain('apply Deployment istiod');
  expect(operator.condition('mesh', 'Paused')).toBeUndefined();
});

test('F8: so it is after a restart, which is what an upgrade of the operator is to a mesh', async () => {
  await using before = await testOperator();
  await before.apply('mesh', { objects: aMesh() });
  await before.apply('mesh', { objects: aMesh('b') }, keptAt(EARLIER));
  await before[Symbol.asyncDispose]();
  before.cluster.clearRequests();
  await using after = await testOperator({ on: before });
  await after.clock.advance(3_600_000);
  expect(after.sent).toEqual([]);
});

test('F8: a new mesh of another version is not installed', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh() }, keptAt(`${OURS}.99`));
  expect(operator.sent).toEqual([]);
  expect(operator.condition('mesh', 'Ready')).toMatchObject({ status: 'False', reason: 'VersionHeld' });
});

test('a mesh that is kept at another version can be deleted', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh() });
  await operator.apply('mesh', { objects: aMesh('b') }, keptAt(EARLIER));
  await operator.remove('mesh');
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.cluster.peekAll('Deployment')).toEqual([]);
});

test('a dry run shows what the version of the operator would change', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh() });
  const annotations = { ...keptAt(EARLIER).annotations, 'install.istio.io/dry-run': 'true' };
  await operator.apply('mesh', { objects: aMesh('b') }, { annotations });
  expect(operator.condition('mesh', 'Planned')?.message).toContain('change Deployment istio-system/istiod');
});

test('E6: a revision of another version that nobody uses any more is removed after its time', async () => {
  await using operator = await testOperator();
  const plane = (name: string) => ({ Pilot: [aConfigMap(name), aDeployment(name)] });
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'a',
      namespace: 'istio-system',
      labels: { 'security.istio.io/tlsMode': 'istio' },
      annotations: { 'istio.io/rev': 'old' },
    },
    status: { phase: 'Running' },
  };
  await operator.apply('old', { objects: plane('istiod-old'), revision: 'old' });
  const annotations = { ...keptAt(EARLIER).annotations, 'install.istio.io/remove-unused-after': '10m' };
  await operator.apply('old', { objects: plane('istiod-old'), revision: 'old' }, { annotations });
  await operator.apply('new', { objects: plane('istiod-new'), revision: 'new' });
  await operator.edit(pod);
  await operator.clock.advance(6_000);
  expect(operator.condition('old', 'InUse')).toMatchObject({ status: 'True' });
  operator.cluster.remove(refTo(pod));
  await operator.clock.advance(590_000);
  expect(operator.resource('old')).toBeDefined();
  await operator.clock.advance(20_000);
  expect(operator.resource('old')).toBeUndefined();
});
