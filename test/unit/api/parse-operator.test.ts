import { describe, expect, test } from '@jest/globals';
import { parseOperator } from '../../../src/api/index.ts';
import { OperatorError } from '../../../src/core/index.ts';
import { aDocument, fromText, issuesIn, nested, noticesOf, parsed } from './builders.ts';

/** The README's CR, in its essentials: a gateway without a name, overlays, a percentage in a strategy. */
const README_SPEC = {
  profile: 'demo',
  components: {
    cni: { enabled: true, namespace: 'kube-system' },
    ingressGateways: [
      {
        enabled: true,
        k8s: {
          service: { type: 'ClusterIP' },
          strategy: { rollingUpdate: { maxUnavailable: '100%', maxSurge: '0%' } },
          nodeSelector: { 'kubernetes.io/hostname': 'sealos02' },
          overlays: [
            {
              apiVersion: 'v1',
              kind: 'Service',
              name: 'istio-ingressgateway',
              patches: [{ path: 'spec.ports', value: [{ name: 'http2', port: 80, targetPort: 80 }] }],
            },
          ],
        },
      },
    ],
  },
  values: { cni: { excludeNamespaces: ['istio-system'], logging: { level: 'info' } } },
};

describe('what is accepted', () => {
  const accepted: Record<string, unknown> = {
    'the CR of the README': README_SPEC,
    'an absent spec': undefined,
    'a null spec': null,
    'an empty spec': {},
    'null wherever a field may stand': {
      profile: null,
      values: null,
      meshConfig: null,
      components: { pilot: null, cni: { k8s: null }, ingressGateways: null },
    },
    'null inside values': { values: { pilot: { autoscaleEnabled: null, env: { A: null } }, gateways: null } },
    'an empty list of gateways': { components: { egressGateways: [] } },
    'a quantity as a number': {
      components: { pilot: { k8s: { resources: { requests: { cpu: 0.5, memory: 1e9 } } } } },
    },
    'a percentage and a number where Kubernetes takes both': {
      values: { pilot: { rollingMaxSurge: '100%', rollingMaxUnavailable: 1 } },
    },
    'numbers and booleans in the environment of values': { values: { pilot: { env: { A: 1, B: true, C: 'x' } } } },
    'anything in unvalidatedValues': { unvalidatedValues: { anyKey: [1, { at: { all: null } }] } },
    'names of meshConfig in snake_case': { meshConfig: { access_log_file: '/dev/stdout', default_config: {} } },
    'a registry with a port': { hub: 'localhost:5000/istio', tag: 'dev' },
    'a tag with a digest': { tag: `1.30.3@sha256:${'0'.repeat(64)}` },
    'overlay values of any shape': {
      components: {
        base: { k8s: { overlays: [{ kind: 'A', name: 'b', patches: [{ path: 'x', value: [1] }, { path: 'y' }] }] } },
      },
    },
    'add-ons as Istio 1.5 had them': { addonComponents: { kiali: { enabled: true, k8s: { replicaCount: 1 } } } },
    'autoscaling metrics of v2beta1': {
      components: {
        pilot: {
          k8s: {
            hpaSpec: { metrics: [{ type: 'Resource', resource: { name: 'cpu', targetAverageUtilization: 80 } }] },
          },
        },
      },
    },
    'fields of the charts that istioctl refuses': {
      values: {
        cni: {
          tolerations: [{ operator: 'Exists' }],
          updateStrategy: { type: 'OnDelete' },
          terminationGracePeriodSeconds: 5,
        },
        pilot: { initContainers: [{ name: 'a', image: 'b' }], pdb: { minAvailable: 1 }, trustedZtunnelName: 'z' },
        global: { waypoint: { tolerations: [{ key: 'a' }] }, proxy_init: { forceApplyIptables: true } },
      },
    },
  };
  test.each(Object.entries(accepted))('%s', (_name, spec) => {
    expect(issuesIn(aDocument(spec))).toEqual([]);
    expect(noticesOf(spec)).toEqual([]);
  });

  test('the document is returned as it is when nothing has to be converted', () => {
    expect(parsed(README_SPEC).spec).toBe(README_SPEC);
  });

  test('a document without metadata, and one with fields of the API server and a status', () => {
    const { operator } = parseOperator({ apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator' });
    expect(operator).toEqual({
      apiVersion: 'install.istio.io/v1alpha1',
      kind: 'IstioOperator',
      metadata: {},
      spec: {},
    });
    const stored = aDocument(
      {},
      { metadata: { name: 'a', uid: 'b', managedFields: [{}] }, status: { status: 3, odd: 1 } },
    );
    expect(issuesIn(stored)).toEqual([]);
  });
});

describe('what is converted', () => {
  test('whole numbers that YAML made of a revision become text', () => {
    expect(parsed({ revision: 2, values: { revision: 2, defaultRevision: 3 } }).spec).toEqual({
      revision: '2',
      values: { revision: '2', defaultRevision: '3' },
    });
  });

  test('a compatibility version becomes text, with a warning that zeros are lost', () => {
    expect(parsed({ compatibilityVersion: 1.29 }).spec).toEqual({ compatibilityVersion: '1.29' });
    expect(noticesOf({ compatibilityVersion: 1.29 })).toEqual([
      {
        code: 'RiskySetting',
        path: 'spec.compatibilityVersion',
        message: 'YAML makes this the number 1.29, so a zero at its end would be lost.',
        hint: 'Put it in quotes.',
      },
    ]);
  });

  test('a tag stays the number that it is', () => {
    expect(parsed({ components: { pilot: { tag: 2 } } }).spec).toEqual({ components: { pilot: { tag: 2 } } });
  });

  test('the original is not edited, and an anchor is converted in the one place that asks for it', () => {
    const shared = { revision: 2 };
    const spec = { values: shared, unvalidatedValues: shared };
    expect(parsed(spec).spec).toEqual({ values: { revision: '2' }, unvalidatedValues: { revision: 2 } });
    expect(spec).toEqual({ values: { revision: 2 }, unvalidatedValues: { revision: 2 } });
  });
});

describe('what is refused', () => {
  const k8s = (settings: object) => ({ components: { pilot: { k8s: settings } } });
  const proxy = (settings: object) => ({ values: { global: { proxy: settings } } });
  const cases: Record<string, { spec: unknown; code?: string; path: string; message: string; hint: string }> = {
    'an unknown field with a near match': {
      spec: k8s({ replicaCout: 3 }),
      code: 'UnknownField',
      path: 'spec.components.pilot.k8s.replicaCout',
      message: 'Unknown field "replicaCout".',
      hint: 'Did you mean "replicaCount"?',
    },
    'a field in the wrong case': {
      spec: { values: { global: { istionamespace: 'a' } } },
      code: 'UnknownField',
      path: 'spec.values.global.istionamespace',
      message: 'Unknown field "istionamespace".',
      hint: 'Did you mean "istioNamespace"?',
    },
    'a field that belongs one level down': {
      spec: { components: { pilot: { replicaCount: 3 } } },
      code: 'UnknownField',
      path: 'spec.components.pilot.replicaCount',
      message: 'Unknown field "replicaCount".',
      hint: 'Did you mean "k8s.replicaCount"?',
    },
    'an unknown component': {
      spec: { components: { cnii: {} } },
      code: 'UnknownField',
      path: 'spec.components.cnii',
      message: 'Unknown field "cnii".',
      hint: 'Did you mean "cni"?',
    },
    'an unknown field with few alternatives': {
      spec: { values: { global: { defaultTolerations: [{ thats: 'not-a-real-field' }] } } },
      code: 'UnknownField',
      path: 'spec.values.global.defaultTolerations[0].thats',
      message: 'Unknown field "thats".',
      hint: 'Known here: effect, key, operator, tolerationSeconds, value.',
    },
    'an unknown field among many': {
      spec: { values: { global: { badKeyOfMine: 1 } } },
      code: 'UnknownField',
      path: 'spec.values.global.badKeyOfMine',
      message: 'Unknown field "badKeyOfMine".',
      hint: 'To see what is known here: kubectl explain iop.spec.values.global',
    },
    'what is called otherwise in Kubernetes': {
      spec: { components: { ingressGateways: [{ k8s: { replicas: 2 } }] } },
      path: 'spec.components.ingressGateways[0].k8s.replicas',
      code: 'UnknownField',
      message: 'Unknown field "replicas".',
      hint: 'Did you mean "replicaCount"?',
    },
    'a component by the name of its Deployment': {
      spec: { components: { istiod: { enabled: true } } },
      path: 'spec.components.istiod',
      code: 'UnknownField',
      message: 'Unknown field "istiod".',
      hint: 'Did you mean "pilot"?',
    },
    'what has no field among the settings of objects': {
      spec: k8s({ livenessProbe: {} }),
      path: 'spec.components.pilot.k8s.livenessProbe',
      code: 'UnknownField',
      message: 'Unknown field "livenessProbe".',
      hint: 'Use a patch in k8s.overlays for what has no field. To see what is known here: kubectl explain iop.spec.components.pilot.k8s',
    },
    'a spec in the spec': {
      spec: { spec: { hub: 'registry.example' } },
      path: 'spec.spec',
      code: 'UnknownField',
      message: 'Unknown field "spec".',
      hint: 'Leave out the second spec: what is below it belongs here, as in --set hub=registry.example/istio.',
    },
    'an unknown name in meshConfig': {
      spec: { meshConfig: { enableAutoMTLS: true } },
      code: 'UnknownField',
      path: 'spec.meshConfig.enableAutoMTLS',
      message: 'Unknown field "enableAutoMTLS".',
      hint: 'Did you mean "enableAutoMtls"?',
    },
    'a string for a number': {
      spec: k8s({ replicaCount: 'three' }),
      path: 'spec.components.pilot.k8s.replicaCount',
      message: 'Expected a whole number, got the string "three".',
      hint: 'For example: replicaCount: 2',
    },
    'a number in quotes': {
      spec: k8s({ replicaCount: '3' }),
      path: 'spec.components.pilot.k8s.replicaCount',
      message: 'Expected a whole number, got the string "3".',
      hint: 'Write 3 without quotes.',
    },
    'a text that is no number in values': {
      spec: { values: { pilot: { autoscaleMin: 'two' } } },
      path: 'spec.values.pilot.autoscaleMin',
      message: 'Expected a whole number, got the string "two".',
      hint: 'For example: autoscaleMin: 2',
    },
    'a fraction in quotes where a whole number belongs': {
      spec: { values: { global: { proxy: { statusPort: '1.5' } } } },
      path: 'spec.values.global.proxy.statusPort',
      message: 'Expected a whole number, got the string "1.5".',
      hint: 'For example: statusPort: 2',
    },
    'a number in quotes that is too large': {
      spec: { values: { gateways: { 'istio-ingressgateway': { ports: [{ port: '70000' }] } } } },
      path: 'spec.values.gateways.istio-ingressgateway.ports[0].port',
      message: '70000 is more than 65535.',
      hint: 'Use at most 65535.',
    },
    'a port in quotes that only root may listen on': {
      spec: { values: { gateways: { 'istio-ingressgateway': { ingressPorts: [{ port: '80' }] } } } },
      path: 'spec.values.gateways.istio-ingressgateway.ingressPorts[0].port',
      message: 'The gateway would listen on port 80, which only root may.',
      hint: 'Set targetPort: 8080, while port stays what clients and Gateways use; or set values.gateways.istio-ingressgateway.runAsRoot: true.',
    },
    'a boolean in quotes': {
      spec: { components: { pilot: { enabled: 'True' } } },
      path: 'spec.components.pilot.enabled',
      message: 'Expected true or false, got the string "True".',
      hint: 'Write true without quotes.',
    },
    'a number for a boolean': {
      spec: { components: { pilot: { enabled: 1 } } },
      path: 'spec.components.pilot.enabled',
      message: 'Expected true or false, got the number 1.',
      hint: 'For example: enabled: true',
    },
    'a number for a string': {
      spec: k8s({ podAnnotations: { 'prometheus.io/port': 15020 } }),
      path: 'spec.components.pilot.k8s.podAnnotations.prometheus\\.io/port',
      message: 'Expected a string, got the number 15020.',
      hint: 'Put it in quotes: prometheus.io/port: "15020".',
    },
    'a boolean for a revision': {
      spec: { revision: true },
      path: 'spec.revision',
      message: 'Expected a string or a whole number, got true.',
      hint: 'Put the word that you wrote in quotes: without them YAML reads y, yes, on, true as true.',
    },
    'a word of a few that YAML takes for a boolean': {
      spec: { meshConfig: { ingressControllerMode: false } },
      path: 'spec.meshConfig.ingressControllerMode',
      message: 'Expected a string or a number, got false.',
      hint: 'Write ingressControllerMode: "OFF": without quotes YAML reads it as false.',
    },
    'a fraction for a revision': {
      spec: { revision: 1.5 },
      path: 'spec.revision',
      message: 'Expected a string or a whole number, got the number 1.5.',
      hint: 'Use at most 63 lower-case letters, digits and "-", beginning and ending with a letter or digit, such as "1-30-3".',
    },
    'a duration without its unit': {
      spec: { meshConfig: { defaultConfig: { drainDuration: 45 } } },
      path: 'spec.meshConfig.defaultConfig.drainDuration',
      message: 'Expected a string, got the number 45.',
      hint: 'Add the unit: drainDuration: 45s.',
    },
    'a port for an address': {
      spec: { meshConfig: { defaultConfig: { discoveryAddress: 15012 } } },
      path: 'spec.meshConfig.defaultConfig.discoveryAddress',
      message: 'Expected a string, got the number 15012.',
      hint: 'Write host and port, such as "zipkin.istio-system:9411".',
    },
    'a list for a tag': {
      spec: { tag: [] },
      path: 'spec.tag',
      message: 'Expected a string or a number, got an empty list.',
      hint: 'For example: tag: "text"',
    },
    'a fraction for a count': {
      spec: k8s({ replicaCount: 1.5 }),
      path: 'spec.components.pilot.k8s.replicaCount',
      message: 'Expected a whole number, got the number 1.5.',
      hint: 'For example: replicaCount: 2',
    },
    'a negative count': {
      spec: k8s({ replicaCount: -1 }),
      path: 'spec.components.pilot.k8s.replicaCount',
      message: '-1 is less than 0.',
      hint: 'Use at least 0.',
    },
    'a port that is too high': {
      spec: { values: { gateways: { 'istio-ingressgateway': { ports: [{ port: 70000 }] } } } },
      path: 'spec.values.gateways.istio-ingressgateway.ports[0].port',
      message: '70000 is more than 65535.',
      hint: 'Use at most 65535.',
    },
    'text for a share': {
      spec: { values: { pilot: { traceSampling: 'all' } } },
      path: 'spec.values.pilot.traceSampling',
      message: 'Expected a number, got the string "all".',
      hint: 'For example: traceSampling: 2',
    },
    'a map for a list': {
      spec: { components: { ingressGateways: { name: 'a' } } },
      path: 'spec.components.ingressGateways',
      message: 'Expected a list, got a map.',
      hint: 'For example: ingressGateways: [{…}]',
    },
    'text for a list of words': {
      spec: { values: { cni: { excludeNamespaces: '' } } },
      path: 'spec.values.cni.excludeNamespaces',
      message: 'Expected a list, got an empty string.',
      hint: 'For example: excludeNamespaces: ["text"]',
    },
    'an empty entry of a list': {
      spec: { components: { ingressGateways: [null] } },
      path: 'spec.components.ingressGateways[0]',
      message: 'Expected a map, got null.',
      hint: 'For example: {key: value}',
    },
    'a list for a map': {
      spec: { meshConfig: { defaultConfig: ['a'] } },
      path: 'spec.meshConfig.defaultConfig',
      message: 'Expected a map, got a list.',
      hint: 'For example: defaultConfig: {key: value}',
    },
    'a map for an environment value': {
      spec: { values: { pilot: { env: { A: {} } } } },
      path: 'spec.values.pilot.env.A',
      message: 'Expected a string, a number, true or false, got a map.',
      hint: 'For example: A: "text"',
    },
    'a boolean for a percentage': {
      spec: { values: { pilot: { rollingMaxSurge: true } } },
      path: 'spec.values.pilot.rollingMaxSurge',
      message: 'Expected a whole number or a string such as "25%", got true.',
      hint: 'For example: rollingMaxSurge: "25%"',
    },
    'a boolean for a quantity': {
      spec: k8s({ resources: { limits: { cpu: true } } }),
      path: 'spec.components.pilot.k8s.resources.limits.cpu',
      message: 'Expected a quantity such as "500m" or "1Gi", got true.',
      hint: 'For example: cpu: "500m"',
    },
    'a quantity with an unknown unit': {
      spec: k8s({ resources: { limits: { memory: '1 GB' } } }),
      path: 'spec.components.pilot.k8s.resources.limits.memory',
      message: '"1 GB" is not a quantity.',
      hint: 'Use a number with or without a unit: 500m, 2, 1.5Gi.',
    },
    'a word that Kubernetes does not know': {
      spec: k8s({ service: { type: 'Loadbalancer' } }),
      path: 'spec.components.pilot.k8s.service.type',
      message: '"Loadbalancer" is not one of the words that are known here.',
      hint: 'Did you mean "LoadBalancer"? Use one of: ClusterIP, ExternalName, LoadBalancer, NodePort.',
    },
    'a word without a near match': {
      spec: k8s({ imagePullPolicy: 'Sometimes' }),
      path: 'spec.components.pilot.k8s.imagePullPolicy',
      message: '"Sometimes" is not one of the words that are known here.',
      hint: 'Use one of: Always, IfNotPresent, Never.',
    },
    'an overlay without a kind': {
      spec: { components: { ingressGateways: [{ k8s: { overlays: [{ kind: '', name: 'a' }] } }] } },
      path: 'spec.components.ingressGateways[0].k8s.overlays[0].kind',
      message: '"kind" is missing.',
      hint: 'Set kind.',
    },
    'a registry with a scheme': {
      spec: { hub: 'https://registry.istio.io/release' },
      path: 'spec.hub',
      message: '"https://registry.istio.io/release" is not a valid image registry.',
      hint: 'Leave out "https://".',
    },
    'a registry with a slash at its end': {
      spec: { hub: 'registry.istio.io/release/' },
      path: 'spec.hub',
      message: '"registry.istio.io/release/" is not a valid image registry.',
      hint: 'Leave out the "/" at the end.',
    },
    'a registry in capitals': {
      spec: { components: { cni: { hub: 'docker.io/Istio' } } },
      path: 'spec.components.cni.hub',
      message: '"docker.io/Istio" is not a valid image registry.',
      hint: 'Write host and path without image name and tag, such as "registry.istio.io/release".',
    },
    'a tag with a space': {
      spec: { tag: '1.30 3' },
      path: 'spec.tag',
      message: '"1.30 3" is not a valid image tag.',
      hint: 'Use letters, digits, "_", "." and "-", such as "1.30.3".',
    },
    'a revision that is no label': {
      spec: { revision: '1.30' },
      path: 'spec.revision',
      message: '"1.30" is not a valid revision.',
      hint: 'Use at most 63 lower-case letters, digits and "-", beginning and ending with a letter or digit, such as "1-30-3".',
    },
    'a negative number for a revision': {
      spec: { revision: -1 },
      path: 'spec.revision',
      message: '-1 is not a valid revision.',
      hint: 'Use at most 63 lower-case letters, digits and "-", beginning and ending with a letter or digit, such as "1-30-3".',
    },
    'a gateway name with capitals': {
      spec: { components: { egressGateways: [{ name: 'a' }, { name: 'My Gateway' }] } },
      path: 'spec.components.egressGateways[1].name',
      message: '"My Gateway" is not a valid gateway name.',
      hint: 'Use lower-case letters, digits, "-" and ".", at most 254.',
    },
    'a namespace with a dot': {
      spec: { components: { pilot: { namespace: 'istio.system' } } },
      path: 'spec.components.pilot.namespace',
      message: '"istio.system" is not a valid namespace name.',
      hint: 'Use lower-case letters, digits and "-", at most 63.',
    },
    'an address range that is none': {
      spec: proxy({ includeIPRanges: '10.0.0.0/8,10.0.0.1' }),
      path: 'spec.values.global.proxy.includeIPRanges',
      message: '"10.0.0.0/8,10.0.0.1" has the entry "10.0.0.1", which is not a CIDR block.',
      hint: 'Write "*" or CIDR blocks separated by commas without spaces, such as "10.0.0.0/8,192.168.0.0/16".',
    },
    'a port that is none': {
      spec: proxy({ excludeInboundPorts: '80,http' }),
      path: 'spec.values.global.proxy.excludeInboundPorts',
      message: '"80,http" has the entry "http", which is not a port.',
      hint: 'Write "*" or ports from 0 to 65535 separated by commas without spaces, such as "8080,9090".',
    },
    'a forbidden key in a free object': {
      spec: fromText('{"unvalidatedValues": {"a": [{"__proto__": {"polluted": true}}]}}'),
      path: 'spec.unvalidatedValues.a[0].__proto__',
      message: 'The key "__proto__" is not allowed.',
      hint: 'Remove it.',
    },
    'a forbidden key in an overlay': {
      spec: k8s({ overlays: [{ kind: 'A', name: 'b', patches: [{ path: 'x', value: { constructor: 1 } }] }] }),
      path: 'spec.components.pilot.k8s.overlays[0].patches[0].value.constructor',
      message: 'The key "constructor" is not allowed.',
      hint: 'Remove it.',
    },
    'a forbidden key among the labels': {
      spec: { components: { ingressGateways: [{ label: { prototype: 'a' } }] } },
      path: 'spec.components.ingressGateways[0].label.prototype',
      message: 'The key "prototype" is not allowed.',
      hint: 'Remove it.',
    },
    'a document that is too deep': {
      spec: { unvalidatedValues: nested(200) },
      path: 'spec.unvalidatedValues.inner.inner.inner.inner.inner.inner…',
      message: 'The document is nested more than 100 levels deep.',
      hint: 'Look for an anchor or an object that contains itself.',
    },
    'a date, which YAML 1.1 makes of 2026-01-01': {
      spec: { revision: new Date(0) },
      path: 'spec.revision',
      message: 'Expected a JSON value, got a date.',
      hint: 'Put it in quotes.',
    },
    'a number that JSON cannot hold': {
      spec: { values: { pilot: { traceSampling: Number.NaN } } },
      path: 'spec.values.pilot.traceSampling',
      message: 'Expected a JSON value, got the number NaN.',
      hint: 'Put it in quotes.',
    },
  };
  test.each(Object.entries(cases))('%s', (_name, { spec, code = 'InvalidValue', ...rest }) => {
    expect(issuesIn(aDocument(spec))).toEqual([{ code, ...rest }]);
  });

  test('a low port of a gateway that does not run as root', () => {
    const gateway = (port: object) => ({ components: { ingressGateways: [{ k8s: { service: { ports: [port] } } }] } });
    expect(issuesIn(aDocument(gateway({ port: 80 })))).toEqual([
      {
        code: 'InvalidValue',
        path: 'spec.components.ingressGateways[0].k8s.service.ports[0].port',
        message: 'The gateway would listen on port 80, which only root may.',
        hint: 'Set targetPort: 8080, while port stays what clients and Gateways use; or set values.gateways.istio-ingressgateway.runAsRoot: true.',
      },
    ]);
    expect(issuesIn(aDocument(gateway({ port: 8080, targetPort: 443 })))[0]?.path).toBe(
      'spec.components.ingressGateways[0].k8s.service.ports[0].targetPort',
    );
    for (const port of [{ port: 80, targetPort: 8080 }, { port: 80, targetPort: 'http' }, { port: 15021 }, {}]) {
      expect(issuesIn(aDocument(gateway(port)))).toEqual([]);
    }
    const rootful = { gateways: { 'istio-ingressgateway': { runAsRoot: true } } };
    expect(issuesIn(aDocument({ ...gateway({ port: 80 }), values: rootful }))).toEqual([]);
    expect(issuesIn(aDocument({ ...gateway({ port: 80 }), unvalidatedValues: rootful }))).toEqual([]);
    const disabled = {
      components: { egressGateways: [{ enabled: false, k8s: { service: { ports: [{ port: 80 }] } } }] },
    };
    expect(issuesIn(aDocument(disabled))).toEqual([]);
    const ingressPorts = [
      { name: 'a', port: 8080 },
      { name: 'b', port: 90 },
    ];
    const inValues = { values: { gateways: { 'istio-ingressgateway': { ingressPorts } } } };
    expect(issuesIn(aDocument(inValues)).map((issue) => issue.path)).toEqual([
      'spec.values.gateways.istio-ingressgateway.ingressPorts[1].port',
    ]);
  });

  test('all findings come in one error, up to a number that still can be read', () => {
    const found = issuesIn(aDocument({ profil: 'demo', components: { pilot: { enabled: 'x' }, cnii: {} } }));
    expect(found.map((issue) => issue.path)).toEqual([
      'spec.profil',
      'spec.components.pilot.enabled',
      'spec.components.cnii',
    ]);
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_unused, index) => [`unknown${index}`, 1]));
    expect(issuesIn(aDocument(many))).toHaveLength(50);
  });

  test('a name that several fields have is not guessed at', () => {
    const [issue] = issuesIn(aDocument({ components: { namespace: 'a' } }));
    expect(issue?.hint).toBe('Known here: base, pilot, cni, ztunnel, istiodRemote, ingressGateways, egressGateways.');
  });

  test('warnings come up to a number that still can be read', () => {
    expect(
      noticesOf({ components: { ingressGateways: Array.from({ length: 500 }, () => ({ tag: 1.5 })) } }),
    ).toHaveLength(100);
  });

  test('long keys and values do not make long messages', () => {
    const [unknown] = issuesIn(aDocument({ ['x'.repeat(100_000)]: 1 }));
    const [value] = issuesIn(aDocument({ components: { pilot: { enabled: 'y'.repeat(100_000) } } }));
    expect(JSON.stringify([unknown, value]).length).toBeLessThan(1000);
  });

  test('an object that contains itself', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(issuesIn(aDocument({ unvalidatedValues: loop })).map((issue) => issue.code)).toEqual(['InvalidValue']);
  });

  test('anchors within anchors that stand for millions of values', () => {
    let bomb: unknown = 'x';
    for (let level = 0; level < 30; level++) bomb = [bomb, bomb];
    expect(issuesIn(aDocument({ unvalidatedValues: { bomb } }))).toEqual([
      {
        code: 'DocumentTooLarge',
        message: 'The document has more than 500000 values.',
        hint: 'Look for anchors that are repeated within each other.',
      },
    ]);
  });
});

