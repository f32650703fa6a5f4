import { expect, test } from '@jest/globals';
import type { LiveObject } from '../../src/apply/index.ts';
import { asJson, type JsonObject, valueAt } from '../../src/core/index.ts';
import {
  anOperator,
  applyOperator,
  getOperator,
  startOperator,
  until,
  untilStatus,
  useLab,
} from './operator-harness.ts';

const lab = await useLab();
await startOperator(lab, { emitsEvents: true });

/** The Events about a CR, whether it still exists or not. */
async function events(name: string): Promise<readonly JsonObject[]> {
  const selection = { namespace: 'istio-system', fieldSelector: `involvedObject.name=${name}` };
  const found: readonly LiveObject[] = await lab.client.list({ apiVersion: 'v1', kind: 'Event' }, selection, lab.scope);
  return found.map(asJson);
}

const untilEvent = (name: string, reason: string, part: string) =>
  until(
    `the Event ${reason} of ${name}`,
    async () => (await events(name)).find((event) => event.reason === reason && String(event.message).includes(part)),
    async () => JSON.stringify((await events(name)).map(({ reason, message }) => `${reason}: ${message}`)),
  );

test('kubectl describe shows what happened to a CR', async () => {
  await applyOperator(lab, anOperator('mesh', { profile: 'minimal' }));
  await untilStatus(lab, 'mesh', 'HEALTHY');
  await untilEvent('mesh', 'Healthy', 'generation 1 is installed and healthy');
  const described = await lab.kubectl('describe', 'iop', 'mesh', '-n', 'istio-system');
  const shown = described.slice(described.indexOf('Events:'));
  for (const reason of ['Reconciling', 'ComponentReady', 'Healthy']) expect(shown).toContain(reason);
  expect(shown).toMatch(/Normal +Healthy .*istio-operator +generation 1/);
});

test('drift is told with the tool that made it, and counted when it happens again', async () => {
  const breakIt = async () => {
    await lab.kubectl('set', 'image', 'deployment/istiod', 'discovery=example.com/other:1', '-n', 'istio-system');
    await until('istiod to be restored', async () => {
      const image = '-o=jsonpath={.spec.template.spec.containers[0].image}';
      return (await lab.kubectl('get', 'deployment', 'istiod', '-n', 'istio-system', image)).includes('pilot:1.30.3');
    });
    await untilStatus(lab, 'mesh', 'HEALTHY');
  };
  await breakIt();
  await untilEvent('mesh', 'Repaired', 'Deployment istio-system/istiod (changed by kubectl-set)');
  await breakIt();
  await until('it to be counted', async () => {
    const repaired = (await events('mesh')).filter(({ message }) => String(message).includes('changed by kubectl-set'));
    return repaired.length === 1 && repaired[0]?.count === 2;
  });
});

test('a CR that is wrong is told in an Event, with the path', async () => {
  await applyOperator(lab, anOperator('wrong', { profile: 'dmeo' }));
  await untilStatus(lab, 'wrong', 'ERROR');
  const event = await untilEvent('wrong', 'ProfileNotFound', 'spec.profile');
  expect(event.type).toBe('Warning');
  await lab.kubectl('delete', 'iop', 'wrong', '-n', 'istio-system', '--timeout=30s');
});

test('J3: a CR that istioctl keeps its record in is left alone and says why', async () => {
  await applyOperator(lab, anOperator('installed-state', { profile: 'demo' }));
  await untilEvent('installed-state', 'InstalledState', 'istioctl');
  const conditions = valueAt(asJson((await getOperator(lab, 'installed-state')) as LiveObject), 'status', 'conditions');
  expect(conditions).toContainEqual(expect.objectContaining({ type: 'Ready', reason: 'InstalledState' }));
  expect(await lab.kubectl('get', 'deployments', '-n', 'istio-system', '-o', 'name')).not.toContain('gateway');
  await lab.kubectl('delete', 'iop', 'installed-state', '-n', 'istio-system', '--timeout=30s');
});

test('deletion is told, and the Events outlive the CR', async () => {
  await lab.kubectl('delete', 'iop', 'mesh', '-n', 'istio-system', '--timeout=30s');
  const event = await untilEvent('mesh', 'Deleted', 'what it installed is removed');
  expect(event.involvedObject).toMatchObject({ kind: 'IstioOperator', name: 'mesh', namespace: 'istio-system' });
});
