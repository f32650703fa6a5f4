import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { type JsonObject, type KubernetesObject, valueAt } from '../../../../src/core/index.ts';
import { renderPilot, renderValues, theObject } from './render-pilot.ts';

function yamlOf(objects: readonly KubernetesObject[], name: string, key: string): JsonObject {
  return parse(String(valueAt(theObject(objects, `ConfigMap ${name}`), 'data', key)), { version: '1.1' }) as JsonObject;
}

const meshOf = (spec: JsonObject) => yamlOf(renderPilot(spec), 'istio', 'mesh');

describe('the mesh configuration', () => {
  test('by default', () => {
    expect(meshOf({})).toEqual({
      trustDomain: 'cluster.local',
      rootNamespace: 'istio-system',
      enablePrometheusMerge: true,
      defaultProviders: { metrics: ['prometheus'] },
      defaultConfig: { discoveryAddress: 'istiod.istio-system.svc:15012' },
    });
  });

  const cases: Record<string, { spec: JsonObject; want: JsonObject; without?: string }> = {
    'what the user sets goes on top, map by map': {
      spec: { meshConfig: { defaultConfig: { drainDuration: '12s' } } },
      want: { defaultConfig: { drainDuration: '12s', discoveryAddress: 'istiod.istio-system.svc:15012' } },
    },
    'null takes away what other values derive': {
      spec: { meshConfig: { trustDomain: null } },
      want: { rootNamespace: 'istio-system' },
      without: 'trustDomain',
    },
    'a namespace of its own': {
      spec: { components: { pilot: { namespace: 'control' } } },
      want: { rootNamespace: 'istio-system', defaultConfig: { discoveryAddress: 'istiod.control.svc:15012' } },
    },
    'providers of the user stand alone': {
      spec: { meshConfig: { defaultProviders: { tracing: ['otel'] } } },
      want: { defaultProviders: { tracing: ['otel'] } },
      without: 'defaultProviders.metrics',
    },
    'without telemetry there are no providers': {
      spec: { values: { telemetry: { enabled: false } } },
      want: {},
      without: 'defaultProviders',
    },
    'stackdriver gets metrics and access logs': {
      spec: { values: { telemetry: { v2: { prometheus: { enabled: false }, stackdriver: { enabled: true } } } } },
      want: { defaultProviders: { metrics: ['stackdriver'], accessLogging: ['stackdriver'] } },
    },
    'a variant is the type of image of proxies': {
      spec: { values: { global: { variant: 'debug', proxy: { variant: 'distroless' } } } },
      want: { defaultConfig: { image: { imageType: 'distroless' } } },
    },
    'a mesh id': { spec: { values: { global: { meshID: 'm1' } } }, want: { defaultConfig: { meshId: 'm1' } } },
    'zipkin is beside istiod unless told otherwise': {
      spec: { values: { global: { proxy: { tracer: 'zipkin' } } } },
      want: { defaultConfig: { tracing: { zipkin: { address: 'zipkin.istio-system:9411' } } } },
    },
    'datadog is on the node': {
      spec: { values: { global: { proxy: { tracer: 'datadog' } } } },
      want: { defaultConfig: { tracing: { datadog: { address: '$(HOST_IP):8126' } } } },
    },
    'lightstep is where the user says': {
      spec: {
        values: {
          global: { proxy: { tracer: 'lightstep' }, tracer: { lightstep: { address: 'l:1', accessToken: 't' } } },
        },
      },
      want: { defaultConfig: { tracing: { lightstep: { address: 'l:1', accessToken: 't' } } } },
    },
    'stackdriver has limits': {
      spec: {
        values: { global: { proxy: { tracer: 'stackdriver' }, tracer: { stackdriver: { maxNumberOfAttributes: 5 } } } },
      },
      want: {
        defaultConfig: {
          tracing: { stackdriver: { debug: false, maxNumberOfAttributes: 5, maxNumberOfAnnotations: 200 } },
        },
      },
    },
    'a remote istiod is reached through the Service istiod': {
      spec: { revision: 'r', values: { global: { remotePilotAddress: '10.0.0.1' } } },
      want: { defaultConfig: { discoveryAddress: 'istiod.istio-system.svc:15012' } },
    },
  };
  test.each(Object.entries(cases))('%s', (_name, { spec, want, without }) => {
    const objects = renderPilot(spec);
    const name = spec.revision === undefined ? 'istio' : `istio-${spec.revision}`;
    const mesh = yamlOf(objects, name, 'mesh');
    expect(mesh).toMatchObject(want);
    if (without !== undefined) expect(mesh).not.toHaveProperty(without);
  });

  test('is the same text for the same settings in another order', () => {
    const text = (meshConfig: JsonObject) => theObject(renderPilot({ meshConfig }), 'ConfigMap istio').data;
    expect(text({ a: 1, b: { c: 2, d: 3 } })).toEqual(text({ b: { d: 3, c: 2 }, a: 1 }));
  });

  test('networks stand in a text of their own', () => {
    expect(yamlOf(renderPilot({}), 'istio', 'meshNetworks')).toEqual({ networks: {} });
    const meshNetworks = { n1: { endpoints: [{ fromRegistry: 'r' }] } };
    expect(yamlOf(renderValues({ global: { meshNetworks } }), 'istio', 'meshNetworks')).toEqual({
      networks: meshNetworks,
    });
  });
});

