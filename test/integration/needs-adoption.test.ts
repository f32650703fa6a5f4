import { expect, test } from '@jest/globals';
import { renderResource } from '../../src/cli/input/render-resource.ts';
import { type JsonObject, type KubernetesObject, valueAt } from '../../src/core/index.ts';
import { anOperator, applyOperator, startOperator, statusOf, until, untilStatus, useLab } from './operator-harness.ts';

const lab = await useLab();

const inSystem = ['-n', 'istio-system'];

/** What the classic operator leaves: its labels, its field manager, an old image, and no inventory. */
async function leaveClassicInstallation(): Promise<void> {
  const old = anOperator('mesh', { profile: 'demo', tag: '1.23.2' });
  const { components } = renderResource(old, { kubernetesVersion: '1.34.4' });
  const istio = components.filter(({ component }) => component !== 'AddonComponents');
  for (const object of istio.flatMap(({ objects }) => objects)) await applyClassic(object);
  const finalizers = ['istio-finalizer.install.istio.io'];
  const current = anOperator('mesh', { profile: 'default' });
  await applyOperator(lab, { ...current, metadata: { ...current.metadata, finalizers } });
  const ref = { apiVersion: current.apiVersion, kind: current.kind, namespace: 'istio-system', name: 'mesh' };
  await lab.client.patch(
    ref,
    { status: { status: 'HEALTHY' } },
    { fieldManager: 'classic', subresource: 'status' },
    lab.scope,
  );
}

async function applyClassic(object: KubernetesObject): Promise<void> {
  const labels = { ...object.metadata.labels, 'operator.istio.io/version': 'unknown' };
  const classic = { ...object, metadata: { ...object.metadata, labels } };
  await lab.client.apply(classic, { fieldManager: 'istio-operator', force: true }, lab.scope);
}

/** UIDs of what carries the labels of the mesh. */
async function uids(): Promise<readonly string[]> {
  const kinds =
    'deployment,service,serviceaccount,configmap,clusterrole,clusterrolebinding,mutatingwebhookconfiguration';
  const columns = 'custom-columns=K:.kind,N:.metadata.name,U:.metadata.uid';
  const label = 'install.operator.istio.io/owning-resource=mesh';
  const listed = await lab.kubectl('get', kinds, ...inSystem, '-l', label, '-o', columns, '--no-headers');
  return listed.trim().split('\n').sort();
}

test('J1, J2: a classic installation is taken over in place, and what carries traffic goes only when confirmed', async () => {
  await leaveClassicInstallation();
  await until('the old istiod to run', async () => {
    const ready = await lab.kubectl('get', 'deployment/istiod', ...inSystem, '-o', 'jsonpath={.status.readyReplicas}');
    return ready === '1';
  });
  const before = await uids();
  await startOperator(lab);
  const waiting = await untilStatus(lab, 'mesh', 'ERROR');
  const message = String(valueAt(statusOf(waiting), 'message'));
  expect(message).toContain('Deployment istio-system/istio-egressgateway');
  expect(message).not.toContain('istiod');
  expect(await uids()).toEqual(expect.arrayContaining(before.filter((line) => !line.includes('egress'))));
  expect((await uids()).filter((line) => /^(Deployment|Service) .*istio-egressgateway/.test(line))).toHaveLength(2);

  const istiod = JSON.parse(
    await lab.kubectl('get', 'deployment/istiod', ...inSystem, '--show-managed-fields', '-o', 'json'),
  );
  expect(istiod.spec.template.spec.containers[0].image).toContain(':1.30.3');
  const owners = istiod.metadata.managedFields.filter((entry: JsonObject) =>
    JSON.stringify(entry).includes('"f:image"'),
  );
  expect(owners.map(({ manager }: { manager: string }) => manager)).toEqual(['istio-operator']);

  const hash = /confirm-prune: "([0-9a-f]+)"/.exec(message)?.[1];
  await lab.kubectl('annotate', 'iop/mesh', `install.istio.io/confirm-prune=${hash}`, ...inSystem);
  await untilStatus(lab, 'mesh', 'HEALTHY');
  expect((await uids()).filter((line) => line.includes('egress'))).toEqual([]);
});

test('C2: with prune: report a change removes nothing before its list was confirmed', async () => {
  await lab.kubectl('annotate', 'iop/mesh', 'install.istio.io/prune=report', ...inSystem);
  await applyOperator(lab, anOperator('mesh', { profile: 'minimal' }));
  const message = String(valueAt(statusOf(await untilStatus(lab, 'mesh', 'ERROR')), 'message'));
  expect(message).toMatch(/no longer asked for: .*Deployment istio-system\/istio-ingressgateway/);
  expect(await lab.kubectl('get', 'deployment', ...inSystem, '-o', 'name')).toContain('istio-ingressgateway');
  await lab.kubectl('annotate', 'iop/mesh', 'install.istio.io/prune-', ...inSystem);
  await untilStatus(lab, 'mesh', 'HEALTHY');
  expect(await lab.kubectl('get', 'deployment', ...inSystem, '-o', 'name')).not.toContain('istio-ingressgateway');
});

test('C2: with prune: off what is left over stays and is listed, and a value that is wrong is an error', async () => {
  await lab.kubectl('annotate', 'iop/mesh', 'install.istio.io/prune=of', ...inSystem);
  const rejected = statusOf(await untilStatus(lab, 'mesh', 'ERROR'));
  expect(rejected.message).toContain('Did you mean "off"?');
  await applyOperator(lab, anOperator('mesh', { profile: 'default' }));
  await lab.kubectl('annotate', 'iop/mesh', 'install.istio.io/prune=off', '--overwrite', ...inSystem);
  await untilStatus(lab, 'mesh', 'HEALTHY');
  await applyOperator(lab, anOperator('mesh', { profile: 'minimal' }));
  const { conditions } = statusOf(await untilStatus(lab, 'mesh', 'HEALTHY'));
  expect(conditions).toContainEqual(
    expect.objectContaining({ reason: 'NotPruned', message: expect.stringContaining('istio-ingressgateway') }),
  );
  expect(await lab.kubectl('get', 'deployment', ...inSystem, '-o', 'name')).toContain('istio-ingressgateway');
  await lab.kubectl('annotate', 'iop/mesh', 'install.istio.io/prune-', ...inSystem);
  await until('the gateway to go', async () => {
    return !(await lab.kubectl('get', 'deployment', ...inSystem, '-o', 'name')).includes('istio-ingressgateway');
  });
});

test('D9: an object with the annotation ignore keeps the edit of a person, also when the CR changes or goes', async () => {
  const image = () => lab.kubectl('get', 'deployment/istiod', ...inSystem, '-o', 'jsonpath={..containers[0].image}');
  await lab.kubectl('annotate', 'deployment/istiod', 'install.istio.io/ignore=true', ...inSystem);
  await lab.kubectl('set', 'image', 'deployment/istiod', 'discovery=example.com/mine:1', ...inSystem);
  await applyOperator(lab, anOperator('mesh', { profile: 'minimal', tag: '1.30.2' }));
  await untilStatus(lab, 'mesh', 'HEALTHY');
  expect(await image()).toBe('example.com/mine:1');
  await lab.kubectl('delete', 'iop', 'mesh', ...inSystem, '--timeout=30s');
  expect(await image()).toBe('example.com/mine:1');
  expect(await lab.kubectl('get', 'service', ...inSystem, '-o', 'name')).not.toContain('istiod');
});
