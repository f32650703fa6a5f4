import { expect, test } from '@jest/globals';
import type { KubernetesObject } from '../../../src/core/index.ts';
import { aDeployment, anObject, refTo, testOperator } from './test-operator.ts';

/** ztunnel of a version, of the istiod in istio-system. */
function ztunnel(version: string, address = 'istiod.istio-system.svc:15012'): KubernetesObject {
  const env = [{ name: 'XDS_ADDRESS', value: address }];
  const containers = [{ name: 'istio-proxy', image: `example.com/ztunnel:${version}-distroless`, env }];
  return anObject('apps/v1', 'DaemonSet', 'ztunnel', { spec: { template: { spec: { containers } } } });
}

const istiod = (version: string) => aDeployment('istiod', `example.com/pilot:${version}`);

test.each([
  ['1.28.4', /ztunnel 1\.28\.4 is more than one minor version behind istiod 1\.30\.3/],
  ['1.31.0', /ztunnel 1\.31\.0 is newer than istiod 1\.30\.3/],
])('F2: ztunnel %s is not sent where another resource runs istiod 1.30.3', async (version, message) => {
  await using operator = await testOperator();
  await operator.apply('plane', { objects: { Pilot: [istiod('1.30.3')] } });
  await operator.apply('nodes', { objects: { Ztunnel: [ztunnel(version)] } });
  expect(operator.status('nodes')).toMatchObject({ status: 'ERROR', message: expect.stringMatching(message) });
  expect(operator.condition('nodes', 'Ready')?.reason).toBe('VersionSkew');
  expect(operator.cluster.peek(refTo(ztunnel(version)))).toBeUndefined();
});

test.each([
  '1.30.0',
  '1.29.9',
  'latest',
])('F2: ztunnel %s goes with istiod 1.30.3 of another resource', async (version) => {
  await using operator = await testOperator();
  await operator.apply('plane', { objects: { Pilot: [istiod('1.30.3')] } });
  await operator.apply('nodes', { objects: { Ztunnel: [ztunnel(version)] } });
  expect(operator.status('nodes').status).toBe('HEALTHY');
});

test('F2: an istiod that is elsewhere, or not there yet, says nothing about ztunnel', async () => {
  await using operator = await testOperator();
  await operator.apply('far', { objects: { Ztunnel: [ztunnel('1.20.0', 'istiod.example.com:15012')] } });
  expect(operator.status('far').status).toBe('HEALTHY');
  await operator.apply('far', { objects: { Ztunnel: [ztunnel('1.21.0')] } });
  expect(operator.status('far').status).toBe('HEALTHY');
});

test('F2: ztunnel follows by itself when istiod of the other resource has been upgraded', async () => {
  await using operator = await testOperator();
  await operator.apply('plane', { objects: { Pilot: [istiod('1.30.3')] } });
  await operator.apply('nodes', { objects: { Ztunnel: [ztunnel('1.31.0')] } });
  expect(operator.status('nodes').status).toBe('ERROR');
  await operator.apply('plane', { objects: { Pilot: [istiod('1.31.0')] } });
  await operator.clock.advance(60_000);
  expect(operator.status('nodes').status).toBe('HEALTHY');
});

test('F2: what runs is not looked at again, whatever istiod becomes', async () => {
  await using operator = await testOperator();
  await operator.apply('nodes', { objects: { Ztunnel: [ztunnel('1.28.0')] } });
  await operator.apply('plane', { objects: { Pilot: [istiod('1.30.3')] } });
  operator.cluster.clearRequests();
  operator.cluster.remove(refTo(ztunnel('1.28.0')));
  await operator.clock.settle();
  expect(operator.status('nodes').status).toBe('HEALTHY');
  expect(operator.cluster.requests.filter(({ verb, kind }) => verb === 'get' && kind === 'Deployment')).toEqual([]);
});
