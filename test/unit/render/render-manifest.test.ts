import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  idKey,
  idOf,
  issuesOf,
  type Json,
  type JsonObject,
  OFFLINE_FACTS,
  OperatorError,
} from '../../../src/core/index.ts';
import { PROFILE_NAMES } from '../../../src/profiles/index.ts';
import {
  formatManifest,
  manifestObjects,
  renderFiles,
  renderManifest,
  renderOperator,
} from '../../../src/render/index.ts';

function rendered(spec: JsonObject, owner?: { name: string; namespace: string }) {
  return renderManifest({ specs: [spec], facts: OFFLINE_FACTS, ...(owner && { owner }) });
}

function issues(spec: JsonObject) {
  try {
    rendered(spec);
  } catch (error) {
    if (error instanceof OperatorError) return issuesOf(error);
    throw error;
  }
  throw new Error('the spec was rendered');
}

test('a manifest says what it installs: components in order, revision, version', () => {
  const manifest = rendered({ profile: 'demo', revision: 'canary', tag: 'mine' });
  expect(manifest).toMatchObject({ revision: 'canary', version: 'mine' });
  expect(manifest.components.map(({ component }) => component).slice(0, 4)).toEqual([
    'Base',
    'Pilot',
    'IngressGateways',
    'EgressGateways',
  ]);
  expect(rendered({ profile: 'empty' })).toMatchObject({ components: [], revision: 'default', version: '1.30.3' });
});

test('objects are in apply order: CRDs and accounts before workloads, webhooks last', () => {
  const kinds = manifestObjects(rendered({})).map((object) => object.kind);
  const at = (kind: string) => kinds.indexOf(kind);
  expect(at('CustomResourceDefinition')).toBe(0);
  expect(at('ServiceAccount')).toBeLessThan(at('ClusterRole'));
  expect(at('ConfigMap')).toBeLessThan(at('Deployment'));
  expect(at('Deployment')).toBeLessThan(at('HorizontalPodAutoscaler'));
  expect(at('HorizontalPodAutoscaler')).toBeLessThan(at('MutatingWebhookConfiguration'));
  expect(kinds.at(-1)).toBe('MutatingWebhookConfiguration');
  expect(kinds).not.toContain('Namespace');
});

test.each(PROFILE_NAMES)('profile %s renders each object once, the same bytes every time', (profile) => {
  const first = rendered({ profile });
  const ids = manifestObjects(first).map((object) => idKey(idOf(object)));
  expect(new Set(ids).size).toBe(ids.length);
  expect(formatManifest(rendered({ profile }))).toBe(formatManifest(first));
});

test('objects of an owner carry its labels', () => {
  const { components } = rendered({ profile: 'minimal' }, { name: 'mesh', namespace: 'istio-system' });
  for (const { component, objects } of components) {
    for (const { metadata } of objects) {
      expect(metadata.labels).toMatchObject({
        'operator.istio.io/managed': 'Reconcile',
        'operator.istio.io/component': component,
        'operator.istio.io/version': '0.1.0',
        'install.operator.istio.io/owning-resource': 'mesh',
        'install.operator.istio.io/owning-resource-namespace': 'istio-system',
        'istio.io/rev': 'default',
      });
    }
  }
});

test('a manifest that is only printed names no owner', () => {
  const account = manifestObjects(rendered({ profile: 'minimal' })).find(({ metadata }) => metadata.name === 'istiod');
  expect(account?.metadata.labels).toMatchObject({ 'operator.istio.io/component': 'Pilot' });
  expect(account?.metadata.labels).not.toHaveProperty('istio.io/rev');
  expect(account?.metadata.labels).not.toHaveProperty('install.operator.istio.io/owning-resource');
});

test('an owner without a name puts no empty label on its objects', () => {
  const manifest = renderOperator({ metadata: {}, spec: null }, OFFLINE_FACTS);
  for (const { metadata } of manifestObjects(manifest)) {
    expect(metadata.labels?.['install.operator.istio.io/owning-resource']).not.toBe('');
    expect(metadata.labels).not.toHaveProperty('install.operator.istio.io/owning-resource-namespace');
  }
});

