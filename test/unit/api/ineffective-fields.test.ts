import { describe, expect, test } from '@jest/globals';
import { noticesOf } from './builders.ts';

const WORKS = 'This field still works, but Istio has deprecated it.';

describe('a field without effect', () => {
  const cases: Record<string, { spec: object; path: string; message: string; hint?: string }> = {
    installPackagePath: {
      spec: { installPackagePath: '/charts' },
      path: 'spec.installPackagePath',
      message: 'It has no effect: the operator has everything it installs built in.',
      hint: 'Remove it.',
    },
    resourceSuffix: {
      spec: { resourceSuffix: 'a' },
      path: 'spec.resourceSuffix',
      message: 'It has no effect and never had one.',
      hint: 'Use revision.',
    },
    defaultRevision: {
      spec: { defaultRevision: true },
      path: 'spec.defaultRevision',
      message: 'It has no effect and never had one.',
      hint: 'Use values.defaultRevision.',
    },
    istiodRemote: {
      spec: { components: { istiodRemote: { enabled: true } } },
      path: 'spec.components.istiodRemote.enabled',
      message: 'It has no effect.',
      hint: 'Use the profile remote.',
    },
    namespace: {
      spec: { namespace: 'mesh' },
      path: 'spec.namespace',
      message: 'It has no effect: the control plane is installed in istio-system.',
      hint: 'Set values.global.istioNamespace: mesh.',
    },
    'the name of a gateway in the values': {
      spec: { values: { gateways: { 'istio-ingressgateway': { name: 'mine' } } } },
      path: 'spec.values.gateways.istio-ingressgateway.name',
      message: 'It has no effect.',
      hint: 'Use components.ingressGateways[].name.',
    },
    'labels of a gateway in the values': {
      spec: { values: { gateways: { 'istio-egressgateway': { labels: { app: 'mine' } } } } },
      path: 'spec.values.gateways.istio-egressgateway.labels',
      message: 'It has no effect.',
      hint: 'Use components.egressGateways[].label.',
    },
    'the free-form spec of a component': {
      spec: { components: { pilot: { spec: { a: 1 } } } },
      path: 'spec.components.pilot.spec',
      message: 'It has no effect.',
      hint: 'Use k8s, or values.',
    },
    'the free-form spec of a gateway': {
      spec: { components: { ingressGateways: [{ name: 'a' }, { name: 'b', spec: { a: 1 } }] } },
      path: 'spec.components.ingressGateways[1].spec',
      message: 'It has no effect.',
      hint: 'Use k8s, or values.',
    },
    'the free-form spec of an add-on': {
      spec: { addonComponents: { grafana: { spec: { a: 1 } } } },
      path: 'spec.addonComponents.grafana.spec',
      message: 'It has no effect.',
      hint: 'Use the fields of the add-on.',
    },
    'the schema of an add-on': {
      spec: { addonComponents: { kiali: { schema: { a: 1 } } } },
      path: 'spec.addonComponents.kiali.schema',
      message: 'It has no effect.',
      hint: 'Remove it.',
    },
    'the chart of an add-on': {
      spec: { addonComponents: { prometheus: { chartPath: 'charts/mine' } } },
      path: 'spec.addonComponents.prometheus.chartPath',
      message: 'It has no effect: the operator has everything it installs built in.',
      hint: 'Remove it.',
    },
    'the log level of the CNI plugin at its old place': {
      spec: { values: { cni: { logLevel: 'info' } } },
      path: 'spec.values.cni.logLevel',
      message: 'It has no effect.',
      hint: 'Use values.cni.logging.level.',
    },
    'rollingMaxUnavailable of the CNI plugin': {
      spec: { values: { cni: { rollingMaxUnavailable: 1 } } },
      path: 'spec.values.cni.rollingMaxUnavailable',
      message: 'It has no effect.',
      hint: 'Use values.cni.updateStrategy.',
    },
    'privileged of the CNI plugin': {
      spec: { values: { cni: { privileged: true } } },
      path: 'spec.values.cni.privileged',
      message: 'It has no effect: the plugin runs with the capabilities that it needs.',
    },
    jwtPolicy: {
      spec: { values: { global: { jwtPolicy: 'first-party-jwt' } } },
      path: 'spec.values.global.jwtPolicy',
      message: 'It has no effect: tokens are always those of third-party-jwt.',
    },
    podDNSSearchNamespaces: {
      spec: { values: { global: { podDNSSearchNamespaces: ['a'] } } },
      path: 'spec.values.global.podDNSSearchNamespaces',
      message: 'It has no effect.',
      hint: 'Use dnsConfig in an injection template.',
    },
    'the injection URL at its old place': {
      spec: { values: { sidecarInjectorWebhook: { injectionURL: 'https://a' } } },
      path: 'spec.values.sidecarInjectorWebhook.injectionURL',
      message: 'It has no effect.',
      hint: 'Use values.istiodRemote.injectionURL.',
    },
    'a tag that values override': {
      spec: { tag: '1.30.3', values: { global: { tag: '1.30.2' } } },
      path: 'spec.tag',
      message: 'It has no effect: values.global.tag is set to "1.30.2" and wins.',
      hint: 'Remove one of the two.',
    },
    'a mesh setting of values that the mesh configuration overrides': {
      spec: {
        meshConfig: { trustDomain: 'same', defaultConfig: { concurrency: 2, statusPort: 1 } },
        values: { meshConfig: { trustDomain: 'same', rootNamespace: 'own', defaultConfig: { concurrency: 3 } } },
      },
      path: 'spec.values.meshConfig.defaultConfig.concurrency',
      message: 'It has no effect: meshConfig.defaultConfig.concurrency is set too and wins.',
      hint: 'Remove one of the two.',
    },
    'a revision that values override': {
      spec: { revision: 'a', values: { revision: 'b' } },
      path: 'spec.revision',
      message: 'It has no effect: values.revision is set to "b" and wins.',
      hint: 'Remove one of the two.',
    },
  };
  test.each(Object.entries(cases))('%s', (_name, { spec, ...notice }) => {
    expect(noticesOf(spec)).toEqual([{ code: 'IgnoredField', ...notice }]);
  });
});

