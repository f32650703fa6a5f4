import { expect, test } from '@jest/globals';
import { renderResource } from '../../../src/cli/input/render-resource.ts';
import { asJson, type ClusterFacts, type JsonObject, type KubernetesObject, valueAt } from '../../../src/core/index.ts';
import { PROFILE_NAMES } from '../../../src/profiles/index.ts';
import { aResource } from './test-operator.ts';

const FACTS: ClusterFacts = { kubernetesVersion: '1.34.4' };

function render(spec: JsonObject, facts = FACTS): readonly KubernetesObject[] {
  const manifest = renderResource(aResource('mesh', spec as never), facts);
  return manifest.components.flatMap(({ objects }) => objects);
}

const nameOf = ({ kind, metadata }: KubernetesObject) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

/** Every value of a field, wherever it is. */
function valuesOf(value: unknown, field: string): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesOf(item, field));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key === field ? [inner] : []),
    ...valuesOf(inner, field),
  ]);
}

test.each(PROFILE_NAMES)('D4: rendering %s is a pure function: twenty times the same bytes', (profile) => {
  const first = JSON.stringify(render({ profile }));
  for (let round = 0; round < 20; round++) expect(JSON.stringify(render({ profile }))).toBe(first);
});

test('D4: what hpaSpec says survives, and defaults fill in only what it leaves out', () => {
  const hpaSpec = { minReplicas: 2, maxReplicas: 9 };
  const objects = render({ profile: 'minimal', components: { pilot: { k8s: { hpaSpec } } } });
  const autoscaler = objects.find(
    ({ kind, metadata }) => kind === 'HorizontalPodAutoscaler' && metadata.name === 'istiod',
  );
  expect(asJson(autoscaler ?? aResource('none', {}))).toMatchObject({ spec: hpaSpec });
});

test('F3: a change of the mesh configuration leaves the pod template of ztunnel as it is', () => {
  const template = (meshConfig: JsonObject) => {
    const objects = render({ profile: 'ambient', meshConfig });
    const agent = objects.find(({ kind, metadata }) => kind === 'DaemonSet' && metadata.name === 'ztunnel');
    return valueAt(asJson(agent ?? aResource('none', {})), 'spec', 'template');
  };
  expect(template({})).toHaveProperty('spec.containers');
  expect(template({ accessLogFile: '/dev/stdout' })).toEqual(template({}));
});

test('H1: on GKE the objects are those of elsewhere plus quotas, and no component is switched on by it', () => {
  const names = (facts: ClusterFacts) => render({ profile: 'default' }, facts).map(nameOf);
  const elsewhere = names(FACTS);
  const onGke = names({ kubernetesVersion: '1.34.4-gke.1', platform: 'gke' });
  expect(onGke).toEqual(expect.arrayContaining([...elsewhere]));
  const extra = onGke.filter((name) => !elsewhere.includes(name));
  expect(extra.filter((name) => !name.startsWith('ResourceQuota'))).toEqual([]);
});

test('H1: the platform of the cluster reaches the node agent, and values can say otherwise', () => {
  const spec = { profile: 'minimal', components: { cni: { enabled: true, namespace: 'kube-system' } } };
  const gke = { kubernetesVersion: '1.34.4-gke.1', platform: 'gke' };
  const paths = (given: JsonObject) => JSON.stringify(valuesOf(render(given, gke), 'hostPath'));
  expect(paths(spec)).toContain('/home/kubernetes/bin');
  expect(paths({ ...spec, values: { cni: { cniBinDir: '/opt/elsewhere' } } })).toContain('/opt/elsewhere');
});

test.each(PROFILE_NAMES)('H3: one hub reaches every image of %s, pull secrets every ServiceAccount', (profile) => {
  const values = { global: { imagePullSecrets: ['pull'] } };
  const objects = render({ profile, hub: 'registry.example.com/istio', values, addonComponents: {} });
  const istio = objects.filter(
    ({ metadata }) => metadata.labels?.['operator.istio.io/component'] !== 'AddonComponents',
  );
  const images = istio.flatMap((object) => valuesOf(valueAt(asJson(object), 'spec', 'template', 'spec'), 'image'));
  if (objects.some(({ kind }) => kind === 'Deployment')) expect(images).not.toEqual([]);
  for (const image of images) expect(image).toMatch(/^(registry\.example\.com\/istio\/|auto$)/);
  for (const account of istio.filter(({ kind }) => kind === 'ServiceAccount')) {
    expect([nameOf(account), asJson(account).imagePullSecrets]).toEqual([nameOf(account), [{ name: 'pull' }]]);
  }
});

test('H4: the remote profile installs webhooks and the reader, and no control plane', () => {
  const objects = render({ profile: 'remote', values: { global: { remotePilotAddress: 'istiod.example.com' } } });
  const kinds = objects.map(({ kind }) => kind);
  expect(kinds).not.toContain('Deployment');
  expect(kinds).toContain('MutatingWebhookConfiguration');
  expect(objects.map(nameOf)).toContain('ServiceAccount istio-system/istio-reader-service-account');
});

test('E7: the webhooks of a revision name it, and no two of them match the same labels', () => {
  const hooks = render({ profile: 'minimal', revision: 'canary' }).filter(
    ({ kind }) => kind === 'MutatingWebhookConfiguration',
  );
  expect(hooks.map(({ metadata }) => metadata.name)).toEqual(['istio-sidecar-injector-canary']);
  expect(JSON.stringify(hooks)).toContain('"canary"');
});

test('labels and annotations that Argo CD puts on a CR never reach what it installs', () => {
  const tracked = {
    labels: { 'argocd.argoproj.io/instance': 'app' },
    annotations: { 'argocd.argoproj.io/tracking-id': 'x' },
  };
  const manifest = renderResource(aResource('mesh', { profile: 'demo' } as never, tracked), FACTS);
  expect(JSON.stringify(manifest.components)).not.toContain('argocd.argoproj.io');
});
