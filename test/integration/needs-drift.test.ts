import { afterEach, expect, test } from '@jest/globals';
import type { LiveObject, ObjectRef } from '../../src/apply/index.ts';
import { isObject, type JsonObject, valueAt } from '../../src/core/index.ts';
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

const MESH = {
  profile: 'default',
  components: { cni: { enabled: true, namespace: 'kube-system' } },
  values: {
    global: { networkPolicy: { enabled: true }, platform: 'gke' },
    pilot: { autoscaleMin: 2 },
    experimental: { stableValidationPolicy: true },
  },
};

const lab = await useLab();
let operator = await startOperator(lab);
await applyOperator(lab, anOperator('mesh', MESH));
await untilStatus(lab, 'mesh', 'HEALTHY');

/** Whatever a test does to the mesh, the operator has mended it before the next one. */
afterEach(async () => {
  await untilStatus(lab, 'mesh', 'HEALTHY');
});

const istiod = anObjectRef('apps/v1', 'Deployment', 'istiod');
const gateway = anObjectRef('apps/v1', 'Deployment', 'istio-ingressgateway');
const gatewayService = anObjectRef('v1', 'Service', 'istio-ingressgateway');
const injector = anObjectRef(
  'admissionregistration.k8s.io/v1',
  'MutatingWebhookConfiguration',
  'istio-sidecar-injector',
  '',
);
const validator = anObjectRef(
  'admissionregistration.k8s.io/v1',
  'ValidatingWebhookConfiguration',
  'istio-validator-istio-system',
  '',
);

function anObjectRef(apiVersion: string, kind: string, name: string, namespace = 'istio-system'): ObjectRef {
  return { apiVersion, kind, namespace, name };
}

async function live(ref: ObjectRef): Promise<LiveObject> {
  const found = await lab.client.get(ref, lab.scope);
  if (found === undefined) throw new Error(`${ref.kind} ${ref.name} does not exist`);
  return found;
}

const field = async (ref: ObjectRef, ...path: string[]) => valueAt((await live(ref)) as unknown as JsonObject, ...path);

/** Changes webhooks as their server does once it runs. */
async function editWebhooks(ref: ObjectRef, manager: string, change: (hook: JsonObject) => JsonObject): Promise<void> {
  const object = await live(ref);
  const hooks = valueAt(object as unknown as JsonObject, 'webhooks');
  const webhooks = Array.isArray(hooks) ? hooks.filter(isObject).map(change) : [];
  await lab.client.replace({ ...object, webhooks } as LiveObject, { fieldManager: manager }, lab.scope);
}

/** Makes the operator look at the mesh, and waits until it has. */
async function wake(note: string): Promise<void> {
  await lab.kubectl('annotate', 'iop/mesh', `install.istio.io/wake-up=${note}`, '--overwrite', '-n', 'istio-system');
  await applyOperator(lab, anOperator('marker', { profile: 'empty', revision: note }));
  await untilStatus(lab, 'marker', 'HEALTHY'); // its pass comes after the one that the annotation causes
}

const written = (index: number) =>
  writesSince(operator, index)
    .map(({ verb, resource }) => `${verb} ${resource}`)
    .filter((write) => !write.includes('istiooperators'));

/** One object of each kind that a control plane with gateway and node agent has, and its namespace if it is another. */
const KINDS: readonly (readonly [string, string?])[] = [
  ['deployment/istiod'],
  ['daemonset/istio-cni-node', 'kube-system'],
  ['service/istiod'],
  ['configmap/istio'],
  ['serviceaccount/istiod'],
  ['hpa/istiod'],
  ['pdb/istiod'],
  ['resourcequota/istio-cni-resource-quota', 'kube-system'],
  ['networkpolicy/istiod'],
  ['role/istiod'],
  ['rolebinding/istiod'],
  ['clusterrole/istiod-clusterrole-istio-system'],
  ['clusterrolebinding/istiod-clusterrole-istio-system'],
  ['mutatingwebhookconfiguration/istio-sidecar-injector'],
  ['validatingwebhookconfiguration/istio-validator-istio-system'],
  ['validatingadmissionpolicy/stable-channel-policy-istio-system.istio.io'],
  ['validatingadmissionpolicybinding/stable-channel-policy-binding-istio-system.istio.io'],
  ['customresourcedefinition/wasmplugins.extensions.istio.io'],
];

