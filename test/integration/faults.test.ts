import { afterEach, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { renderResource } from '../../src/cli/input/render-resource.ts';
import { type JsonObject, valueAt } from '../../src/core/index.ts';
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

/** The faults of the in-cluster operator that Istio removed, one test each: here they must not be. */

const lab = await useLab();
const operator = await startOperator(lab, { maxConcurrentReconciles: 1, readinessTimeoutMs: 5_000 });

/** Every test starts from nothing. */
afterEach(async () => {
  await lab.kubectl('delete', 'iop', '--all', '-A', '--timeout=50s');
  await lab.kubectl('delete', 'quota', '--all', '-n', 'istio-system');
});

const inSystem = ['-n', 'istio-system'];
const get = async (kind: string, name: string) =>
  JSON.parse(await lab.kubectl('get', kind, name, ...inSystem, '-o', 'json'));
const remove = (name: string) => lab.kubectl('delete', 'iop', name, ...inSystem, '--timeout=30s');
const message = async (name: string) => String(valueAt(statusOf(await getOperator(lab, name)), 'message'));

const gatewayOnly = (name: string, k8s: JsonObject = {}) =>
  anOperator(name, { profile: 'empty', components: { ingressGateways: [{ name, enabled: true, k8s }] } });

async function conditionOf(name: string, type: string): Promise<JsonObject> {
  const conditions = statusOf(await getOperator(lab, name)).conditions as JsonObject[];
  return conditions.find((condition) => condition.type === type) ?? {};
}

async function install(name: string, k8s: JsonObject = {}): Promise<void> {
  await applyOperator(lab, gatewayOnly(name, k8s));
  await untilStatus(lab, name, 'HEALTHY');
}

test('fault 1: a failed reconcile is tried again by itself, and a render failure keeps the status', async () => {
  await lab.kubectl('create', 'quota', 'none', '--hard=count/services=0', ...inSystem);
  await applyOperator(lab, gatewayOnly('f1'));
  await untilStatus(lab, 'f1', 'ERROR');
  expect(await message('f1')).toMatch(/Service istio-system\/f1.*exceeded quota/);
  await lab.kubectl('delete', 'quota', 'none', ...inSystem);
  await untilStatus(lab, 'f1', 'HEALTHY');
  await lab.kubectl('patch', 'iop', 'f1', ...inSystem, '--type=merge', '-p', '{"spec":{"profile":"dmeo"}}');
  const failed = statusOf(await untilStatus(lab, 'f1', 'ERROR'));
  expect(failed.message).toMatch(/spec\.profile/);
  expect(valueAt(failed, 'componentStatus', 'IngressGateways', 'status')).toBe('HEALTHY');
});

test('fault 2: an owned object that is edited or deleted is as it was, told from the live state', async () => {
  await install('f2');
  await lab.kubectl('label', 'service/f2', 'app=edited', '--overwrite', ...inSystem);
  await until('the label to be restored', async () => (await get('service', 'f2')).metadata.labels.app !== 'edited');
  await lab.kubectl('delete', 'service/f2', ...inSystem);
  await until('the Service to be back', async () =>
    (await lab.kubectl('get', 'service', ...inSystem, '-o', 'name')).includes('f2'),
  );
});

test('fault 3: neither a wrong profile nor a pause nor a readiness that never comes keeps a CR from going', async () => {
  await install('f3');
  await lab.kubectl('patch', 'iop', 'f3', ...inSystem, '--type=merge', '-p', '{"spec":{"profile":"dmeo"}}');
  await lab.kubectl('annotate', 'iop', 'f3', 'install.istio.io/ignoreReconcile=true', ...inSystem);
  await remove('f3');
  expect(await lab.kubectl('get', 'deployment', ...inSystem, '-o', 'name')).not.toContain('f3');
});

test('fault 4: with a single worker, a rollout that never ends delays no other CR, and stops its own children', async () => {
  const nowhere = { nodeSelector: { 'example.com/nowhere': 'x' } };
  await applyOperator(lab, anOperator('f4', { profile: 'default', components: { pilot: { k8s: nowhere } } }));
  await install('f4-other');
  // the readiness timeout of this test is five seconds, which on a busy machine may be over for CRDs, too, for a moment
  await until('istiod to be given up', async () => /Pilot is not ready.*istiod/.test(await message('f4')));
  expect(valueAt(statusOf(await getOperator(lab, 'f4')), 'status')).toBe('ERROR');
  expect(await lab.kubectl('get', 'deployment', ...inSystem, '-o', 'name')).not.toContain('istio-ingressgateway');
});

test('fault 5: what an older operator version labelled is pruned, of kinds that the old one forgot', async () => {
  const values = (enabled: boolean) => ({ profile: 'minimal', values: { global: { networkPolicy: { enabled } } } });
  await applyOperator(lab, anOperator('f5', values(true)));
  await untilStatus(lab, 'f5', 'HEALTHY');
  await lab.kubectl('label', 'networkpolicy', '--all', 'operator.istio.io/version=0.0.1', '--overwrite', ...inSystem);
  await applyOperator(lab, anOperator('f5', values(false)));
  await untilStatus(lab, 'f5', 'HEALTHY');
  expect(await lab.kubectl('get', 'networkpolicy', ...inSystem, '-o', 'name')).toBe('');
});

test('fault 6: every overlay counts, and one that matches nothing is an error with path and candidates', async () => {
  const overlay = (path: string) => ({ kind: 'Service', name: 'f6', patches: [{ path, value: 'x' }] });
  await install('f6', { overlays: [overlay('metadata.annotations.a'), overlay('metadata.annotations.b')] });
  expect((await get('service', 'f6')).metadata.annotations).toMatchObject({ a: 'x', b: 'x' });
  await applyOperator(lab, gatewayOnly('f6', { overlays: [overlay('spec.ports.[name:htttp].port')] }));
  await untilStatus(lab, 'f6', 'ERROR');
  expect(await message('f6')).toMatch(/overlays\[0\]\.patches\[0\].*http2/);
});

test('fault 7: volumes arrive, the autoscaler wins over replicaCount, a revision may be a number, a gateway unnamed', async () => {
  const k8s = {
    volumes: [{ name: 'extra', emptyDir: {} }],
    volumeMounts: [{ name: 'extra', mountPath: '/extra' }],
    replicaCount: 3,
    hpaSpec: { minReplicas: 1, maxReplicas: 2 },
  };
  const spec = { profile: 'empty', revision: 7, components: { ingressGateways: [{ enabled: true, k8s }] } };
  await applyOperator(lab, anOperator('f7', spec)).catch(() => undefined);
  if ((await getOperator(lab, 'f7')) === undefined)
    await applyOperator(lab, anOperator('f7', { ...spec, revision: '7' }));
  await untilStatus(lab, 'f7', 'HEALTHY');
  const deployment = await get('deployment', 'istio-ingressgateway');
  expect(deployment.metadata.labels['istio.io/rev']).toBe('7');
  expect(JSON.stringify(deployment.spec.template.spec.volumes)).toContain('"extra"');
  expect(JSON.stringify(deployment.spec.template.spec.containers)).toContain('/extra');
  expect(deployment.spec.replicas).toBeLessThan(3);
});

test('fault 8: a list that replaces the profile’s gateways is installed as 1.30 does, and a warning says so', async () => {
  const ingressGateways = [{ name: 'edge', enabled: true }];
  await applyOperator(lab, anOperator('f8', { profile: 'default', components: { ingressGateways } }));
  await untilStatus(lab, 'f8', 'HEALTHY');
  expect((await conditionOf('f8', 'Warnings')).message).toContain('istio-ingressgateway');
  expect(await lab.kubectl('get', 'deployment', ...inSystem, '-o', 'name')).not.toContain('istio-ingressgateway');
});

test('fault 9: a platform switches no component on, and wrong mesh configuration is an error', async () => {
  const gke = renderResource(anOperator('f9', { profile: 'default' }), {
    kubernetesVersion: '1.34.4',
    platform: 'gke',
  });
  expect(gke.components.map(({ component }) => component)).not.toContain('Cni');
  await applyOperator(lab, anOperator('f9', { profile: 'minimal', meshConfig: { accesLogFile: '/dev/stdout' } }));
  await untilStatus(lab, 'f9', 'ERROR');
  expect(await message('f9')).toMatch(/spec\.meshConfig\.accesLogFile.*accessLogFile/);
});

test('fault 10: status has conditions, generation, versions and each gateway; a DaemonSet without nodes is ready', async () => {
  const cni = { enabled: true, namespace: 'kube-system', k8s: { nodeSelector: { 'example.com/nowhere': 'x' } } };
  const gateways = [
    { name: 'east', enabled: true },
    { name: 'west', enabled: true },
  ];
  await applyOperator(lab, anOperator('f10', { profile: 'empty', components: { cni, ingressGateways: gateways } }));
  const healthy = await untilStatus(lab, 'f10', 'HEALTHY');
  expect(valueAt(statusOf(healthy), 'observedGeneration')).toBe(healthy.metadata.generation);
  expect(valueAt(statusOf(healthy), 'componentStatus')).toMatchObject({
    Cni: { status: 'HEALTHY', objects: [{ kind: 'DaemonSet', desired: 0 }] },
    IngressGateways: { status: 'HEALTHY', version: '1.30.3', objects: [{ name: 'east' }, { name: 'west' }] },
  });
  await lab.kubectl('wait', '--for=condition=Ready', 'iop/f10', ...inSystem, '--timeout=5s');
});

test('fault 11: the operator never lists Secrets, nor pods or ConfigMaps without a selection', async () => {
  const looked = operator.requestsSince(0, ['list', 'watch']).map(({ verb, resource }) => `${verb} ${resource}`);
  expect(looked).toContain('watch deployments');
  expect(looked.filter((what) => what.endsWith(' secrets') || what === 'watch pods')).toEqual([]);
});

test('fault 12: applying again leaves the validator’s failurePolicy as istiod has set it', async () => {
  const mesh = (tag: string) => anOperator('f12', { profile: 'minimal', tag });
  await applyOperator(lab, mesh('1.30.2'));
  await untilStatus(lab, 'f12', 'HEALTHY');
  const name = 'istio-validator-istio-system';
  const validator = await get('validatingwebhookconfiguration', name);
  const webhooks = validator.webhooks.map((hook: JsonObject) => ({ ...hook, failurePolicy: 'Fail' }));
  await lab.client.replace({ ...validator, webhooks }, { fieldManager: 'pilot-discovery' }, lab.scope);
  await applyOperator(lab, mesh('1.30.3'));
  await untilStatus(lab, 'f12', 'HEALTHY');
  const policies = (await get('validatingwebhookconfiguration', name)).webhooks.map(
    (hook: JsonObject) => hook.failurePolicy,
  );
  expect(policies).toEqual(webhooks.map(() => 'Fail'));
});

test('fault 13: the shipped role has no escalation, and the shipped Deployment has probes on the port of its Service', async () => {
  const shipped = parseAllDocuments(await lab.kubectl('kustomize', 'deploy')).map((document) => document.toJS());
  const rules = shipped.filter(({ kind }) => kind === 'ClusterRole').flatMap((role) => role.rules);
  expect(rules.flatMap(({ verbs }) => verbs)).not.toContain('escalate');
  expect(rules.flatMap(({ verbs }) => verbs)).not.toContain('bind');
  const [deployment] = shipped.filter(({ kind }) => kind === 'Deployment');
  const [container] = deployment.spec.template.spec.containers;
  expect(container).toMatchObject({ livenessProbe: { httpGet: {} }, readinessProbe: { httpGet: {} } });
  const [service] = shipped.filter(({ kind }) => kind === 'Service');
  expect(container.ports.map(({ name }: { name: string }) => name)).toContain(service.spec.ports[0].targetPort);
});

test('fault 14: a second version goes side by side, by revision, and touches nothing of the first', async () => {
  const plane = (revision: string, tag: string) => anOperator(revision, { profile: 'minimal', revision, tag });
  await applyOperator(lab, plane('one', '1.30.2'));
  await untilStatus(lab, 'one', 'HEALTHY');
  const before = (await get('deployment', 'istiod-one')).metadata.generation;
  await applyOperator(lab, plane('two', '1.30.3'));
  await untilStatus(lab, 'two', 'HEALTHY');
  expect((await get('deployment', 'istiod-one')).metadata.generation).toBe(before);
  for (const [revision, version] of [
    ['one', '1.30.2'],
    ['two', '1.30.3'],
  ] as const) {
    expect(valueAt(statusOf(await getOperator(lab, revision)), 'componentStatus', 'Pilot', 'version')).toBe(version);
    await remove(revision);
  }
});

test('fault 15: two CRs that render the same object do not overwrite each other without notice', async () => {
  await install('f15');
  const index = operator.requests.length;
  const other = gatewayOnly('f15', { resources: { requests: { cpu: '1m' } } });
  await applyOperator(lab, { ...other, metadata: { ...other.metadata, name: 'f15-other' } });
  await untilStatus(lab, 'f15-other', 'ERROR');
  expect(await message('f15-other')).toContain('istio-system/f15');
  expect(writesSince(operator, index).filter(({ resource }) => !resource.startsWith('istiooperators'))).toEqual([]);
});

test('fault 16: retired fields are a warning each, and the rest is installed', async () => {
  const components = { citadel: { enabled: true }, galley: { enabled: true }, base: { enabled: true } };
  await applyOperator(lab, anOperator('f16', { profile: 'empty', components }));
  await untilStatus(lab, 'f16', 'HEALTHY');
  const warnings = String((await conditionOf('f16', 'Warnings')).message);
  for (const field of ['citadel', 'galley']) expect(warnings).toContain(`spec.components.${field}`);
  expect(await lab.kubectl('get', 'crd', '-o', 'name')).toContain('virtualservices.networking.istio.io');
});
