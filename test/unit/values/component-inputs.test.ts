import { describe, expect, test } from '@jest/globals';
import { type ComponentName, type JsonObject, OperatorError, valueAt } from '../../../src/core/index.ts';
import { inputOf, inputsOf } from './resolved.ts';

const named = (name: string, fields: JsonObject = {}) => ({ name, ...fields });

describe('which components are on', () => {
  const cases: Record<string, { spec: JsonObject; want: string[] }> = {
    'the default profile installs Base, Pilot and one ingress gateway': {
      spec: {},
      want: ['Base', 'Pilot istiod', 'IngressGateways istio-ingressgateway'],
    },
    'demo adds an egress gateway': {
      spec: { profile: 'demo' },
      want: ['Base', 'Pilot istiod', 'IngressGateways istio-ingressgateway', 'EgressGateways istio-egressgateway'],
    },
    'minimal has no gateway': { spec: { profile: 'minimal' }, want: ['Base', 'Pilot istiod'] },
    'empty has nothing': { spec: { profile: 'empty' }, want: [] },
    'ambient has the node agents and no gateway': {
      spec: { profile: 'ambient' },
      want: ['Base', 'Pilot istiod', 'Cni istio-cni-node', 'Ztunnel ztunnel'],
    },
    'an entry without enabled is on': {
      spec: { profile: 'empty', components: { cni: {}, egressGateways: [named('out')] } },
      want: ['EgressGateways out', 'Cni istio-cni-node'],
    },
    'a null entry counts as none, so the defaults are on': {
      spec: { profile: 'empty', components: { base: null, pilot: null, ingressGateways: null, egressGateways: null } },
      want: ['Base', 'Pilot istiod', 'IngressGateways istio-ingressgateway'],
    },
    'every entry of a gateway list is an instance': {
      spec: {
        profile: 'empty',
        components: { ingressGateways: [named('a'), named('b', { enabled: false }), named('c')] },
      },
      want: ['IngressGateways a', 'IngressGateways c'],
    },
    'a gateway without a name has the usual one': {
      spec: { profile: 'empty', components: { egressGateways: [{}] } },
      want: ['EgressGateways istio-egressgateway'],
    },
    'values that enable a gateway switch on every entry of its list': {
      spec: {
        profile: 'minimal',
        components: { egressGateways: [named('x', { enabled: false }), named('y', { enabled: false })] },
        values: { gateways: { 'istio-egressgateway': { enabled: true } } },
      },
      want: ['Base', 'Pilot istiod', 'EgressGateways x', 'EgressGateways y'],
    },
    'values that disable a gateway do nothing': {
      spec: { values: { gateways: { 'istio-ingressgateway': { enabled: false } } } },
      want: ['Base', 'Pilot istiod', 'IngressGateways istio-ingressgateway'],
    },
    'a revision is part of the name of istiod': {
      spec: { profile: 'minimal', revision: 'canary' },
      want: ['Base', 'Pilot istiod-canary'],
    },
  };
  test.each(Object.entries(cases))('%s', (_name, { spec, want }) => {
    const found = inputsOf(spec)
      .filter(({ component }) => component !== 'AddonComponents')
      .map(({ component, resourceName }) => `${component} ${resourceName}`.trim());
    expect(found).toEqual(want);
  });

  test('each instance knows where its settings stand', () => {
    const paths = inputsOf({ components: { ingressGateways: [named('a', { enabled: false }), named('b')] } });
    expect(paths.map(({ path }) => path)).toEqual([
      'spec.components.base',
      'spec.components.pilot',
      'spec.components.ingressGateways[1]',
    ]);
  });
});

describe('namespaces', () => {
  const cases: Record<string, { spec: JsonObject; want: string }> = {
    'istio-system by default': { spec: {}, want: 'istio-system' },
    'global.istioNamespace is for all': { spec: { values: { global: { istioNamespace: 'mesh' } } }, want: 'mesh' },
    'a component can have its own': {
      spec: { components: { pilot: { namespace: 'control' } }, values: { global: { istioNamespace: 'mesh' } } },
      want: 'control',
    },
    'an empty one is none': { spec: { components: { pilot: { namespace: '' } } }, want: 'istio-system' },
  };
  test.each(Object.entries(cases))('%s', (_name, { spec, want }) => {
    expect(inputOf('Pilot', spec).namespace).toBe(want);
  });
});

