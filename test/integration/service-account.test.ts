import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { connect } from '../../src/cluster/index.ts';
import { type JsonObject, type Logger, silentLogger, systemClock, valueAt } from '../../src/core/index.ts';
import { writeKubeconfig } from '../support/proxied-cluster.ts';
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
const { folder } = lab;
await lab.kubectl('apply', '-k', 'deploy');

/** A kubeconfig that has nothing but the token of the operator's account. */
async function operatorKubeconfig(): Promise<string> {
  const token = (await lab.kubectl('create', 'token', 'istio-operator', '-n', 'istio-operator')).trim();
  return await writeKubeconfig(join(folder, 'kubeconfig.yaml'), lab.cluster, { token });
}

/** What an operator says of the rights that it has. */
function watchSelfCheck() {
  let missing: readonly string[] | undefined;
  const log: Logger = {
    ...silentLogger,
    warn: (fields, message) => {
      if (message.startsWith('rights are missing')) missing = (fields as { missing: readonly string[] }).missing;
    },
    debug: (_fields, message) => {
      if (message === 'all rights are there') missing = [];
    },
    child: () => log,
  };
  return { log, isDone: () => missing !== undefined, missing: () => missing };
}

const ACCOUNT = 'system:serviceaccount:istio-operator:istio-operator';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Takes rights out of the shipped ClusterRole until disposed; resolves when the API server acts accordingly. */
async function withoutRights(taken: readonly [string, ...string[]], resource: string): Promise<AsyncDisposable> {
  const { rules } = JSON.parse(await lab.kubectl('get', 'clusterrole', 'istio-operator', '-o', 'json')) as {
    rules: Rule[];
  };
  const set = async (next: readonly Rule[], answer: 'yes' | 'no') => {
    const patch = JSON.stringify({ rules: next });
    await lab.kubectl('patch', 'clusterrole', 'istio-operator', '--type=merge', '-p', patch);
    const [verb] = taken;
    const right = { verb, ...groupAndName(resource), namespace: '' };
    using account = await connect({ kubeconfigPath: await operatorKubeconfig() }, { clock: systemClock }, lab.scope);
    await until(
      `${verb} ${resource} to be ${answer}`,
      async () => (await account.may(right, lab.scope)) === (answer === 'yes'),
    );
  };
  const { group, resource: plural } = groupAndName(resource);
  const left = rules.flatMap((rule) => {
    if (!rule.apiGroups.includes(group) || !rule.resources.includes(plural)) return [rule];
    const others = rule.resources.filter((one) => one !== plural);
    const verbs = rule.verbs.filter((one) => !taken.includes(one));
    return [
      ...(others.length > 0 ? [{ ...rule, resources: others }] : []),
      ...(verbs.length > 0 ? [{ ...rule, resources: [plural], verbs }] : []),
    ];
  });
  await set(left, 'no');
  return { [Symbol.asyncDispose]: () => set(rules, 'yes') };
}

/** `daemonsets.apps` → its resource and group. */
function groupAndName(text: string): { group: string; resource: string } {
  const [resource = '', ...group] = text.split('.');
  return { resource, group: group.join('.') };
}

const gateway = (name: string, rest: JsonObject = {}) => ({
  profile: 'empty',
  components: { ingressGateways: [{ name, enabled: true, ...rest }] },
});

test('kubectl apply -k deploy/ goes through, and again', async () => {
  expect(await lab.kubectl('apply', '-k', 'deploy')).toContain('deployment.apps/istio-operator unchanged');
});

test('the API server finds no fault with deploy/, strictly', async () => {
  const strictly = ['--server-side', '--force-conflicts', '--dry-run=server', '--validate=strict', '-k', 'deploy'];
  const tried = await lab.kubectl('apply', ...strictly);
  expect(
    tried
      .trim()
      .split('\n')
      .filter((line) => !line.endsWith('serverside-applied (server dry run)')),
  ).toEqual([]);
});

test('the shipped Deployment passes the restricted Pod Security Standard', async () => {
  await until('a pod of the operator', async () =>
    (await lab.kubectl('get', 'pods', '-n', 'istio-operator', '-o', 'name')).trim(),
  );
});

test('I4: under the shipped account the operator installs everything, repairs and deletes', async () => {
  const selfCheck = watchSelfCheck();
  await using _operator = await startOperator(lab, {
    connection: { kubeconfigPath: await operatorKubeconfig() },
    emitsEvents: true,
    log: selfCheck.log,
  });
  const spec = {
    profile: 'demo',
    components: { cni: { enabled: true, namespace: 'kube-system' }, ztunnel: { enabled: true } },
    values: { global: { networkPolicy: { enabled: true }, platform: 'gke' } },
  };
  await applyOperator(lab, anOperator('mesh', spec));
  await untilStatus(lab, 'mesh', 'HEALTHY');
  await until('the check of its own rights', async () => selfCheck.isDone());
  expect(selfCheck.missing()).toEqual([]);
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
  expect((await lab.kubectl('auth', 'can-i', verb, resource, '-n', namespace, '--as', ACCOUNT)).trim()).toBe('yes');
});

