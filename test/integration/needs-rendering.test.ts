import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { LiveObject } from '../../src/apply/index.ts';
import { asJson, isObject, type JsonObject, type KubernetesObject, valueAt } from '../../src/core/index.ts';
import { startClusterProxy, writeKubeconfig } from '../support/proxied-cluster.ts';
import {
  anOperator,
  applyOperator,
  getOperator,
  type StartOperatorOptions,
  startOperator,
  statusOf,
  until,
  untilStatus,
  useLab,
  writesSince,
} from './operator-harness.ts';

/** What is rendered, as it arrives in a cluster: restarts, platforms, registries, profiles. */

const lab = await useLab();
const { folder } = lab;
let operator = await startOperator(lab);

afterEach(async () => {
  await lab.kubectl('delete', 'iop', '--all', '-n', 'istio-system', '--timeout=30s');
});

async function install(name: string, spec: JsonObject): Promise<LiveObject> {
  await applyOperator(lab, anOperator(name, spec));
  return await untilStatus(lab, name, 'HEALTHY');
}

/** What a CR owns, as `Kind namespace/name`. */
function owned(resource: LiveObject): readonly string[] {
  const inventory = statusOf(resource).inventory;
  const entries = Array.isArray(inventory) ? inventory.filter(isObject) : [];
  return entries.map(({ kind, namespace = '', name }) => `${kind} ${namespace}/${name}`).sort();
}

/** All live objects of these kinds that a component of Istio installed. */
async function installed(kinds: string): Promise<readonly JsonObject[]> {
  const label = 'operator.istio.io/component,operator.istio.io/component!=AddonComponents';
  return JSON.parse(await lab.kubectl('get', kinds, '-A', '-l', label, '-o', 'json')).items;
}

async function live(kind: string, name: string): Promise<LiveObject> {
  const ref = { apiVersion: 'apps/v1', kind, namespace: 'istio-system', name };
  const found = await lab.client.get(ref, lab.scope);
  if (found === undefined) throw new Error(`${kind} ${name} does not exist`);
  return found;
}

/** Every value of a field, wherever it is. */
function valuesOf(value: unknown, field: string): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesOf(item, field));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key === field ? [inner] : []),
    ...valuesOf(inner, field),
  ]);
}

async function restart(options: StartOperatorOptions = {}): Promise<void> {
  await operator[Symbol.asyncDispose]();
  operator = await startOperator(lab, options);
}

/** Lets another operator work for a while. */
async function withOperator(options: StartOperatorOptions, work: () => Promise<void>): Promise<void> {
  await restart(options);
  await work().finally(() => restart());
}

test('D4: restarted five times, the operator writes nothing, and what hpaSpec says stays', async () => {
  const hpaSpec = { minReplicas: 2, maxReplicas: 9 };
  const before = await install('d4', { profile: 'default', components: { pilot: { k8s: { hpaSpec } } } });
  for (let round = 0; round < 5; round++) {
    await restart();
    await until('its pass', async () => operator.passes.length > 0);
    const written = writesSince(operator, 0).map(({ verb, resource }) => `${verb} ${resource}`);
    expect(written.filter((write) => !write.includes('istiooperators'))).toEqual([]); // a count in status may be new
  }
  expect(statusOf(await getOperator(lab, 'd4')).inventory).toEqual(statusOf(before).inventory); // the same digests
  const [autoscaler] = (await installed('hpa')).filter((hpa) => valueAt(hpa, 'metadata', 'name') === 'istiod');
  expect(autoscaler).toMatchObject({ spec: hpaSpec });
});

test('F3: a change of the mesh configuration restarts no ztunnel', async () => {
  const pods = () => lab.kubectl('get', 'pods', '-A', '-l', 'app=ztunnel', '-o', 'jsonpath={.items[*].metadata.uid}');
  const spec = { profile: 'ambient', components: { cni: { namespace: 'kube-system' } } };
  await install('f3', spec);
  const [before, uids] = [await live('DaemonSet', 'ztunnel'), await pods()];
  await install('f3', { ...spec, meshConfig: { accessLogFile: '/dev/stdout' } });
  expect(await lab.kubectl('get', 'configmap', 'istio', '-n', 'istio-system', '-o', 'yaml')).toContain('/dev/stdout');
  const after = await live('DaemonSet', 'ztunnel');
  expect(after.metadata.generation).toBe(before.metadata.generation);
  expect(valueAt(asJson(after as KubernetesObject), 'spec', 'template')).toEqual(
    valueAt(asJson(before as KubernetesObject), 'spec', 'template'),
  );
  expect(await pods()).toBe(uids);
});