describe('what a spec says becomes values', () => {
  const cases: Record<string, { spec: JsonObject; of?: ComponentName; path: string[]; want: unknown }> = {
    'hub is global.hub': { spec: { hub: 'a.b/c' }, path: ['global', 'hub'], want: 'a.b/c' },
    'a tag that looks like a number is text': { spec: { tag: 1.3 }, path: ['global', 'tag'], want: '1.3' },
    'values.global.hub wins over hub': {
      spec: { hub: 'a', values: { global: { hub: 'b' } } },
      path: ['global', 'hub'],
      want: 'b',
    },
    'a revision that looks like a number is text': { spec: { revision: 7 }, path: ['revision'], want: '7' },
    'values.revision is a revision as well': { spec: { values: { revision: 3 } }, path: ['revision'], want: '3' },
    'meshConfig is values.meshConfig': {
      spec: { meshConfig: { accessLogFile: '/dev/stdout' } },
      path: ['meshConfig', 'accessLogFile'],
      want: '/dev/stdout',
    },
    'meshConfig wins over values.meshConfig, as in istioctl 1.30': {
      spec: { meshConfig: { trustDomain: 'a' }, values: { meshConfig: { trustDomain: 'b' } } },
      path: ['meshConfig', 'trustDomain'],
      want: 'a',
    },
    'what only values.meshConfig has stays beside meshConfig': {
      spec: { meshConfig: { trustDomain: 'a' }, values: { meshConfig: { rootNamespace: 'b' } } },
      path: ['meshConfig', 'rootNamespace'],
      want: 'b',
    },
    'values.meshConfig null deletes meshConfig': {
      spec: { meshConfig: { trustDomain: 'a' }, values: { meshConfig: null } },
      path: ['meshConfig'],
      want: {},
    },
    'values.pilot null deletes what the components say': {
      spec: { components: { cni: { enabled: true } }, values: { pilot: null } },
      path: ['cni', 'enabled'],
      want: false,
    },
    'a component has its own hub': {
      spec: { components: { pilot: { hub: 'mine' } } },
      path: ['hub'],
      want: 'mine',
    },
    'a component has its own tag, which wins over that of its values': {
      spec: { components: { pilot: { tag: 'new' } }, values: { pilot: { tag: 'old' } } },
      path: ['tag'],
      want: 'new',
    },
    'istiod is told of CNI that is enabled': {
      spec: { components: { cni: { enabled: true } } },
      path: ['cni', 'enabled'],
      want: true,
    },
    'CNI is what the components say, whatever values.pilot.cni says': {
      spec: {
        components: { cni: { enabled: true } },
        values: { pilot: { cni: { enabled: false, provider: 'multus' } } },
      },
      path: ['cni'],
      want: { enabled: true, provider: 'multus' },
    },
    'unvalidatedValues can say that another resource installs CNI': {
      spec: { unvalidatedValues: { pilot: { cni: { enabled: true } } } },
      path: ['cni', 'enabled'],
      want: true,
    },
    'values.pilot stands at the top': {
      spec: { values: { pilot: { autoscaleMax: 9 } } },
      path: ['autoscaleMax'],
      want: 9,
    },
    'a null deletes the default': {
      spec: { values: { pilot: { traceSampling: null } } },
      path: ['traceSampling'],
      want: undefined,
    },
    'a null empties a map': { spec: { values: { pilot: { resources: null } } }, path: ['resources'], want: {} },
    'a null empties a list': { spec: { values: { pilot: { tolerations: null } } }, path: ['tolerations'], want: [] },
    'a null for everything leaves the structure': {
      spec: { values: { global: { sds: null } } },
      path: ['global', 'sds', 'token'],
      want: {},
    },
    'unvalidatedValues are values and win': {
      spec: { values: { pilot: { image: 'a' } }, unvalidatedValues: { pilot: { image: 'b' }, extra: 1 } },
      path: ['image'],
      want: 'b',
    },
    'the value profile lies over the defaults': {
      spec: { profile: 'demo' },
      path: ['resources', 'requests', 'cpu'],
      want: '10m',
    },
    'values lie over the value profile': {
      spec: { profile: 'demo', values: { pilot: { resources: { requests: { cpu: '1' } } } } },
      path: ['resources', 'requests'],
      want: { cpu: '1', memory: '100Mi' },
    },
    'the cni component reads values.cni at the top': {
      spec: { components: { cni: { enabled: true } }, values: { cni: { chained: false } } },
      of: 'Cni',
      path: ['chained'],
      want: false,
    },
    'a platform changes the defaults of cni': {
      spec: { components: { cni: { enabled: true } }, values: { global: { platform: 'k3d' } } },
      of: 'Cni',
      path: ['cniBinDir'],
      want: '/bin',
    },
    'ztunnel reads its own values at the top': {
      spec: { profile: 'ambient', values: { ztunnel: { logLevel: 'debug' } } },
      of: 'Ztunnel',
      path: ['logLevel'],
      want: 'debug',
    },
    'ztunnel reads global at the top': {
      spec: { profile: 'ambient', hub: 'h' },
      of: 'Ztunnel',
      path: ['hub'],
      want: 'h',
    },
    'ztunnel does not read the maps of others': {
      spec: { profile: 'ambient', values: { cni: { chained: false } } },
      of: 'Ztunnel',
      path: ['cni', 'chained'],
      want: undefined,
    },
    'the platform shows in what ztunnel may do': {
      spec: { profile: 'openshift-ambient' },
      of: 'Ztunnel',
      path: ['seLinuxOptions', 'type'],
      want: 'spc_t',
    },
  };
  test.each(Object.entries(cases))('%s', (_name, { spec, of = 'Pilot', path, want }) => {
    expect(valueAt(inputOf(of, spec).values, ...path)).toEqual(want);
  });

  test('an author who deletes all values gets the defaults of Istio alone', () => {
    const values = inputOf('Pilot', { hub: 'mine', values: null }).documents;
    expect(values?.original).toEqual({});
    expect(valueAt(values?.merged, 'global', 'hub')).not.toBe('mine');
  });

  test('a gateway has its name, its labels over the usual ones, and the ports of its Service', () => {
    const gateway = {
      name: 'edge',
      label: { tier: 'x', istio: 'edge' },
      k8s: { service: { ports: [{ port: 443, name: 'https' }] } },
    };
    const { values } = inputOf('IngressGateways', { components: { ingressGateways: [gateway] } });
    expect(valueAt(values, 'gateways', 'istio-ingressgateway')).toMatchObject({
      name: 'edge',
      labels: { app: 'istio-ingressgateway', istio: 'edge', tier: 'x' },
      ports: [{ port: 443, name: 'https', targetPort: 0 }],
    });
  });

  test('a gateway does not see the name and ports of the one before it', () => {
    const ports = [{ port: 443, name: 'https' }];
    const inputs = inputsOf({
      profile: 'empty',
      components: { ingressGateways: [named('a', { k8s: { service: { ports } }, tag: 't' }), named('b')] },
    });
    const [, second] = inputs.map(({ values }) => valueAt(values, 'gateways', 'istio-ingressgateway'));
    expect(second).toMatchObject({
      name: 'b',
      ports: expect.arrayContaining([expect.objectContaining({ port: 15021 })]),
    });
    expect(second).not.toHaveProperty('tag');
  });

  test('the documents show what was given, and the defaults below it', () => {
    const { documents } = inputOf('Pilot', { profile: 'demo', values: { pilot: { traceSampling: null } } });
    expect(documents?.original).toMatchObject({ profile: 'demo', pilot: { enabled: true, cni: { enabled: false } } });
    expect(documents?.original).toHaveProperty('pilot.traceSampling', null);
    expect(documents?.merged).toMatchObject({ keepaliveMaxServerConnectionAge: '30m', autoscaleEnabled: false });
  });
});

