import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { valueAt } from '../../src/core/index.ts';
import { writeKubeconfig } from '../support/proxied-cluster.ts';
import {
  anOperator,
  applyOperator,
  type Lab,
  startLab,
  startOperator,
  statusOf,
  until,
  untilStatus,
} from './operator-harness.ts';

let lab: Lab;
let folder: string;

beforeAll(async () => {
  lab = await startLab();
  folder = await mkdtemp(join(tmpdir(), 'istio-operator-'));
  await lab.kubectl('apply', '-k', 'deploy');
});

afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** A kubeconfig that has nothing but the token of the operator's account. */
async function operatorKubeconfig(): Promise<string> {
  const token = (await lab.kubectl('create', 'token', 'istio-operator', '-n', 'istio-operator')).trim();
  return await writeKubeconfig(join(folder, 'kubeconfig.yaml'), lab.cluster, { token });
}

test('kubectl apply -k deploy/ goes through, and again', async () => {
  expect(await lab.kubectl('apply', '-k', 'deploy')).toContain('deployment.apps/istio-operator unchanged');
});

test('the shipped Deployment passes the restricted Pod Security Standard', async () => {
  await until('a pod of the operator', async () =>
    (await lab.kubectl('get', 'pods', '-n', 'istio-operator', '-o', 'name')).trim(),
  );
});

test('under the shipped account the operator installs everything, repairs and deletes', async () => {
  await using _operator = await startOperator(lab, {
    connection: { kubeconfigPath: await operatorKubeconfig() },
    emitsEvents: true,
  });
  const spec = {
    profile: 'demo',
    components: { cni: { enabled: true, namespace: 'kube-system' }, ztunnel: { enabled: true } },
    values: { global: { networkPolicy: { enabled: true }, platform: 'gke' } },
  };
  await applyOperator(lab, anOperator('mesh', spec));
  await untilStatus(lab, 'mesh', 'HEALTHY');
  await until('the Event that says so', async () =>
    (await lab.kubectl('get', 'events', '-n', 'istio-system', '--field-selector', 'reason=Healthy')).includes('mesh'),
  );
  await lab.kubectl('delete', 'clusterrole', '-l', 'operator.istio.io/component');
  await until('the roles to be back', async () =>
    (await lab.kubectl('get', 'clusterrole', '-o', 'name')).includes('istiod-clusterrole'),
  );
  await lab.kubectl('delete', 'iop', 'mesh', '-n', 'istio-system', '--timeout=30s');
});

test.each([
  ['update', 'leases.coordination.k8s.io', 'istio-operator'],
  ['watch', 'leases.coordination.k8s.io', 'istio-operator'],
  ['list', 'pods', 'istio-system'],
  ['list', 'events', 'istio-system'],
  ['delete', 'replicasets.apps', 'istio-system'],
])('the shipped account may %s %s in %s', async (verb, resource, namespace) => {
  const account = 'system:serviceaccount:istio-operator:istio-operator';
  expect((await lab.kubectl('auth', 'can-i', verb, resource, '-n', namespace, '--as', account)).trim()).toBe('yes');
});

test('a missing right is named in status, with verb, resource and namespace, and cured by granting it', async () => {
  const role = JSON.parse(await lab.kubectl('get', 'clusterrole', 'istio-operator', '-o', 'json'));
  const without = role.rules.filter((rule: { resources: string[] }) => !rule.resources.includes('daemonsets'));
  await lab.kubectl('patch', 'clusterrole', 'istio-operator', '--type=merge', '-p', JSON.stringify({ rules: without }));
  await using _operator = await startOperator(lab, { connection: { kubeconfigPath: await operatorKubeconfig() } });
  await applyOperator(
    lab,
    anOperator('mesh', { profile: 'minimal', components: { cni: { enabled: true, namespace: 'kube-system' } } }),
  );
  const failed = await untilStatus(lab, 'mesh', 'ERROR');
  expect(String(valueAt(statusOf(failed), 'message'))).toMatch(/(patch|list|watch|get).*daemonsets/);
  await lab.kubectl(
    'patch',
    'clusterrole',
    'istio-operator',
    '--type=merge',
    '-p',
    JSON.stringify({ rules: role.rules }),
  );
  await untilStatus(lab, 'mesh', 'HEALTHY');
});
