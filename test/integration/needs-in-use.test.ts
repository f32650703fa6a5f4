import { afterEach, expect, test } from '@jest/globals';
import { isObject, type JsonObject } from '../../src/core/index.ts';
import {
  anOperator,
  applyOperator,
  getOperator,
  startOperator,
  statusOf,
  until,
  untilStatus,
  useLab,
  writesSince,
} from './operator-harness.ts';

const lab = await useLab();
const operator = await startOperator(lab, { emitsEvents: true });

afterEach(async () => {
  await lab.kubectl('delete', 'namespace', 'shop', '--ignore-not-found');
  await lab.kubectl('delete', 'iop', '--all', '-A', '--timeout=30s');
});

/** A control plane without gateways. */
const plane = (revision: string): JsonObject => ({ profile: 'minimal', revision });

async function install(name: string, spec: JsonObject, annotations: Record<string, string> = {}): Promise<void> {
  const resource = anOperator(name, spec);
  await applyOperator(lab, { ...resource, metadata: { ...resource.metadata, annotations } });
  await untilStatus(lab, name, 'HEALTHY');
}

async function conditionOf(name: string, type: string): Promise<JsonObject | undefined> {
  const { conditions } = statusOf(await getOperator(lab, name));
  return Array.isArray(conditions) ? conditions.filter(isObject).find((each) => each.type === type) : undefined;
}

/** A pod as istiod's injector leaves it; there is no injector here. */
async function runInjected(name: string, revision: string): Promise<void> {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      labels: { 'security.istio.io/tlsMode': 'istio' },
      annotations: { 'istio.io/rev': revision },
    },
    spec: { containers: [{ name: 'app', image: 'app' }] },
  };
  await lab.client.create(pod, { fieldManager: 'test-user' }, lab.scope);
}

const isGone = (name: string) => until(`${name} to be gone`, async () => (await getOperator(lab, name)) === undefined);

const askDeletion = (name: string) => lab.kubectl('delete', 'iop', name, '-n', 'istio-system', '--wait=false');

test('B3: a revision that a pod uses stays: a condition and an Event name the users; when they are gone, it goes', async () => {
  await install('canary', plane('canary'));
  await lab.kubectl('create', 'namespace', 'shop');
  await runInjected('cart', 'canary'); // before the namespace asks for the injector, which does not run here
  await lab.kubectl('label', 'namespace', 'shop', 'istio.io/rev=canary');
  await until('the use to be in status', async () => (await conditionOf('canary', 'InUse'))?.status === 'True');
  const index = operator.requests.length;
  await askDeletion('canary');
  const blocked = await until('the deletion to be blocked', () => conditionOf('canary', 'DeletionBlocked'));
  expect(blocked.message).toContain('used by 1 namespace (shop) and 1 pod (shop/cart)');
  expect(writesSince(operator, index).filter(({ verb }) => verb === 'delete')).toEqual([]);
  const events = () =>
    lab.kubectl('get', 'events', '-n', 'istio-system', '--field-selector', 'reason=DeletionBlocked', '-o', 'name');
  await until('the Event', async () => (await events()) !== '');
  await lab.kubectl('delete', 'namespace', 'shop');
  await isGone('canary');
  expect(await lab.kubectl('get', 'deployment', '-n', 'istio-system', '-o', 'name')).toBe('');
});

test('B3: the annotation force-delete removes a revision although it is used', async () => {
  await install('canary', plane('canary'));
  await lab.kubectl('create', 'namespace', 'shop');
  await lab.kubectl('label', 'namespace', 'shop', 'istio.io/rev=canary');
  await askDeletion('canary');
  await until('the deletion to be blocked', () => conditionOf('canary', 'DeletionBlocked'));
  await lab.kubectl('annotate', 'iop', 'canary', '-n', 'istio-system', 'install.istio.io/force-delete=true');
  await isGone('canary');
});

test('E6: workloads that move to the new revision let the old one go after its time, not before', async () => {
  const graceMs = 2_000;
  await install('old', plane('old'), { 'install.istio.io/remove-unused-after': `${graceMs}ms` });
  await install('new', plane('new'));
  await lab.kubectl('create', 'namespace', 'shop');
  await lab.kubectl('label', 'namespace', 'shop', 'istio.io/rev=old');
  await until('the old one to be used', async () => (await conditionOf('old', 'InUse'))?.status === 'True');
  await lab.kubectl('label', 'namespace', 'shop', 'istio.io/rev=new', '--overwrite');
  const unused = await until('the old one to be unused', async () => {
    const inUse = await conditionOf('old', 'InUse');
    return inUse?.reason === 'NoLongerUsed' ? inUse : undefined;
  });
  await isGone('old');
  expect(Date.now() - Date.parse(String(unused.lastTransitionTime))).toBeGreaterThanOrEqual(graceMs);
  expect(await conditionOf('new', 'InUse')).toMatchObject({ status: 'True' });
  expect(await lab.kubectl('get', 'deployment', '-n', 'istio-system', '-o', 'name')).toBe(
    'deployment.apps/istiod-new\n',
  );
});
