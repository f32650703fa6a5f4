import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Interrupted } from '../../src/cli/terminal/io.ts';
import { iop as run } from '../unit/cli/fake-io.ts';
import { anOperator, applyOperator, startOperator, untilStatus, useLab } from './operator-harness.ts';

const lab = await useLab();
const iop = (...args: string[]) => run([...args, '-c', lab.cluster.kubeconfigPath]);
const names = async (kind: string) =>
  (await lab.kubectl('get', kind, '-A', '-o', 'name')).split('\n').filter((name) => name !== '');

describe('a life without an operator', () => {
  test('nobody to ask and no -y changes nothing', async () => {
    const { exitCode, stderr } = await iop('install');
    expect(exitCode).toBe(64);
    expect(stderr).toContain('Add -y');
    expect(await names('deployments')).toEqual([]);
  });

  test('install --dry-run and plan show what would come', async () => {
    const { exitCode, stdout } = await iop('plan');
    expect(stdout).toContain('+ Deployment istio-system/istiod');
    expect(exitCode).toBe(2);
    expect((await iop('install', '--dry-run')).stdout).toBe(stdout);
    expect(await names('deployments')).toEqual([]);
  });

  test('an install that is interrupted ends with 130', async () => {
    const stop = new AbortController();
    const running = run(['install', '-y', '-c', lab.cluster.kubeconfigPath], { signal: stop.signal });
    const found = async (): Promise<void> => {
      if ((await names('crd')).length < 2) await found();
    };
    await found();
    stop.abort(new Interrupted('SIGINT', 130));
    const { exitCode, stderr } = await running;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('the same command finishes the installation');
  });

  test('the next install finishes it and reports objects as JSON', async () => {
    const { exitCode, stdout, stderr } = await iop('install', '-y', '-o', 'json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      version: '1.30.3',
      revision: 'default',
      owner: { name: 'installed-state' },
    });
    expect(stderr).toContain('Pilot: ready');
    expect(await names('deployments')).toEqual(['deployment.apps/istio-ingressgateway', 'deployment.apps/istiod']);
  });

  test('then nothing would change, and everything is verified', async () => {
    expect(await iop('plan')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Nothing would change') });
    for (const args of [[], ['-r', 'default']]) {
      const { exitCode, stdout } = await iop('verify', ...args);
      expect(stdout).toContain('1 of 1 ready');
      expect(exitCode).toBe(0);
    }
  });

  test('status and version know the control plane and who uses it', async () => {
    await lab.kubectl('label', 'namespace', 'default', 'istio-injection=enabled');
    const { stdout } = await iop('status', '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      controlPlanes: [{ revision: 'default', version: '1.30.3', ready: 1, desired: 1 }],
      use: [{ revision: 'default', namespaces: ['default'], pods: 1 }], // the pod is the gateway's
    });
    expect((await iop('version')).stdout).toMatch(/istio-system\/istiod +default +1\.30\.3/);
  });

  test('RBAC decides by whom the flags name to act as', async () => {
    expect(await iop('status', '--as', 'me')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('User "me" cannot list'),
    });
    expect(await iop('status', '--as', 'me', '--as-group', 'system:masters')).toMatchObject({ exitCode: 0 });
  });

  test('a mistyped revision is told from one that is there', async () => {
    for (const args of [
      ['verify', '-r', 'defualt'],
      ['upgrade', '-r', 'defualt', '-y'],
    ]) {
      const { exitCode, stderr } = await iop(...args);
      expect(stderr).toContain('Did you mean "default"?');
      expect(exitCode).toBe(1);
    }
    const dryRun = await iop('upgrade', '-r', 'default', '--dry-run');
    expect(dryRun.stdout).toContain('Nothing would change'); // it is the one without a name, no second one
    expect((await iop('uninstall', '-r', 'defualt', '-y')).stderr).toContain('The cluster has: default.');
  });

  test('verify says what it has compared with when something differs', async () => {
    await lab.kubectl('-n', 'istio-system', 'delete', 'hpa', 'istiod');
    expect((await iop('verify')).stderr).toContain('This compares with the default profile.');
    expect((await iop('verify', '--set', 'profile=default')).stderr).toBe('');
    expect((await iop('install', '-y', '-q')).exitCode).toBe(0);
  });

  test('an edit shows field by field in plan and verify', async () => {
    await lab.kubectl('-n', 'istio-system', 'set', 'image', 'deployment/istiod', 'discovery=example.com/pilot:9');
    const planned = await iop('plan');
    expect(planned.stdout).toContain(
      'spec.template.spec.containers[name=discovery].image: "example.com/pilot:9" → "registry.istio.io/release/pilot:1.30.3"',
    );
    expect(planned.exitCode).toBe(2);
    const verified = await iop('verify');
    expect(verified.stdout).toMatch(/differs +Pilot +Deployment istio-system\/istiod/);
    expect(verified.exitCode).toBe(1);
  });

  test('a change of settings removes what is no longer asked for', async () => {
    const set = [
      '--set',
      'components.ingressGateways[0].enabled=false',
      '--set',
      'components.ingressGateways[0].name=istio-ingressgateway',
    ];
    expect((await iop('plan', ...set)).stdout).toContain('- Deployment istio-system/istio-ingressgateway');
    expect((await iop('install', '-y', '-q', ...set)).exitCode).toBe(0);
    expect(await names('deployments')).toEqual(['deployment.apps/istiod']);
  });

  test('a tag is set, listed and removed', async () => {
    expect(await iop('tag', 'set', 'prod', '-r', 'nope')).toMatchObject({ exitCode: 1 });
    expect(await iop('tag', 'set', 'prod', '-r', 'default')).toMatchObject({ exitCode: 0 });
    expect((await iop('tag', 'list')).stdout).toMatch(/prod +default/);
    expect((await iop('tag', 'list', '-o', 'yaml')).stdout).toContain('tag: prod\n');
    expect((await iop('plan', '--set', 'components.ingressGateways[0].enabled=false')).stdout).not.toContain(
      'tag-prod',
    );
    expect(await iop('tag', 'remove', 'prod', '-y')).toMatchObject({ exitCode: 0 });
    expect((await iop('tag', 'list')).stdout).toBe('');
  });

  test('tag generate prints what tag set applies', async () => {
    const { exitCode, stdout } = await iop('tag', 'generate', 'next', '-r', 'default', '--webhook-name', 'mine');
    expect(stdout).toContain('kind: MutatingWebhookConfiguration\n');
    expect(stdout).toContain('name: mine\n');
    expect(exitCode).toBe(0);
    expect((await iop('tag', 'list')).stderr).toBe('There are no tags.\n');
    const everywhere = await iop('tag', 'generate', 'next', '-r', 'default', '--auto-inject-namespaces');
    expect(everywhere.stdout).not.toBe(stdout);
  });

  test('uninstall by revision takes tags, keeps CRDs; purge takes them; namespaces stay', async () => {
    expect(await iop('tag', 'set', 'prod', '-r', 'default')).toMatchObject({ exitCode: 0 });
    const listed = await iop('uninstall', '-r', 'default', '--dry-run');
    expect(listed.stdout).toContain('- Deployment istio-system/istiod');
    expect(await iop('uninstall', '-r', 'default', '-y')).toMatchObject({ exitCode: 0 });
    expect(await names('deployments')).toEqual([]);
    expect((await iop('tag', 'list')).stdout).toBe('');
    expect((await names('crd')).length).toBeGreaterThan(10);
    expect(await iop('uninstall', '--purge', '-y')).toMatchObject({ exitCode: 0 });
    expect(
      (await names('crd')).filter((name) => name.endsWith('istio.io') && !name.includes('istiooperators')),
    ).toEqual([]);
    expect(await names('namespaces')).toContain('namespace/istio-system');
    expect((await iop('status')).stdout).toBe('Istio is not installed.\n');
  });
});