describe('compatibility versions', () => {
  const envOf = (version: string) =>
    Object.keys(inputOf('Pilot', { compatibilityVersion: version }).values.env as JsonObject).sort();

  test('the newest undoes the changes of this release', () => {
    expect(envOf('1.29')).toEqual(['PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE']);
  });

  test('each older one undoes more', () => {
    const counts = ['1.29', '1.28', '1.27', '1.26', '1.25'].map((version) => envOf(version).length);
    expect(counts).toEqual([1, 2, 4, 5, 5]);
  });

  test('a version that YAML reads as a number is found', () => {
    expect(inputOf('Pilot', { compatibilityVersion: 1.28 }).values.env).toHaveProperty(
      'DISABLE_TRACK_REMAINING_CB_METRICS',
    );
  });
});

describe('what cannot be built from is refused', () => {
  const cases: Record<string, { spec: JsonObject; path: string; says: string }> = {
    'an unknown value profile': {
      spec: { values: { profile: 'stabel' } },
      path: 'spec.values.profile',
      says: 'Did you mean stable?',
    },
    'an unknown platform': {
      spec: { values: { global: { platform: 'opneshift' } } },
      path: 'spec.values.global.platform',
      says: 'openshift',
    },
    'a platform that every object inherits': {
      spec: { values: { global: { platform: 'constructor' } } },
      path: 'spec.values.global.platform',
      says: 'Use one of: gke, k3d',
    },
    'an unknown compatibility version': {
      spec: { compatibilityVersion: '1.10' },
      path: 'spec.compatibilityVersion',
      says: '1.25, 1.26, 1.27, 1.28, 1.29',
    },
    'an unknown compatibility version among the values': {
      spec: { values: { compatibilityVersion: '2.0' } },
      path: 'spec.values.compatibilityVersion',
      says: '1.29',
    },
    'text where a map belongs': {
      spec: { unvalidatedValues: { pilot: { env: 'FOO=bar' } } },
      path: 'spec.unvalidatedValues.pilot.env',
      says: 'map',
    },
    'a map where a list belongs': {
      spec: { unvalidatedValues: { global: { imagePullSecrets: { a: 1 } } } },
      path: 'spec.unvalidatedValues.global.imagePullSecrets',
      says: 'list',
    },
    'a certificate provider that is gone': {
      spec: { values: { global: { pilotCertProvider: 'kubernetes' } } },
      path: 'spec.values.global.pilotCertProvider',
      says: 'istiod',
    },
  };
  test.each(Object.entries(cases))('%s', (_name, { spec, path, says }) => {
    let failure: unknown;
    try {
      inputsOf(spec);
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(OperatorError);
    const { detail, message } = failure as OperatorError;
    expect(detail).toMatchObject({ code: 'InvalidValue', path });
    expect(`${message} ${detail.hint}`).toContain(says);
  });

  test('all wrong shapes of a component are told at once', () => {
    expect(() => inputsOf({ unvalidatedValues: { pilot: { env: 1, tolerations: 'x' } } })).toThrow('(and 1 more)');
  });
});

test.each([
  ['openshift', 'Istio has made it a platform: remove the line and set values.global.platform: openshift.'],
  ['openshift-ambient', 'Istio has split it: set values.profile: ambient and values.global.platform: openshift.'],
  ['openshfit', 'Use one of: ambient, demo, preview, remote, stable.'],
])('values.profile: %s is refused with what to write', (profile, hint) => {
  expect(() => inputsOf({ values: { profile } })).toThrow(
    expect.objectContaining({ detail: { code: 'InvalidValue', path: 'spec.values.profile', hint } }),
  );
});

test.each<[string, JsonObject]>([
  ['null in the spec', { hub: null, tag: null }],
  ['no text in the spec', { hub: '', tag: '' }],
  ['null in the values', { values: { global: { hub: null, tag: null }, ztunnel: { hub: null, tag: null } } }],
  ['no text in the values', { values: { global: { hub: '', tag: '' }, ztunnel: { hub: '', tag: '' } } }],
  ['null for all of global', { values: { global: null } }],
  ['no text in values that nobody checks', { unvalidatedValues: { global: { hub: '', tag: '' } } }],
])('images come from where the profile says with %s', (_what, spec) => {
  const [pilot, ztunnel] = (['Pilot', 'Ztunnel'] as const).map((name) =>
    inputOf(name, { profile: 'ambient', ...spec }),
  );
  const want = { hub: 'registry.istio.io/release', tag: '1.30.3' };
  expect(pilot?.values.global).toMatchObject(want);
  expect(ztunnel?.values).toMatchObject(want);
});