describe('a deprecated field', () => {
  const cases: [spec: object, path: string, hint: string][] = [
    [{ istio_cni: { enabled: true } }, 'istio_cni', 'Use components.cni and values.pilot.cni.'],
    [{ global: { arch: { amd64: 2 } } }, 'global.arch', 'Use components.*.k8s.affinity.'],
    [{ global: { trustDomain: 'a' } }, 'global.trustDomain', 'Use meshConfig.trustDomain.'],
    [
      { global: { proxy: { holdApplicationUntilProxyStarts: true } } },
      'global.proxy.holdApplicationUntilProxyStarts',
      'Use meshConfig.defaultConfig.holdApplicationUntilProxyStarts.',
    ],
    [
      { global: { tracer: { zipkin: { address: 'a:1' } } } },
      'global.tracer.zipkin',
      'Use meshConfig.extensionProviders with zipkin.',
    ],
    [
      { global: { tracer: { lightstep: { address: 'a:1' } } } },
      'global.tracer.lightstep',
      'Use meshConfig.extensionProviders with lightstep.',
    ],
    [
      { global: { tracer: { datadog: { address: 'a:1' } } } },
      'global.tracer.datadog',
      'Use meshConfig.extensionProviders with datadog.',
    ],
  ];
  test.each(cases)('%j', (values, path, hint) => {
    expect(noticesOf({ values })).toEqual([
      { code: 'DeprecatedField', path: `spec.values.${path}`, message: WORKS, hint },
    ]);
  });
});

test('what holds nothing, or asks for what happens anyway, needs no warning', () => {
  const spec = {
    installPackagePath: '',
    namespace: 'istio-system',
    tag: 2,
    components: { pilot: { spec: {} }, istiodRemote: { enabled: false } },
    values: {
      istio_cni: {},
      cni: { logLevel: null },
      global: { jwtPolicy: 'third-party-jwt', tag: '2', arch: {} },
      gateways: {
        'istio-ingressgateway': {
          name: 'istio-ingressgateway',
          labels: { istio: 'ingressgateway', app: 'istio-ingressgateway' },
        },
      },
    },
  };
  expect(noticesOf(spec)).toEqual([]);
  expect(noticesOf({ namespace: 'mesh', values: { global: { istioNamespace: 'mesh' } } })).toEqual([]);
});
