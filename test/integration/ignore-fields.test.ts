import { expect, test } from '@jest/globals';
import type { LiveObject } from '../../src/apply/index.ts';
import type { JsonObject } from '../../src/core/index.ts';
import {
  anOperator,
  applyOperator,
  getOperator,
  startOperator,
  statusOf,
  until,
  untilStatus,
  useLab,
} from './operator-harness.ts';

const lab = await useLab();
await startOperator(lab);

const inSystem = ['-n', 'istio-system'];
const DISCOVERY = 'spec.template.spec.containers.[name:discovery]';

/** A control plane, with the fields of istiod's Deployment that are ignored. */
function ignoring(fields: readonly string[], pilot: JsonObject): LiveObject {
  const resource = anOperator('mesh', { profile: 'minimal', components: { pilot: { k8s: pilot } } });
  const lines = fields.map((field) => `Deployment/istio-system/istiod: ${field}`).join('\n');
  const annotations = { 'install.istio.io/ignore-fields': lines };
  return { ...resource, metadata: { ...resource.metadata, annotations } };
}

async function container(): Promise<{ readonly resources: JsonObject; readonly env: readonly JsonObject[] }> {
  const deployment = JSON.parse(await lab.kubectl('get', 'deployment/istiod', ...inSystem, '-o', 'json'));
  return deployment.spec.template.spec.containers[0];
}

/** Changes with every change of the spec. */
async function generation(): Promise<string> {
  return await lab.kubectl('get', 'deployment/istiod', ...inSystem, '-o', 'jsonpath={.metadata.generation}');
}

/** Waits until the operator has seen the newest change: whatever a marker ConfigMap is edited to is set back. */
async function untilDriftIsSeen(): Promise<void> {
  const mesh = async () => await lab.kubectl('get', 'cm/istio', ...inSystem, '-o', 'jsonpath={.data.mesh}');
  const wanted = await mesh();
  await lab.kubectl('patch', 'cm/istio', ...inSystem, '--type=merge', '-p', '{"data":{"mesh":"x"}}');
  await until('the repair of the marker', async () => (await mesh()) === wanted);
}

const requests = (cpu: string, memory: string) => ({ resources: { requests: { cpu, memory } } });

test('D9: an ignored field keeps the edit of a person across changes of the CR, and is set back when it is no longer ignored', async () => {
  const fields = [`${DISCOVERY}.resources`];
  await applyOperator(lab, ignoring(fields, requests('100m', '1Gi')));
  await untilStatus(lab, 'mesh', 'HEALTHY');
  expect((await container()).resources).toEqual({ requests: { cpu: '100m', memory: '1Gi' } });

  await lab.kubectl('set', 'resources', 'deployment/istiod', '-c=discovery', '--requests=cpu=300m', ...inSystem);
  const edited = await generation();
  await untilDriftIsSeen();
  await untilStatus(lab, 'mesh', 'HEALTHY');
  expect((await container()).resources).toEqual({ requests: { cpu: '300m', memory: '1Gi' } });
  expect(await generation()).toBe(edited);

  await applyOperator(lab, ignoring(fields, requests('200m', '2Gi')));
  await untilStatus(lab, 'mesh', 'HEALTHY');
  expect((await container()).resources).toEqual({ requests: { cpu: '300m', memory: '2Gi' } });

  await applyOperator(lab, ignoring([], requests('200m', '2Gi')));
  await until('the field to be set back', async () => {
    const { resources } = await container();
    return JSON.stringify(resources) === '{"requests":{"cpu":"200m","memory":"2Gi"}}';
  });
});

test('D9: replicas and list entries can be ignored, and what is removed stays away', async () => {
  const env = (value: string) => ({
    replicaCount: 1,
    hpaSpec: null,
    env: [
      { name: 'MINE', value },
      { name: 'OTHER', value },
    ],
  });
  const fields = [`${DISCOVERY}.env`, 'spec.template.spec.containers[name=discovery].resources', 'spec.replicas'];
  const off = { values: { pilot: { autoscaleEnabled: false } } };
  const resource = (value: string) => {
    const { spec, ...rest } = ignoring(fields, env(value));
    return { ...rest, spec: { ...(spec as JsonObject), ...off } } as LiveObject;
  };
  await applyOperator(lab, resource('1'));
  await untilStatus(lab, 'mesh', 'HEALTHY');
  await lab.kubectl('set', 'env', 'deployment/istiod', 'MINE=theirs', 'OTHER-', ...inSystem);
  await lab.kubectl('scale', 'deployment/istiod', '--replicas=3', ...inSystem);
  await untilDriftIsSeen();
  await applyOperator(lab, resource('2'));
  await untilStatus(lab, 'mesh', 'HEALTHY');
  const found = (await container()).env;
  expect(found).toContainEqual({ name: 'MINE', value: 'theirs' });
  expect(found.map(({ name }) => name)).not.toContain('OTHER');
  expect(found.map(({ name }) => name)).toContain('REVISION');
  expect(await lab.kubectl('get', 'deployment/istiod', ...inSystem, '-o', 'jsonpath={.spec.replicas}')).toBe('3');
});

test('D9: an entry that leads nowhere is an error in status, and the drift of what was valid is still repaired', async () => {
  const wrong = ignoring(['spec.template.spec.containers.[name:istiod].resources'], requests('200m', '2Gi'));
  await applyOperator(lab, wrong);
  await untilStatus(lab, 'mesh', 'ERROR');
  expect(statusOf(await getOperator(lab, 'mesh')).message).toContain('the list has name:discovery');
  await untilDriftIsSeen();
});