describe('what is injected', () => {
  const configOf = (sidecarInjectorWebhook: JsonObject) =>
    yamlOf(renderValues({ sidecarInjectorWebhook }), 'istio-sidecar-injector', 'config');

  test('has every template of Istio', () => {
    expect(Object.keys(configOf({}).templates as JsonObject).sort()).toEqual([
      'agentgateway',
      'gateway',
      'grpc-agent',
      'grpc-simple',
      'kube-gateway',
      'sidecar',
      'waypoint',
    ]);
    expect(configOf({})).toMatchObject({ defaultTemplates: ['sidecar'], policy: 'enabled' });
  });

  test('a template of the user stands beside Istio’s, or in the place of the one with its name', () => {
    const { templates } = configOf({ templates: { own: 'spec: {}', sidecar: 'mine: {}' } });
    expect(templates).toMatchObject({ own: 'spec: {}', sidecar: 'mine: {}' });
    expect(Object.keys(templates as JsonObject)).toHaveLength(8);
  });

  test('annotations are text', () => {
    expect(configOf({ injectedAnnotations: { a: 1 } })).toMatchObject({ injectedAnnotations: { a: '1' } });
  });

  test('selectors and default templates are the user’s', () => {
    const config = configOf({
      defaultTemplates: ['sidecar', 'own'],
      alwaysInjectSelector: [{ matchLabels: { a: 'b' } }],
    });
    expect(config).toMatchObject({
      defaultTemplates: ['sidecar', 'own'],
      alwaysInjectSelector: [{ matchLabels: { a: 'b' } }],
      neverInjectSelector: [],
    });
  });

  test('templates see only the values that they use', () => {
    const objects = renderPilot({ profile: 'demo', values: { pilot: { env: { A: 'b' } } } });
    const values = yamlOf(objects, 'istio-sidecar-injector', 'values');
    expect(Object.keys(values).sort()).toEqual(['gateways', 'global', 'pilot', 'revision', 'sidecarInjectorWebhook']);
    expect(values.pilot).toMatchObject({ cni: { enabled: false }, env: { A: 'b' } });
    expect(Object.keys(values.gateways as JsonObject).sort()).toEqual(['seccompProfile', 'securityContext']);
  });
});

test('the ConfigMap of a class of gateways holds YAML by kind', () => {
  const objects = renderValues({ gatewayClasses: { istio: { deployment: { spec: { replicas: 2 } } } } });
  expect(yamlOf(objects, 'istio-default-gatewayclass-istio', 'deployment')).toEqual({ spec: { replicas: 2 } });
  expect(theObject(objects, 'ConfigMap istio-default-gatewayclass-istio')).toMatchObject({
    metadata: { labels: { 'gateway.istio.io/defaults-for-class': 'istio' } },
  });
});
