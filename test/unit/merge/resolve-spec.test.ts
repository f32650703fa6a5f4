import { expect, test } from '@jest/globals';
import {
  type ClusterFacts,
  type Json,
  type JsonObject,
  OFFLINE_FACTS,
  OperatorError,
  valueAt,
} from '../../../src/core/index.ts';
import { resolveSpec } from '../../../src/merge/index.ts';

function resolved(specs: readonly JsonObject[], sets: readonly string[] = [], facts: ClusterFacts = OFFLINE_FACTS) {
  return resolveSpec(specs, sets, facts);
}

function at(resolution: ReturnType<typeof resolved>, path: string): Json | undefined {
  return valueAt(resolution.resolved.spec, ...path.split('.'));
}

test('without any spec the default profile of this release is installed', () => {
  const { resolved: spec, notices } = resolved([]);
  expect(spec).toMatchObject({
    profile: 'default',
    authored: {},
    spec: { hub: 'registry.istio.io/release', tag: '1.30.3' },
  });
  expect(notices).toEqual([]);
});

test('layers follow each other: default profile, profile, files in order, --set', () => {
  const files = [
    { profile: 'demo', tag: 'one', values: { global: { logAsJson: true } } },
    { tag: 'two', hub: 'mine' },
  ];
  const resolution = resolved(files, ['tag=three']);
  expect(resolution.resolved.profile).toBe('demo');
  expect(at(resolution, 'tag')).toBe('three');
  expect(at(resolution, 'hub')).toBe('mine');
  expect(at(resolution, 'values.profile')).toBe('demo');
  expect(at(resolution, 'values.global.istioNamespace')).toBe('istio-system');
  expect(resolution.resolved.authored).toEqual({
    profile: 'demo',
    tag: 'three',
    hub: 'mine',
    values: { global: { logAsJson: true } },
  });
});

test('--set names the profile before a file does', () => {
  expect(resolved([{ profile: 'demo' }], ['profile=minimal', 'tag=x']).resolved.profile).toBe('minimal');
});

test('an unknown profile is an error', () => {
  expect(() => resolved([{ profile: 'dmeo' }])).toThrow(OperatorError);
});

const gateways = 'components.ingressGateways';
const sets: Record<string, { specs?: JsonObject[]; sets: string[]; path: string; want: Json | undefined }> = {
  'an integer': { sets: ['values.a=42'], path: 'values.a', want: 42 },
  'a negative integer': { sets: ['values.a=-1'], path: 'values.a', want: -1 },
  'a float': { sets: ['values.a=1.5e3'], path: 'values.a', want: 1500 },
  'a boolean': { sets: ['values.a=True'], path: 'values.a', want: true },
  'a null': { sets: ['values.a=null'], path: 'values.a', want: null },
  'an empty text': { sets: ['values.a='], path: 'values.a', want: '' },
  'a text': { sets: ['values.a=1.30.3'], path: 'values.a', want: '1.30.3' },
  'a text with spaces around it': { sets: ['values.a= b c '], path: 'values.a', want: 'b c' },
  'a number with spaces around it': { sets: ['values.a = 2 '], path: 'values.a', want: 2 },
  'a text that looks infinite': { sets: ['values.a=inf'], path: 'values.a', want: 'inf' },
  'a number too large to keep': {
    sets: ['values.a=12345678901234567890'],
    path: 'values.a',
    want: '12345678901234567890',
  },
  'a comma after a backslash': { sets: ['values.a=x\\,y'], path: 'values.a', want: 'x,y' },
  'a tag that looks like a number': { sets: ['tag=1.30'], path: 'tag', want: '1.30' },
  'a revision that looks like a number': { sets: ['revision=2'], path: 'revision', want: '2' },
  'a number for a field that takes text only': {
    sets: ['values.global.multiCluster.clusterName=01.50'],
    path: 'values.global.multiCluster.clusterName',
    want: '01.50',
  },
  'a boolean for the name in an entry': {
    specs: [{ components: { ingressGateways: [{ name: 'a' }] } }],
    sets: ['components.ingressGateways[0].name=t'],
    path: 'components.ingressGateways',
    want: [{ name: 't' }],
  },
  'proxy metadata': {
    sets: ['meshConfig.defaultConfig.proxyMetadata.A=1'],
    path: 'meshConfig.defaultConfig.proxyMetadata.A',
    want: '1',
  },
  'a key with a dot': { sets: ['values.a\\.b=1'], path: 'values', want: undefined },
  'the first entry of the profile’s list': {
    sets: [`${gateways}[0].enabled=false`],
    path: gateways,
    want: [{ name: 'istio-ingressgateway', enabled: false }],
  },
  'an entry of the profile’s list by name': {
    sets: [`${gateways}.[name:istio-ingressgateway].k8s.replicaCount=3`],
    path: gateways,
    want: [{ name: 'istio-ingressgateway', enabled: true, k8s: { replicaCount: 3 } }],
  },
  'an entry past the end, which is appended': {
    specs: [{ components: { ingressGateways: [{ name: 'a' }] } }],
    sets: [`${gateways}[5].name=b`, `${gateways}.[name:b].enabled=true`],
    path: gateways,
    want: [{ name: 'a' }, { name: 'b', enabled: true }],
  },
  'a list that is not there yet': {
    sets: ['values.global.imagePullSecrets[0]=regcred'],
    path: 'values.global.imagePullSecrets',
    want: ['regcred'],
  },
};
test.each(Object.entries(sets))('--set assigns %s', (_name, { specs = [], sets: assignments, path, want }) => {
  const value = at(resolved(specs, assignments), path);
  if (want === undefined) expect(value).toMatchObject({ 'a.b': 1 });
  else expect(value).toEqual(want);
});