test('A2, I4: a missing right is named in status, with verb, resource and namespace, and cured by granting it', async () => {
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
  await lab.kubectl('delete', 'iop', 'mesh', '-n', 'istio-system', '--timeout=30s');
});

/** A right, what is installed without it, and what status must then say. */
const removed: Record<string, { verb: string; resource: string; spec: JsonObject; says: RegExp }> = {
  'to write a kind': {
    verb: 'patch',
    resource: 'services',
    spec: gateway('i4'),
    says: /cannot patch resource "services"/,
  },
  'to create a kind': {
    verb: 'create',
    resource: 'roles.rbac.authorization.k8s.io',
    spec: gateway('i4'),
    says: /cannot create resource "roles"/,
  },
  'to see a kind': {
    verb: 'list',
    resource: 'deployments.apps',
    spec: gateway('i4'),
    says: /cannot list resource "deployments"/,
  },
  'to make a namespace': {
    verb: 'create',
    resource: 'namespaces',
    spec: gateway('i4', { namespace: 'i4-new' }),
    says: /cannot create resource "namespaces"/,
  },
  'that istiod is to get': {
    verb: 'create',
    resource: 'tokenreviews.authentication.k8s.io',
    spec: { profile: 'minimal' },
    says: /ClusterRole.*attempting to grant RBAC permissions not currently held/,
  },
};

test.each(Object.entries(removed))('I4: without the right %s the condition Ready names it', async (_name, {
  verb,
  resource,
  spec,
  says,
}) => {
  const selfCheck = watchSelfCheck();
  {
    await using _rights = await withoutRights([verb], resource);
    const connection = { kubeconfigPath: await operatorKubeconfig() };
    await using _operator = await startOperator(lab, { connection, log: selfCheck.log });
    await applyOperator(lab, anOperator('i4', spec));
    const { conditions } = statusOf(await untilStatus(lab, 'i4', 'ERROR'));
    const ready = Array.isArray(conditions) ? conditions.find((one) => valueAt(one, 'type') === 'Ready') : undefined;
    expect(ready).toMatchObject({ status: 'False', reason: 'Forbidden', message: expect.stringMatching(says) });
    await until('the check of its own rights', async () => selfCheck.isDone());
    const isOwn = !resource.startsWith('tokenreviews'); // what is only handed on is no right that the operator uses
    expect(selfCheck.missing()).toEqual(isOwn ? [`${verb} ${resource} in all namespaces`] : []);
  }
  await using _cured = await startOperator(lab, { connection: { kubeconfigPath: await operatorKubeconfig() } });
  await untilStatus(lab, 'i4', 'HEALTHY');
  await lab.kubectl('delete', 'iop', 'i4', '-n', 'istio-system', '--timeout=30s');
});

test('I3: with a list of three namespaces, Roles in them are enough for the CRs, and those elsewhere are left alone', async () => {
  const mine = ['team-a', 'team-b', 'team-c'];
  for (const namespace of [...mine, 'team-d']) await lab.kubectl('create', 'namespace', namespace);
  await using _rights = await withoutRights(['list', 'get', 'watch', 'patch'], 'istiooperators.install.istio.io');
  await using _status = await withoutRights(['patch'], 'istiooperators/status.install.istio.io');
  for (const namespace of mine) {
    const inNamespace = ['-n', namespace];
    const on = [
      '--verb=get,list,watch,patch',
      '--resource=istiooperators.install.istio.io,istiooperators.install.istio.io/status',
    ];
    await lab.kubectl('create', 'role', 'istio-operator', ...on, ...inNamespace);
    const account = '--serviceaccount=istio-operator:istio-operator';
    await lab.kubectl('create', 'rolebinding', 'istio-operator', '--role=istio-operator', account, ...inNamespace);
  }
  const selfCheck = watchSelfCheck();
  const connection = { kubeconfigPath: await operatorKubeconfig() };
  await using _operator = await startOperator(lab, { connection, watchNamespaces: mine, log: selfCheck.log });
  for (const namespace of ['team-d', ...mine]) {
    await applyOperator(lab, anOperator('edge', gateway('edge', { namespace }), namespace));
  }
  for (const namespace of mine) await untilStatus(lab, 'edge', 'HEALTHY', namespace);
  expect(valueAt(statusOf(await getOperator(lab, 'edge', 'team-d')), 'status')).toBeUndefined();
  expect((await lab.kubectl('get', 'deployments', '-n', 'team-d', '-o', 'name')).trim()).toBe('');
  await until('the check of its own rights', async () => selfCheck.isDone());
  expect(selfCheck.missing()).toEqual([]);
  for (const namespace of mine) await lab.kubectl('delete', 'iop', 'edge', '-n', namespace, '--timeout=30s');
});
