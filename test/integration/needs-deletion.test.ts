import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type LiveObject, mapConcurrently } from '../../src/apply/index.ts';
import { drainHook } from '../../src/cli/generate/chart-hooks.ts';
import { renderResource } from '../../src/cli/input/render-resource.ts';
import { drain } from '../../src/cli/live/drain.ts';
import { connect } from '../../src/cluster/index.ts';
import { type JsonObject, type KubernetesObject, systemClock, valueAt } from '../../src/core/index.ts';
import { writeKubeconfig } from '../support/proxied-cluster.ts';
import {
  anOperator,
  applyOperator,
  getOperator,
  type RunningOperator,
  startOperator,
  statusOf,
  until,
  untilStatus,
  useLab,
} from './operator-harness.ts';

const lab = await useLab();
let operator = await startOperator(lab, { revision: '' });

const remove = (name: string, namespace = 'istio-system') =>
  lab.kubectl('delete', 'iop', name, '-n', namespace, '--timeout=30s');

const gatewayOnly = (name: string) => ({
  profile: 'empty',
  components: { ingressGateways: [{ name, enabled: true }] },
});

async function install(name: string, spec: JsonObject, namespace = 'istio-system'): Promise<void> {
  await applyOperator(lab, anOperator(name, spec, namespace));
  await untilStatus(lab, name, 'HEALTHY', namespace);
}

/** What is left of the installation of a CR. */
async function leftOf(name: string): Promise<string> {
  const kinds = 'deployment,service,configmap,serviceaccount,hpa,pdb,role,rolebinding,clusterrole,clusterrolebinding';
  const label = `install.operator.istio.io/owning-resource=${name}`;
  const webhooks = 'mutatingwebhookconfiguration,validatingwebhookconfiguration';
  return (await lab.kubectl('get', `${kinds},${webhooks}`, '-A', '-l', label, '-o', 'name')).trim();
}

test('B1: twenty namespaces, each with a CR and its gateway in it, are deleted together without getting stuck', async () => {
  const namespaces = Array.from({ length: 20 }, (_unused, index) => `team-${index}`);
  for (const namespace of namespaces) {
    await lab.client.create(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      { fieldManager: 'test-user' },
      lab.scope,
    );
    const gateway = { name: 'edge', enabled: true, namespace };
    await applyOperator(
      lab,
      anOperator('edge', { profile: 'empty', components: { ingressGateways: [gateway] } }, namespace),
    );
  }
  for (const namespace of namespaces) await untilStatus(lab, 'edge', 'HEALTHY', namespace);
  // the namespace controller looks again after pauses of its own, which is most of the time
  await lab.kubectl('delete', 'namespace', ...namespaces, '--timeout=60s');
}, 120_000);

test('B1: a namespace that is deleted while the operator is away is gone soon after it is back', async () => {
  await lab.kubectl('create', 'namespace', 'away');
  await install(
    'edge',
    { profile: 'empty', components: { ingressGateways: [{ name: 'edge', enabled: true }] } },
    'away',
  );
  await operator[Symbol.asyncDispose]();
  await lab.kubectl('delete', 'namespace', 'away', '--wait=false');
  operator = await startOperator(lab, { revision: '' });
  await until('the namespace to be gone', async () => {
    const left = await lab.kubectl('get', 'namespace', 'away', '--ignore-not-found', '-o', 'name');
    return left.trim() === '';
  });
});

/** An operator for one namespace, with a CR and its gateway in it. */
async function anInstallation(namespace: string): Promise<RunningOperator> {
  await lab.kubectl('create', 'namespace', namespace);
  const running = await startOperator(lab, { watchNamespaces: [namespace], lock: `${namespace}/lock` });
  const gateway = { name: 'edge', enabled: true, namespace };
  await applyOperator(
    lab,
    anOperator('edge', { profile: 'empty', components: { ingressGateways: [gateway] } }, namespace),
  );
  await untilStatus(lab, 'edge', 'HEALTHY', namespace);
  return running;
}