test('operator init -f installs an operator and gives it an IstioOperator; remove takes the operator only', async () => {
  const resource = JSON.stringify({
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    spec: { profile: 'empty' },
  });
  const args = ['operator', 'init', '-f', '-', '-c', lab.cluster.kubeconfigPath];
  const { exitCode, stderr } = await run(args, { stdin: resource });
  expect(stderr).toContain('It has IstioOperator istio-system/installed-state to look after');
  expect(exitCode).toBe(0);
  expect((await iop('operator', 'status')).stdout).toMatch(/istio-system\/installed-state +NONE/);
  const finalizers = ['istio-finalizer.install.istio.io']; // as on what an operator has installed
  const patch = JSON.stringify({ metadata: { finalizers } });
  await lab.kubectl('-n', 'istio-system', 'patch', 'istiooperator', 'installed-state', '--type=merge', '-p', patch);
  const removed = await iop('operator', 'remove', '--purge', '-y');
  expect(removed).toMatchObject({
    exitCode: 0,
    stderr: expect.stringMatching(/released .*istio-system\/installed-state/),
  });
  expect(await names('deployments')).toEqual([]);
  expect(await names('istiooperators.install.istio.io')).toHaveLength(1);
  await lab.kubectl('-n', 'istio-system', 'delete', 'istiooperator', 'installed-state', '--timeout=10s');
});

test('operator init keeps of an operator what the flags say nothing of, and says so', async () => {
  const first = await iop('operator', 'init', '--image', 'a/op:1', '--watchedNamespaces', 'team-a, team-b');
  expect(first).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/^image: a\/op:1\n/) });
  expect(await names('namespaces')).toContain('namespace/team-b');
  const second = await iop('operator', 'init', '--image', 'a/op:2');
  expect(second.stderr).toContain('image: a/op:1 → a/op:2\nwatched namespaces: team-a,team-b, as before\n');
  const third = await iop('operator', 'init');
  expect(third.stderr).toContain('image: a/op:2, as before\nwatched namespaces: team-a,team-b, as before\n');
  expect(await iop('operator', 'remove', '-y')).toMatchObject({ exitCode: 0 });
});