test('an owner whose name is no label is refused', () => {
  expect(() => rendered({}, { name: 'x'.repeat(64), namespace: '' })).toThrow(
    'The name of the IstioOperator is longer than 63 characters.',
  );
});

test('two gateways of one name in one namespace are an error that names both', () => {
  const ingressGateways = [
    { name: 'a' },
    { name: 'b', namespace: 'other' },
    { name: 'a' },
    { name: 'a', namespace: 'other' },
  ];
  expect(issues({ profile: 'empty', components: { ingressGateways } })).toEqual([
    {
      code: 'InvalidManifest',
      path: 'spec.components.ingressGateways[2]',
      message:
        'ServiceAccount istio-system/a-service-account is rendered by spec.components.ingressGateways[0] and again by spec.components.ingressGateways[2].',
      hint: 'Give one of them another name or another namespace.',
    },
  ]);
});

test('overlays that do not fit are reported together, over all components', () => {
  const broken = (kind: string, name: string) => ({
    overlays: [{ kind, name, patches: [{ path: 'spec.a[name:b].c', value: 1 }] }],
  });
  const found = issues({
    components: {
      base: { k8s: broken('ServiceAccount', 'istio-reader-service-account') },
      pilot: { k8s: broken('Deployment', 'istiod') },
      ingressGateways: [{ name: 'istio-ingressgateway', k8s: broken('Service', 'istio-ingressgateway') }],
    },
  });
  expect(found.map(({ code, path }) => [code, path])).toEqual([
    ['OverlayMismatch', 'spec.components.base.k8s.overlays[0].patches[0].path'],
    ['OverlayMismatch', 'spec.components.pilot.k8s.overlays[0].patches[0].path'],
    ['OverlayMismatch', 'spec.components.ingressGateways[0].k8s.overlays[0].patches[0].path'],
  ]);
});

test('a gateway without a name and an overlay that would drop containers are rendered, with a warning each', () => {
  const overlays = [
    {
      kind: 'Deployment',
      name: 'istio-ingressgateway',
      patches: [{ path: 'spec.template.spec', value: { hostNetwork: true } }],
    },
  ];
  const { notices, patches } = rendered({ components: { ingressGateways: [{ enabled: true, k8s: { overlays } }] } });
  expect(notices.map(({ code }) => code)).toEqual(['GatewayUnnamed', 'OverlayMerged']);
  expect(patches.map(({ path }) => path)).toEqual(['spec.components.ingressGateways[0].k8s.overlays[0].patches[0]']);
});

const patchedWith = (path: string, value: Json) => ({
  profile: 'minimal',
  components: {
    pilot: {
      k8s: {
        overlays: [
          {
            kind: 'Deployment',
            name: 'istiod',
            patches: [
              { path: 'metadata.labels.a', value: 'b' },
              { path, value },
            ],
          },
        ],
      },
    },
  },
});

test('an overlay that Kubernetes would refuse is a warning in a printed manifest and an error in a cluster', () => {
  const spec = patchedWith('spec.replicas', 'three');
  const finding = {
    path: 'spec.components.pilot.k8s.overlays[0].patches[1]',
    message: 'In Deployment istio-system/istiod: spec.replicas must be a whole number, not "three".',
    hint: 'The API server would refuse the object: correct the value of the patch.',
  };
  expect(rendered(spec).notices).toEqual([{ code: 'SchemaMismatch', ...finding }]);
  expect(() => renderOperator({ metadata: { name: 'a' }, spec }, OFFLINE_FACTS)).toThrow(
    new OperatorError(finding.message, { code: 'InvalidManifest' }),
  );
});