test('B1: operator and namespace go together, twenty times, and no CR is left', async () => {
  // the account of the chart's hook, which has to do with what it may
  const hook = drainHook({ metadata: { name: 'istio-operator' } });
  const given = hook.objects
    .filter(({ kind }) => kind !== 'Job')
    .map((object) => inNamespace(object, 'istio-operator'));
  await lab.kubectl('create', 'namespace', 'istio-operator');
  for (const object of given) await lab.client.create(object, { fieldManager: 'helm' }, lab.scope);
  const folder = await mkdtemp(join(tmpdir(), 'istio-operator-'));
  const token = (await lab.kubectl('create', 'token', 'istio-operator-drain', '-n', 'istio-operator')).trim();
  const kubeconfigPath = await writeKubeconfig(join(folder, 'kubeconfig.yaml'), lab.cluster, { token });
  using account = await connect({ kubeconfigPath }, { clock: systemClock }, lab.scope);
  await operator[Symbol.asyncDispose](); // it would help
  const namespaces = Array.from({ length: 20 }, (_unused, index) => `gone-${index}`);
  const deps = { cluster: account, clock: systemClock, say: async () => {}, warn: async () => {} };
  const deployment = { namespace: 'istio-operator', name: 'istio-operator' };
  await mapConcurrently(namespaces, 5, async (namespace) => {
    const running = await anInstallation(namespace);
    const job = { fate: 'release', watchNamespaces: [namespace], deployment, timeoutMs: 1_000 } as const;
    await Promise.all([
      running[Symbol.asyncDispose](),
      lab.kubectl('delete', 'namespace', namespace, '--wait=false'),
      drain(job, deps, lab.scope),
    ]);
    await until('the CR to be gone', async () => (await getOperator(lab, 'edge', namespace)) === undefined);
  });
  await lab.kubectl('wait', '--for=delete', ...namespaces.map((name) => `namespace/${name}`), '--timeout=60s');
  operator = await startOperator(lab, { revision: '' });
  await rm(folder, { recursive: true });
}, 240_000);

/** An object of `deploy/` in the namespace of the operator. */
function inNamespace(object: JsonObject, namespace: string): KubernetesObject {
  const isClusterScoped = String(object.kind).startsWith('Cluster');
  const metadata = { ...(object.metadata as JsonObject), ...(isClusterScoped ? {} : { namespace }) };
  return { ...object, metadata } as unknown as KubernetesObject;
}

test('B2: a revisioned CR whose istiod does not run is deleted, and no pod is asked for it', async () => {
  const nowhere = { nodeSelector: { 'example.com/nowhere': 'x' } };
  await applyOperator(
    lab,
    anOperator('canary', { profile: 'minimal', revision: 'canary', components: { pilot: { k8s: nowhere } } }),
  );
  await until('istiod to be pending', async () => {
    const status = statusOf(await getOperator(lab, 'canary'));
    return valueAt(status, 'componentStatus', 'Pilot', 'status') === 'RECONCILING';
  });
  const index = operator.requests.length;
  await remove('canary');
  expect(await leftOf('canary')).toBe('');
  const asked = operator.requestsSince(index, ['get', 'list', 'watch', 'create']).map(({ resource }) => resource);
  expect(asked.filter((resource) => resource.startsWith('pods'))).toEqual([]);
});

test('B4: when the CR is gone, so is all that it installed, in every namespace', async () => {
  const cni = { enabled: true, namespace: 'kube-system' };
  await install('mesh', { profile: 'demo', components: { cni } });
  expect((await leftOf('mesh')).split('\n').length).toBeGreaterThan(20);
  await remove('mesh');
  expect(await leftOf('mesh')).toBe('');
});

test('B6: CRDs with the users’ objects, and namespaces, survive the deletion of the CR', async () => {
  await install('mesh', { profile: 'minimal' });
  const service = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'mine', namespace: 'default' },
  };
  const route = [{ destination: { host: 'a' } }];
  const virtualService = { ...service, spec: { hosts: ['a'], http: [{ route }] } };
  await lab.client.apply(virtualService, { fieldManager: 'user', force: true }, lab.scope);
  await remove('mesh');
  expect(await lab.kubectl('get', 'virtualservice', '-n', 'default', '-o', 'name')).toContain('mine');
  expect(await lab.kubectl('get', 'namespace', 'istio-system', '-o', 'name')).toContain('istio-system');
});