describe('around the spec', () => {
  const cases: Record<string, { document: unknown; code: string; path?: string; message: string; hint: string }> = {
    'a document that is a list': {
      document: [],
      code: 'InvalidResource',
      message: 'Expected an IstioOperator, got an empty list.',
      hint: 'Begin with apiVersion: install.istio.io/v1alpha1 and kind: IstioOperator.',
    },
    'another version of the API': {
      document: aDocument({}, { apiVersion: 'install.istio.io/v1alpha2' }),
      code: 'InvalidResource',
      path: 'apiVersion',
      message: 'apiVersion is the string "install.istio.io/v1alpha2".',
      hint: 'Did you mean "install.istio.io/v1alpha1"?',
    },
    'no kind': {
      document: aDocument({}, { kind: undefined }),
      code: 'InvalidResource',
      path: 'kind',
      message: 'kind is missing.',
      hint: 'Set kind: IstioOperator.',
    },
    'another kind': {
      document: aDocument({}, { kind: 'Deployment' }),
      code: 'InvalidResource',
      path: 'kind',
      message: 'kind is the string "Deployment".',
      hint: 'Set kind: IstioOperator.',
    },
    'a typo in the kind': {
      document: aDocument({}, { kind: 'IstioOperater' }),
      code: 'InvalidResource',
      path: 'kind',
      message: 'kind is the string "IstioOperater".',
      hint: 'Did you mean "IstioOperator"?',
    },
    'a name that is a number': {
      document: aDocument({}, { metadata: { name: 7 } }),
      code: 'InvalidValue',
      path: 'metadata.name',
      message: 'Expected a string, got the number 7.',
      hint: 'Put it in quotes: name: "7".',
    },
    'a namespace that is a list': {
      document: aDocument({}, { metadata: { namespace: [] } }),
      code: 'InvalidValue',
      path: 'metadata.namespace',
      message: 'Expected a string, got an empty list.',
      hint: 'For example: namespace: istio.',
    },
    'metadata that is text': {
      document: aDocument({}, { metadata: 'mesh' }),
      code: 'InvalidValue',
      path: 'metadata',
      message: 'Expected a map, got the string "mesh".',
      hint: 'For example: metadata: {name: istio}.',
    },
    'a forbidden key in the metadata': {
      document: fromText('{"metadata": {"labels": {"__proto__": "a"}}}'),
      code: 'InvalidValue',
      path: 'metadata.labels.__proto__',
      message: 'The key "__proto__" is not allowed.',
      hint: 'Remove it.',
    },
    'a field of the spec at the top': {
      document: aDocument({}, { components: {} }),
      code: 'UnknownField',
      path: 'components',
      message: 'Unknown field "components".',
      hint: 'Did you mean "spec.components"?',
    },
    'a misspelt spec': {
      document: aDocument({}, { specs: {} }),
      code: 'UnknownField',
      path: 'specs',
      message: 'Unknown field "specs".',
      hint: 'Did you mean "spec"?',
    },
    'data of another kind': {
      document: aDocument({}, { somethingElse: {} }),
      code: 'UnknownField',
      path: 'somethingElse',
      message: 'Unknown field "somethingElse".',
      hint: 'Known here: apiVersion, kind, metadata, spec, status.',
    },
    'a spec that is text': {
      document: aDocument('demo'),
      code: 'InvalidValue',
      path: 'spec',
      message: 'Expected a map, got the string "demo".',
      hint: 'For example: spec: {key: value}',
    },
  };
  test.each(Object.entries(cases))('%s is refused', (_name, { document, ...issue }) => {
    expect(issuesIn(document)).toEqual([issue]);
  });

  test.each([undefined, null, 'text', 7, true])('%p is not a document', (document) => {
    expect(() => parseOperator(document)).toThrow(OperatorError);
  });
});