test('H1: a server of version -gke.1 is known as GKE: the same objects plus quotas, and the paths of its nodes', async () => {
  const cni = { enabled: true, namespace: 'kube-system' };
  const withAgent = { profile: 'default', components: { cni, ztunnel: { enabled: true } } };
  const elsewhere = owned(await install('h1', withAgent));
  const plain = owned(await install('h1', { profile: 'default' }));
  const answers = { '/version': { gitVersion: 'v1.34.4-gke.1' } };
  await using proxy = await startClusterProxy(lab.cluster, { answers });
  const kubeconfigPath = await writeKubeconfig(join(folder, 'gke.yaml'), lab.cluster, { server: proxy.url });
  await withOperator({ connection: { kubeconfigPath } }, async () => {
    expect(owned(await install('h1', { profile: 'default', tag: '1.30.2' }))).toEqual(plain); // nothing is switched on
    const onGke = owned(await install('h1', withAgent));
    expect(onGke).toEqual(expect.arrayContaining([...elsewhere]));
    expect(onGke.filter((name) => !elsewhere.includes(name))).toEqual(['ResourceQuota istio-system/ztunnel']);
    expect(JSON.stringify(valuesOf(await installed('daemonset'), 'hostPath'))).toContain('/home/kubernetes/bin');
  });
});

test.each([
  'demo',
  'ambient',
])('H3: one hub reaches every image of %s, pull secrets every ServiceAccount', async (profile) => {
  const values = { global: { imagePullSecrets: ['pull'] } };
  const components = { cni: { enabled: true, namespace: 'kube-system' } };
  await install('h3', { profile, hub: 'registry.example.com/istio', values, components });
  const workloads = await installed('deployment,daemonset');
  const images = workloads.flatMap((workload) => valuesOf(valueAt(workload, 'spec', 'template', 'spec'), 'image'));
  expect(images.length).toBeGreaterThan(2);
  for (const image of images) expect(image).toMatch(/^(registry\.example\.com\/istio\/|auto$)/);
  const accounts = await installed('serviceaccount');
  expect(accounts.length).toBeGreaterThan(2);
  for (const account of accounts) expect(account).toMatchObject({ imagePullSecrets: [{ name: 'pull' }] });
});

test('H4: the remote profile installs webhooks and the reader, and no control plane', async () => {
  const values = { global: { remotePilotAddress: 'istiod.example.com' } };
  const objects = owned(await install('h4', { profile: 'remote', values }));
  expect(objects).toContain('ServiceAccount istio-system/istio-reader-service-account');
  expect(objects.filter((object) => object.startsWith('MutatingWebhookConfiguration'))).not.toEqual([]);
  expect(await installed('deployment,daemonset')).toEqual([]);
});

test('H2: a cluster with the API group of OpenShift is one: its settings, Multus, and the shipped role is enough', async () => {
  const definition = (plural: string, kind: string, group: string, scope: string) => {
    const versions = [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ];
    const names = { plural, kind, singular: kind.toLowerCase() };
    const metadata = { name: `${plural}.${group}` };
    return {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata,
      spec: { group, names, scope, versions },
    };
  };
  const definitions = [
    definition('securitycontextconstraints', 'SecurityContextConstraints', 'security.openshift.io', 'Cluster'),
    definition('network-attachment-definitions', 'NetworkAttachmentDefinition', 'k8s.cni.cncf.io', 'Namespaced'),
  ];
  for (const object of definitions)
    await lab.client.create(object as KubernetesObject, { fieldManager: 'test-user' }, lab.scope);
  await until('OpenShift to be known', async () => (await lab.client.facts(lab.scope)).platform === 'openshift');
  await lab.kubectl('apply', '-k', 'deploy');
  const token = (await lab.kubectl('create', 'token', 'istio-operator', '-n', 'istio-operator')).trim();
  const kubeconfigPath = await writeKubeconfig(join(folder, 'account.yaml'), lab.cluster, { token });
  await withOperator({ connection: { kubeconfigPath } }, async () => {
    const components = { cni: { enabled: true, namespace: 'kube-system' } };
    const objects = owned(await install('h2', { profile: 'minimal', components }));
    expect(objects).toContain('NetworkAttachmentDefinition default/istio-cni');
    const [agent] = await installed('daemonset');
    expect(JSON.stringify(valuesOf(agent, 'hostPath'))).toContain('/etc/cni/multus/net.d');
    expect(JSON.stringify(valuesOf(agent, 'seLinuxOptions'))).toContain('spc_t');
  });
});