test('B6: with the annotation the CRDs go with the CR, unless another one holds them', async () => {
  await install('mesh', { profile: 'minimal' });
  await install('other', { profile: 'empty', components: { base: { enabled: true } } });
  for (const name of ['mesh', 'other'])
    await lab.kubectl('annotate', 'iop', name, 'install.istio.io/purge=true', '-n', 'istio-system');
  const definitions = async () => (await lab.kubectl('get', 'crd', '-o', 'name')).match(/\S+\.istio\.io/g) ?? [];
  const all = (await definitions()).length;
  expect(all).toBeGreaterThan(10);
  await remove('mesh');
  expect(await definitions()).toHaveLength(all);
  const owned = ['get', 'crd', '-l', 'install.operator.istio.io/owning-resource=other', '-o', 'name'];
  await until('the other one to look after them', async () => (await lab.kubectl(...owned)).includes('gateways'));
  await untilStatus(lab, 'other', 'HEALTHY');
  await remove('other');
  expect(await definitions()).toEqual([
    'customresourcedefinition.apiextensions.k8s.io/istiooperators.install.istio.io',
  ]);
});

/** What makes a CR one that cannot be worked on, after it was installed. */
const hopeless: Record<string, (name: string) => readonly string[]> = {
  invalid: (name) => ['patch', 'iop', name, '--type=merge', '-p', '{"spec":{"profile":"dmeo"}}'],
  paused: (name) => ['annotate', 'iop', name, 'install.istio.io/ignoreReconcile=true'],
};

test.each(Object.entries(hopeless))('B7: a CR that is %s is deleted cleanly', async (what, spoil) => {
  const name = `b7-${what}`;
  await install(name, gatewayOnly(name));
  await lab.kubectl(...spoil(name), '-n', 'istio-system');
  await remove(name);
  expect(await leftOf(name)).toBe('');
});

test('B7: a CR of a revision that the operator does not look after is deleted cleanly by it', async () => {
  await install('b7-rev', gatewayOnly('b7-rev'));
  await operator[Symbol.asyncDispose]();
  operator = await startOperator(lab, { revision: 'other' });
  await remove('b7-rev');
  expect(await leftOf('b7-rev')).toBe('');
  await operator[Symbol.asyncDispose]();
  operator = await startOperator(lab, { revision: '' });
});

test('B8: a CR with the finalizer of the classic operator, and no inventory, is deleted with what carries its labels', async () => {
  const labels = {
    'operator.istio.io/component': 'Pilot',
    'operator.istio.io/managed': 'Reconcile',
    'install.operator.istio.io/owning-resource': 'classic',
    'install.operator.istio.io/owning-resource-namespace': 'istio-system',
  };
  const old = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'old-mesh', namespace: 'istio-system', labels },
  };
  await lab.client.apply(old, { fieldManager: 'istio-operator', force: true }, lab.scope);
  const classic = anOperator('classic', { profile: 'no-such-profile' });
  const finalizers = ['istio-finalizer.install.istio.io'];
  await applyOperator(lab, { ...classic, metadata: { ...classic.metadata, finalizers } });
  await untilStatus(lab, 'classic', 'ERROR');
  await remove('classic');
  expect(await lab.kubectl('get', 'configmap', '-n', 'istio-system', '-o', 'name')).not.toContain('old-mesh');
});

test('C3: a deletion that does not come to an end holds up no other CR', async () => {
  await install('stuck', gatewayOnly('stuck'));
  await lab.kubectl(
    'patch',
    'service/stuck',
    '-n',
    'istio-system',
    '--type=merge',
    '-p',
    '{"metadata":{"finalizers":["example.com/wait"]}}',
  );
  await lab.kubectl('delete', 'iop/stuck', '-n', 'istio-system', '--wait=false');
  await until('the status to say so', async () =>
    /removing/.test(String(valueAt(statusOf(await getOperator(lab, 'stuck')), 'message'))),
  );
  await install('quick', gatewayOnly('quick'));
  await lab.kubectl(
    'patch',
    'service/stuck',
    '-n',
    'istio-system',
    '--type=merge',
    '-p',
    '{"metadata":{"finalizers":null}}',
  );
  await until('the CR to be gone', async () => (await getOperator(lab, 'stuck')) === undefined);
});