describe('with an API server that may be newer than our Kubernetes types', () => {
  const newer = {
    components: { pilot: { k8s: { tolerations: [{ key: 'a', since: '1.50' }], service: { type: 'Quantum' } } } },
  };

  test('a field and a word that we do not know are handed on with a warning', () => {
    expect(noticesOf(newer, { newerKubernetes: true })).toEqual([
      {
        code: 'SchemaMismatch',
        path: 'spec.components.pilot.k8s.tolerations[0].since',
        message: '"since" is not a field that this operator knows; it is handed on for the API server to judge.',
      },
      {
        code: 'SchemaMismatch',
        path: 'spec.components.pilot.k8s.service.type',
        message: '"Quantum" is not one of the words that are known here.',
        hint: 'Use one of: ClusterIP, ExternalName, LoadBalancer, NodePort.',
      },
    ]);
    expect(parsed(newer, { newerKubernetes: true }).spec).toBe(newer);
    expect(issuesIn(aDocument(newer))).toHaveLength(2);
  });

  test('a field of Istio that we do not know is refused all the same', () => {
    expect(issuesIn(aDocument({ values: { pilot: { sinceWhen: 1 } } }), { newerKubernetes: true })).toHaveLength(1);
  });
});

test('numbers in quotes are numbers in values, as Istio reads them, and stay an error in what Kubernetes defines', () => {
  const values = {
    pilot: { autoscaleMin: '2', traceSampling: '0.5', cpu: { targetAverageUtilization: '70' } },
    gateways: { 'istio-ingressgateway': { ports: [{ port: '443', targetPort: '8443' }] } },
  };
  expect(parsed({ values }).spec.values).toEqual({
    pilot: { autoscaleMin: 2, traceSampling: 0.5, cpu: { targetAverageUtilization: 70 } },
    gateways: { 'istio-ingressgateway': { ports: [{ port: 443, targetPort: '8443' }] } },
  });
  const tolerations = [{ tolerationSeconds: '5' }];
  expect(issuesIn(aDocument({ values: { pilot: { tolerations } } }))).toHaveLength(1);
});