const badSets: Record<string, { set: string; message: string; hint?: string }> = {
  'without =': {
    set: 'values.a',
    message: '--set values.a: this is not path=value with exactly one "=".',
    hint: 'Write for example --set values.global.proxy.logLevel=debug; a value that holds "=" goes into a -f file.',
  },
  'with two =': { set: 'a=b=c', message: '--set a=b=c: this is not path=value with exactly one "=".' },
  'without path': { set: '=x', message: '--set =x: this is not path=value with exactly one "=".' },
  'that begins with a selector': {
    set: '[0]=x',
    message: '--set [0]=x: the path does not begin with a field of the spec.',
    hint: 'Begin with components, values, meshConfig, profile, hub, tag or revision.',
  },
  'with an open bracket': { set: 'a[0=x', message: '--set a[0=x: The path "a[0" has a "[" without its "]".' },
  'through a prototype': {
    set: 'a.__proto__.b=x',
    message: '--set a.__proto__.b=x: The path "a.__proto__.b" goes through "__proto__".',
  },
  'of an entry that is not there': {
    set: `${gateways}.[name:istio-ingresgateway].enabled=false`,
    message: `--set ${gateways}.[name:istio-ingresgateway].enabled=false: no entry of ${gateways} has name "istio-ingresgateway"; the list has name:istio-ingressgateway.`,
    hint: 'Did you mean "istio-ingressgateway"?',
  },
  'of a field of a list': {
    set: `${gateways}.enabled=true`,
    message: `--set ${gateways}.enabled=true: ${gateways} is not a map: the list has name:istio-ingressgateway.`,
  },
  'of a field of a text': {
    set: 'hub.x=1',
    message: '--set hub.x=1: hub is not a map: it is "registry.istio.io/release".',
  },
  'of an entry of a map': {
    set: 'components[0]=1',
    message:
      '--set components[0]=1: components is not a list: the map has base, pilot, ingressGateways, egressGateways.',
  },
  'by a pattern': {
    set: `${gateways}.[:x]=1`,
    message: `--set ${gateways}.[:x]=1: a pattern cannot select here.`,
    hint: 'Use [N] or [key:value].',
  },
};
test.each(Object.entries(badSets))('a --set %s is an error', (_name, { set, message, hint }) => {
  expect.assertions(hint === undefined ? 2 : 3);
  try {
    resolved([], [set]);
  } catch (error) {
    const failure = error as OperatorError;
    expect(failure.message).toBe(message);
    expect(failure.detail).toMatchObject({ code: 'InvalidSet', path: `--set ${set}` });
    if (hint !== undefined) expect(failure.detail.hint).toBe(hint);
  }
});

test('gateways without a name get the default one, and their author is told', () => {
  const { resolved: spec, notices } = resolved([
    { components: { egressGateways: [{ name: 'a' }, { enabled: true }] } },
  ]);
  expect(valueAt(spec.spec, 'components', 'egressGateways')).toEqual([
    { name: 'a' },
    { enabled: true, name: 'istio-egressgateway' },
  ]);
  expect(notices).toEqual([
    {
      code: 'GatewayUnnamed',
      path: 'spec.components.egressGateways[1]',
      message: 'The gateway has no name; it is installed as istio-egressgateway.',
      hint: 'Set name: istio-egressgateway.',
    },
  ]);
});

test('a list that drops a gateway of the profile is reported', () => {
  const { notices } = resolved([
    { profile: 'demo', components: { ingressGateways: [{ name: 'mine' }], egressGateways: [{}] } },
  ]);
  expect(notices.filter((notice) => notice.code === 'ListReplacesProfile')).toEqual([
    {
      code: 'ListReplacesProfile',
      path: 'spec.components.ingressGateways',
      message:
        "The list replaces the profile's, so istio-ingressgateway is not installed; Istio 1.23 and older would have kept it.",
      hint: 'To keep it, add an entry with name: istio-ingressgateway.',
    },
  ]);
});

test('a gateway that the profile has switched off is not missed', () => {
  expect(resolved([{ profile: 'minimal', components: { ingressGateways: [{ name: 'mine' }] } }]).notices).toEqual([]);
});

test.each([
  { kubernetesVersion: '1.34.1-gke.100' },
  { kubernetesVersion: '1.34.1', platform: 'gke' },
])('on GKE (%j) the platform is set, and the CNI plug-in is placed but never switched on', (facts) => {
  const plain = resolved([], [], facts);
  expect(at(plain, 'values.global.platform')).toBe('gke');
  expect(at(plain, 'values.cni.resourceQuotas.enabled')).toBe(false);
  expect(at(plain, 'components.cni')).toBeUndefined();
  const withCni = resolved([{ components: { cni: { enabled: true } } }], [], facts);
  expect(at(withCni, 'components.cni')).toEqual({ enabled: true, namespace: 'kube-system' });
  const placed = resolved([{ components: { cni: { namespace: 'mine' } } }], ['values.global.platform=k3s'], facts);
  expect(at(placed, 'components.cni.namespace')).toBe('mine');
  expect(at(placed, 'values.global.platform')).toBe('k3s');
});