test('J1, J2: an installation with Helm’s manager is left alone, then taken over in place when told to', async () => {
  const map = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio', namespace: 'istio-system', labels: { 'app.kubernetes.io/managed-by': 'Helm' } },
    data: { mesh: 'theirs' },
  };
  await lab.client.apply(map, { fieldManager: 'helm', force: true }, lab.scope);
  const uid = () => lab.kubectl('get', 'configmap', 'istio', '-n', 'istio-system', '-o', 'jsonpath={.metadata.uid}');
  const before = await uid();
  await applyOperator(lab, anOperator('helm', { profile: 'minimal' }));
  const failed = await untilStatus(lab, 'helm', 'ERROR');
  expect(valueAt(statusOf(failed), 'message')).toMatch(
    /ConfigMap istio-system\/istio.*helm.*install\.istio\.io\/adopt/,
  );
  await lab.kubectl('annotate', 'iop/helm', 'install.istio.io/adopt=true', '-n', 'istio-system');
  await untilStatus(lab, 'helm', 'HEALTHY');
  expect(await uid()).toBe(before);
  const live = JSON.parse(
    await lab.kubectl('get', 'configmap', 'istio', '-n', 'istio-system', '--show-managed-fields', '-o', 'json'),
  );
  const owners = live.metadata.managedFields.filter((entry: JsonObject) => JSON.stringify(entry).includes('f:mesh"'));
  expect(owners.map(({ manager }: { manager: string }) => manager)).toEqual(['istio-operator']);
  await remove('helm');
});

const spec = { profile: 'default', values: { global: { networkPolicy: { enabled: true } } } };

/** The objects that a CR installs, as they are live. */
async function liveObjects(objects: readonly KubernetesObject[]): Promise<readonly LiveObject[]> {
  return await Promise.all(
    objects.map(async (object) => {
      const { name, namespace = '' } = object.metadata;
      const live = await lab.client.get({ ...object, name, namespace }, lab.scope);
      if (live === undefined) throw new Error(`${object.kind} ${name} is gone`);
      return live;
    }),
  );
}

/** An object without what a hand-back changes, and without what other controllers do. */
function kept({ metadata, status: _status, ...content }: LiveObject) {
  const { managedFields: _owners, resourceVersion: _version, labels = {}, annotations, ...rest } = metadata;
  const others = Object.entries(labels).filter(([label]) => !/^(install\.)?operator\.istio\.io\//.test(label));
  const { 'deployment.kubernetes.io/revision': _revision, ...own } = annotations ?? {};
  return { ...content, metadata: { ...rest, annotations: own, labels: Object.fromEntries(others) } };
}

/** What another installer wants: the same objects, and some of them otherwise. */
function wantedByHelm(object: KubernetesObject): KubernetesObject {
  const { 'operator.istio.io/version': _version, ...labels } = object.metadata.labels ?? {};
  const theirs = { ...labels, 'app.kubernetes.io/managed-by': 'Helm', 'operator.istio.io/component': 'Theirs' };
  const changed = object.kind === 'ConfigMap' ? { data: { mesh: 'theirs' } } : {};
  return { ...object, ...changed, metadata: { ...object.metadata, labels: theirs } };
}

test('J2: what is handed back stays as it is, and Helm takes it over without a conflict and without force', async () => {
  await install('handed', spec);
  const rendered = renderResource(anOperator('handed', spec), await lab.client.facts(lab.scope));
  const objects = rendered.components.flatMap((component) => component.objects);
  const before = await liveObjects(objects);
  await lab.kubectl('annotate', 'iop', 'handed', 'install.istio.io/hand-back=true', '-n', 'istio-system');
  await remove('handed');
  const after = await liveObjects(objects);
  expect(after.map(kept)).toEqual(before.map(kept));
  expect(await leftOf('handed')).toBe('');
  const owners = after.flatMap(({ metadata }) => (metadata.managedFields ?? []).map(({ manager }) => manager));
  expect(owners).not.toContain('istio-operator');
  expect(owners).not.toContain('istio-operator-handover');
  for (const object of objects) {
    await lab.client.apply(wantedByHelm(object), { fieldManager: 'helm', force: false }, lab.scope);
  }
  const theirs = await liveObjects(objects);
  expect(theirs.map(({ metadata }) => metadata.uid)).toEqual(before.map(({ metadata }) => metadata.uid));
  // and back again, so that nothing is left
  const adopt = anOperator('handed', spec);
  const annotations = { 'install.istio.io/adopt': 'true' };
  await applyOperator(lab, { ...adopt, metadata: { ...adopt.metadata, annotations } });
  await untilStatus(lab, 'handed', 'HEALTHY');
  await remove('handed');
  expect(await leftOf('handed')).toBe('');
});