test('a field that only a newer Kubernetes could know is a warning', () => {
  const spec = patchedWith('spec.template.spec.hostNetwrok', true);
  const { notices } = renderOperator({ metadata: { name: 'a' }, spec }, OFFLINE_FACTS);
  expect(notices).toEqual([
    {
      code: 'SchemaMismatch',
      path: 'spec.components.pilot.k8s.overlays[0].patches[1]',
      message: 'In Deployment istio-system/istiod: spec.template.spec has no field "hostNetwrok".',
      hint: 'Did you mean "hostNetwork"?',
    },
  ]);
});

test('a path with slashes, which is one key, is told to use dots', () => {
  const path = '/spec/template/spec/containers/0/image';
  const hint = 'Use dots: spec.template.spec.containers.[0].image.';
  expect(rendered(patchedWith(path, 'mine')).notices).toMatchObject([{ code: 'SchemaMismatch', hint }]);
  expect(rendered(patchedWith(path, null)).notices).toMatchObject([{ code: 'OverlayNothingDeleted', hint }]);
  const label = patchedWith('metadata.labels.a/b', null);
  expect(rendered(label).notices).toMatchObject([
    { code: 'OverlayNothingDeleted', hint: expect.stringContaining('spelling') },
  ]);
});

test('neither spec nor profile is changed by rendering', () => {
  const overlays = [
    {
      kind: 'Deployment',
      name: 'istiod',
      patches: [
        { path: 'metadata.labels', value: { a: 'b' } },
        { path: 'metadata.labels.c', value: 'd' },
      ],
    },
  ];
  const spec = { components: { pilot: { k8s: { overlays, env: [{ name: 'A', value: 'b' }] } } } };
  const before = structuredClone(spec);
  const plain = formatManifest(rendered({}));
  rendered(spec);
  expect(spec).toEqual(before);
  expect(formatManifest(rendered({}))).toBe(plain);
});

/** Fields that rendering reads, with values of every kind in every place. */
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('', 'a', '0', -1, 1e9, true, null, [], {}, [null], [{}], '__proto__'),
);
const fields = fc.constantFrom(
  'components',
  'values',
  'pilot',
  'base',
  'cni',
  'ztunnel',
  'ingressGateways',
  'egressGateways',
  'k8s',
  'overlays',
  'patches',
  'path',
  'value',
  'kind',
  'name',
  'namespace',
  'env',
  'service',
  'hpaSpec',
  'global',
  'gateways',
  'meshConfig',
  'revision',
  'tag',
  'hub',
  'enabled',
  'profile',
  'resources',
  'replicaCount',
);
const { node } = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5 },
    anything,
    fc.dictionary(fields, tie('node'), { maxKeys: 4, noNullPrototype: true }),
    fc.array(tie('node'), { maxLength: 2 }),
  ),
}));