test('operator drain asks first, and fails where an IstioOperator goes without what it has installed', async () => {
  const finalizers = ['istio-finalizer.install.istio.io'];
  const resource = anOperator('left', { profile: 'empty' });
  await applyOperator(lab, { ...resource, metadata: { ...resource.metadata, finalizers } });
  const args = ['operator', 'drain', '--resources', 'remove', '--timeout', '0s'];
  const unasked = await iop(...args);
  expect(unasked).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('Add -y') });
  expect(unasked.stderr).toContain('will be deleted, and all that they installed with them: istio-system/left.');
  expect(unasked.stderr).toContain('There is no Deployment istio-operator/istio-operator');
  expect(await names('istiooperators.install.istio.io')).toHaveLength(1);
  expect(await iop(...args, '-y')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('No operator has looked at the deletion'),
  });
  expect(await names('istiooperators.install.istio.io')).toEqual([]);
});

test('install leaves a mesh that is kept at another version, and a plan says so', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'iop-held-'));
  const file = join(folder, 'mesh.yaml');
  const held = anOperator('held', { profile: 'minimal' });
  const annotations = { 'install.istio.io/istio-version': '1.29' };
  await writeFile(file, JSON.stringify({ ...held, metadata: { ...held.metadata, annotations } }));
  const refused = await iop('install', '-y', '-f', file);
  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('The mesh is kept at Istio 1.29') });
  expect(await names('deployments')).toEqual([]);
  const planned = await iop('plan', '-f', file);
  expect(planned).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('The mesh is kept at Istio 1.29') });
  await rm(folder, { recursive: true });
});

test('an IstioOperator that an operator looks after is verified, warned about, and found as drifted', async () => {
  const operator = await startOperator(lab);
  await applyOperator(lab, anOperator('mine', { profile: 'minimal' }));
  await untilStatus(lab, 'mine', 'HEALTHY');
  await applyOperator(lab, anOperator('canary', { profile: 'minimal', revision: 'canary' }));
  await untilStatus(lab, 'canary', 'HEALTHY');
  await applyOperator(lab, anOperator('broken', { profile: 'dmeo' }));
  await untilStatus(lab, 'broken', 'ERROR');
  const all = await iop('verify');
  expect(all.stdout).toMatch(/ok +istio-system\/mine +Pilot +Deployment istio-system\/istiod /);
  expect(all.stdout).toMatch(/ok +istio-system\/canary +Pilot +Deployment istio-system\/istiod-canary /);
  expect(all.stdout).toMatch(/error +istio-system\/broken +IstioOperator istio-system\/broken +spec\.profile: .*demo/);
  expect(all.stdout).toContain('the IstioOperator istio-system/broken. All 66 objects are there');
  expect(all.exitCode).toBe(1);
  expect(await iop('verify', '-r', 'canary')).toMatchObject({ exitCode: 0 });
  await lab.kubectl('-n', 'istio-system', 'delete', 'istiooperator', 'broken', '--timeout=30s');
  expect(await iop('verify')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('All 66 objects') });
  expect(await iop('verify', '-r', 'default')).toMatchObject({ exitCode: 0 });
  await lab.kubectl('-n', 'istio-system', 'delete', 'istiooperator', 'canary', '--timeout=30s');
  await operator[Symbol.asyncDispose]();
  expect(await iop('verify')).toMatchObject({ exitCode: 0 });
  await lab.kubectl('-n', 'istio-system', 'delete', 'configmap', 'istio');
  const { resources } = JSON.parse((await iop('status', '-o', 'json')).stdout);
  expect(resources).toMatchObject([
    { name: 'istio-system/mine', status: 'HEALTHY', drifted: ['ConfigMap istio-system/istio'] },
  ]);
  const beside = await iop('plan');
  expect(beside.stderr).toContain(' objects also belong to the IstioOperator istio-system/mine, which keeps them');
  const listed = await iop('uninstall', '-r', 'default', '--dry-run');
  expect(listed.stderr).toContain('undoes what differs');
  const upgraded = await iop('upgrade', '-y');
  expect(upgraded.stderr).toContain(
    'belongs to the IstioOperator istio-system/mine, which is upgraded by its operator.',
  );
  expect(upgraded).toMatchObject({ exitCode: 1, stdout: '' });
  expect((await iop('upgrade', '-r', 'nope', '-y')).stderr).toMatch(
    /^error: There is no control plane of the revision/,
  );
  expect(await iop('uninstall', '--purge', '-y', '-q')).toMatchObject({ exitCode: 0 });
  expect(await names('istiooperators.install.istio.io')).toEqual([]);
});