test.each(KINDS)('D1: %s is back within five seconds of its deletion', async (name, namespace = 'istio-system') => {
  const where = ['-n', namespace];
  const uid = async () =>
    (await lab.kubectl('get', name, ...where, '--ignore-not-found', '-o', 'jsonpath={.metadata.uid}')).trim();
  const before = await uid();
  expect(before).not.toBe('');
  await lab.kubectl('delete', name, ...where);
  await until(`${name} to be back`, async () => (await uid()) !== '' && (await uid()) !== before, undefined, 5_000);
});

test('A4: a mesh whose gateway is deleted is not HEALTHY until it runs again', async () => {
  const words: unknown[] = [];
  const stop = new AbortController();
  const onEvent = (_type: string, object: LiveObject) => void words.push(statusOf(object).status);
  const watching = lab.client.watch(
    { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator' },
    { namespace: 'istio-system', fieldSelector: 'metadata.name=mesh' },
    { onSync: () => undefined, onEvent },
    { ...lab.scope, signal: stop.signal },
  );
  await lab.kubectl('delete', 'deployment/istio-ingressgateway', '-n', 'istio-system');
  await until('the status to say so', async () => words.some((word) => word !== 'HEALTHY'), undefined, 5_000);
  await untilStatus(lab, 'mesh', 'HEALTHY');
  expect(words).not.toContain(undefined); // A3: never wiped
  stop.abort();
  await watching.catch(() => undefined);
});

test('D2: an edit of an owned field is undone, what others add stays', async () => {
  await lab.kubectl(
    'set',
    'image',
    'deployment/istio-ingressgateway',
    'istio-proxy=example.com/x:1',
    '-n',
    'istio-system',
  );
  await lab.kubectl('annotate', 'deployment/istio-ingressgateway', 'example.com/mine=1', '-n', 'istio-system');
  const image = async () => JSON.stringify(await field(gateway, 'spec', 'template', 'spec', 'containers'));
  await until('the image to be restored', async () => !(await image()).includes('example.com/x'), undefined, 5_000);
  expect(await field(gateway, 'metadata', 'annotations', 'example.com/mine')).toBe('1');
});

test('D3: replicas that somebody has scaled under an autoscaler stay through ten reconciles', async () => {
  await lab.kubectl('scale', 'deployment/istio-ingressgateway', '--replicas=3', '-n', 'istio-system');
  for (let round = 0; round < 10; round++) await wake(`d3-${round}`);
  expect(await field(gateway, 'spec', 'replicas')).toBe(3);
});

test('D5: the ports and addresses that the cluster chose stay through a change of annotation and port', async () => {
  const spec = { ...MESH, components: { ...MESH.components, ingressGateways: [aGateway({})] } };
  await applyOperator(lab, anOperator('mesh', spec));
  await untilStatus(lab, 'mesh', 'HEALTHY');
  const ports = async () =>
    (await field(gatewayService, 'spec', 'ports')) as { name: string; nodePort: number; port: number }[];
  const chosen = async () => [
    await field(gatewayService, 'spec', 'clusterIP'),
    ...(await ports()).map(({ name, nodePort }) => `${name} ${nodePort}`),
  ];
  const before = await chosen();
  expect(before.join()).not.toContain('undefined');
  const changed = aGateway({ serviceAnnotations: { 'example.com/lb': 'internal' } }, 8088);
  await applyOperator(
    lab,
    anOperator('mesh', { ...spec, components: { ...MESH.components, ingressGateways: [changed] } }),
  );
  await untilStatus(lab, 'mesh', 'HEALTHY');
  expect((await ports()).map(({ port }) => port)).toContain(8088);
  expect(await field(gatewayService, 'metadata', 'annotations', 'example.com/lb')).toBe('internal');
  expect(await chosen()).toEqual(before);
});

test('D6: what istiod sets in the webhooks stays through ten reconciles without a write', async () => {
  const root = anObjectRef('v1', 'ConfigMap', 'kube-root-ca.crt');
  const caBundle = Buffer.from(String(await field(root, 'data', 'ca.crt'))).toString('base64');
  for (const ref of [injector, validator]) {
    await editWebhooks(ref, 'pilot-discovery', (hook) => ({
      ...hook,
      failurePolicy: 'Fail',
      clientConfig: { ...(isObject(hook.clientConfig) ? hook.clientConfig : {}), caBundle },
    }));
  }
  await wake('d6-taken');
  const versions = async () => [
    (await live(injector)).metadata.resourceVersion,
    (await live(validator)).metadata.resourceVersion,
  ];
  const before = await versions();
  const index = operator.requests.length;
  for (let round = 0; round < 10; round++) await wake(`d6-${round}`);
  expect(written(index)).toEqual([]);
  expect(await versions()).toEqual(before);
  for (const hook of (await field(validator, 'webhooks')) as JsonObject[]) {
    expect(hook).toMatchObject({ failurePolicy: 'Fail', clientConfig: { caBundle } });
  }
});

test('D7: a platform that adds terms to the selectors of webhooks is not fought with', async () => {
  const term = { key: 'control-plane', operator: 'DoesNotExist' };
  const extend = (hook: JsonObject): JsonObject => {
    const selector = isObject(hook.namespaceSelector) ? hook.namespaceSelector : {};
    const terms = Array.isArray(selector.matchExpressions) ? selector.matchExpressions : [];
    const others = terms.filter((one) => valueAt(one, 'key') !== term.key);
    return { ...hook, namespaceSelector: { ...selector, matchExpressions: [...others, term] } };
  };
  const index = operator.requests.length;
  for (let round = 0; round < 5; round++) {
    await editWebhooks(injector, 'admissionsenforcer', extend);
    await wake(`d7-${round}`);
  }
  expect(written(index).length).toBeLessThanOrEqual(2);
  expect(JSON.stringify(await field(injector, 'webhooks'))).toContain('control-plane');
});

test('D7: a writer that changes a field back each time is named in status, and left alone', async () => {
  const config = anObjectRef('v1', 'ConfigMap', 'istio');
  const index = operator.requests.length;
  const edit = async () => {
    const object = await live(config);
    await lab.client.replace(
      { ...object, data: { mesh: 'theirs' } } as LiveObject,
      { fieldManager: 'gitops' },
      lab.scope,
    );
  };
  for (let round = 0; round < 2; round++) {
    await edit();
    await until('the repair', async () => (await field(config, 'data', 'mesh')) !== 'theirs');
  }
  await edit();
  const failed = await untilStatus(lab, 'mesh', 'ERROR');
  expect(valueAt(statusOf(failed), 'message')).toMatch(/ConfigMap istio-system\/istio.*\.data\.mesh.*gitops/);
  expect(written(index)).toEqual(['apply configmaps', 'apply configmaps', 'apply configmaps']); // the last one is a dry run
  await lab.kubectl('delete', 'configmap/istio', '-n', 'istio-system'); // who gives up gets what is ours back at once
});

test('D8, D11: a new operator on the converged mesh writes nothing, whatever the API server added to the objects', async () => {
  await operator[Symbol.asyncDispose]();
  const template = await field(istiod, 'metadata', 'generation');
  operator = await startOperator(lab);
  await wake('d8');
  expect(written(0)).toEqual([]);
  expect(await field(istiod, 'metadata', 'generation')).toBe(template);
});

test('D10: while the CR is paused an edit stays, and it says so; unpaused, the edit is undone', async () => {
  const pause = (value: string) =>
    lab.kubectl(
      'annotate',
      'iop/mesh',
      `install.istio.io/ignoreReconcile${value}`,
      '--overwrite',
      '-n',
      'istio-system',
    );
  await pause('=true');
  const reason = async () => {
    const conditions = statusOf(await getOperator(lab, 'mesh')).conditions as { type: string; reason: string }[];
    return conditions.find(({ type }) => type === 'Paused')?.reason;
  };
  await until('the pause', async () => (await reason()) === 'Paused');
  await lab.kubectl(
    'label',
    'deployment/istiod',
    'operator.istio.io/managed=Edited',
    '--overwrite',
    '-n',
    'istio-system',
  );
  await applyOperator(lab, anOperator('marker', { profile: 'empty', revision: 'd10' }));
  await untilStatus(lab, 'marker', 'HEALTHY');
  expect(await field(istiod, 'metadata', 'labels', 'operator.istio.io/managed')).toBe('Edited');
  await pause('-');
  await until(
    'the repair',
    async () => (await field(istiod, 'metadata', 'labels', 'operator.istio.io/managed')) === 'Reconcile',
  );
});

function aGateway(k8s: JsonObject, port = 80): JsonObject {
  const ports = [
    { name: 'status-port', port: 15_021, targetPort: 15_021 },
    { name: 'http2', port, targetPort: 8080 },
  ];
  return { name: 'istio-ingressgateway', enabled: true, k8s: { ...k8s, service: { ports } } };
}