test('rendering a document throws nothing but OperatorError, whatever is in it', () => {
  const specs = fc.dictionary(fields, node, { maxKeys: 5, noNullPrototype: true });
  fc.assert(
    fc.property(
      specs,
      fc.array(fc.string({ unit: fc.constantFrom('a', '=', '.', '[', ']', 'values', 'components', ':', '0') }), {
        maxLength: 2,
      }),
      (spec, sets) => {
        const text = JSON.stringify({ apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec });
        try {
          formatManifest(renderFiles({ files: [{ name: 'f', text }], sets, facts: OFFLINE_FACTS }).rendering);
        } catch (error) {
          if (!(error instanceof OperatorError)) throw error;
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('a namespace that has to be created is labelled with the mesh network, where there is one', () => {
  const labelsFor = (values: JsonObject) =>
    renderManifest({ specs: [{ values }], facts: OFFLINE_FACTS }).namespaceLabels;
  expect(labelsFor({ global: { network: 'network-1' } })).toEqual({ 'topology.istio.io/network': 'network-1' });
  expect(labelsFor({})).toBeUndefined();
});

test('F2: a ztunnel that does not work with istiod of the same document is an error', () => {
  const ambient = (tag: string) => ({ profile: 'ambient', components: { ztunnel: { tag } } });
  expect(issues(ambient('1.28.0'))).toEqual([
    {
      code: 'VersionSkew',
      path: 'spec.components.ztunnel',
      message: expect.stringMatching(/^ztunnel 1\.28\.0 is more than one minor version behind istiod 1\.30\./),
      hint: expect.stringMatching(/one minor version at a time/),
    },
  ]);
  expect(issues(ambient('1.31.0'))[0]?.message).toMatch(/is newer than istiod/);
  expect(rendered(ambient('1.29.1')).components.map(({ component }) => component)).toContain('Ztunnel');
  expect(rendered({ ...ambient('1.28.0'), tag: '1.29.0' }).version).toBe('1.29.0');
});

test('an annotation that YAML made true is refused with the place of it in the values', () => {
  const values = {
    pilot: { serviceAccountAnnotations: { 'example.com/a': true, b: 2 } },
    ztunnel: { labels: { c: true } },
  };
  const { refusals, notices } = rendered({ values });
  const path = 'spec.values.pilot.serviceAccountAnnotations.example\\.com/a';
  expect(refusals).toMatchObject([
    { code: 'InvalidManifest', path, hint: expect.stringContaining('in quotes, "true"') },
  ]);
  expect(notices).toMatchObject([{ code: 'SchemaMismatch', path }]);
});

test.each<[string, JsonObject]>([
  ['null', { values: { global: { istioNamespace: null }, ztunnel: { istioNamespace: null } } }],
  ['no text', { values: { global: { istioNamespace: '' }, ztunnel: { istioNamespace: '' } } }],
  ['null for all of global', { values: { global: null } }],
  ['no text in values that nobody checks', { unvalidatedValues: { global: { istioNamespace: '' } } }],
])('a control plane whose namespace is %s is the one of istio-system', (_what, spec) => {
  const manifest = formatManifest(rendered({ profile: 'ambient', unvalidatedValues: { global: {} }, ...spec }));
  expect(manifest).toBe(formatManifest(rendered({ profile: 'ambient' })));
  expect(manifest).toContain('name: istio-validator-istio-system');
});

const HPA = 'HorizontalPodAutoscaler istio-system/istiod';
const MORE = 'or more, or the lowest number lower.';
test.each<[string, JsonObject, string, string]>([
  [
    'a lowest number of pods above the default of the highest',
    { values: { pilot: { autoscaleMin: 8 } } },
    `spec.values.pilot.autoscaleMin: In ${HPA}: minReplicas 8 is above maxReplicas 5.`,
    `set autoscaleMax to 8 ${MORE}`,
  ],
  [
    'the same of an entry',
    { components: { pilot: { k8s: { hpaSpec: { minReplicas: 8 } } } } },
    `spec.components.pilot.k8s.hpaSpec: In ${HPA}: minReplicas 8 is above maxReplicas 5.`,
    `set maxReplicas to 8 ${MORE}`,
  ],
  [
    'two numbers of a gateway',
    { values: { gateways: { 'istio-ingressgateway': { autoscaleMin: 3, autoscaleMax: 2 } } } },
    `spec.values.gateways.istio-ingressgateway.autoscaleMin: In ${HPA.replace('istiod', 'istio-ingressgateway')}: minReplicas 3 is above maxReplicas 2.`,
    `set autoscaleMax to 3 ${MORE}`,
  ],
])('%s is what the API server would refuse', (_what, spec, finding, hint) => {
  const { refusals, notices } = rendered(spec);
  expect(refusals.map(({ path, message }) => `${path}: ${message}`)).toEqual([finding]);
  expect(refusals[0]?.hint).toBe(`The API server would refuse the object: ${hint}`);
  expect(notices).toMatchObject([{ code: 'SchemaMismatch' }]);
});

test('limits of an autoscaler that is not rendered are nobody’s business', () => {
  const egress = { 'istio-egressgateway': { autoscaleMin: 9 } };
  expect(
    rendered({ values: { pilot: { autoscaleEnabled: false, autoscaleMin: 9 }, gateways: egress } }).refusals,
  ).toEqual([]);
});
