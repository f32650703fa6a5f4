import { describe, expect, test } from '@jest/globals';
import { knownField } from '../../../src/api/index.ts';
import { REMOVED_FIELDS } from '../../../src/api/removed-fields.ts';
import { aDocument, issuesIn, noticesOf, parsed } from './builders.ts';

/** A CR as people wrote it for Istio 1.5. */
const FROM_1_5 = {
  hub: 'docker.io/istio',
  tag: '1.5.1',
  profile: 'default',
  resourceSuffix: '',
  addonComponents: {
    prometheus: { enabled: true, k8s: { replicaCount: 1 } },
    kiali: { enabled: false },
    grafana: { enabled: false },
    tracing: { enabled: false },
    istiocoredns: { enabled: false },
    certManager: { enabled: false },
  },
  components: {
    base: { enabled: true },
    citadel: { enabled: false, k8s: { strategy: { rollingUpdate: { maxSurge: '100%' } } } },
    galley: { enabled: false, k8s: { replicaCount: 1 } },
    nodeAgent: { enabled: false },
    sidecarInjector: { enabled: false },
    policy: { enabled: false, k8s: { hpaSpec: { maxReplicas: 5 } } },
    telemetry: { enabled: false },
    pilot: {
      enabled: true,
      k8s: { env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] },
    },
    ingressGateways: [{ enabled: true }],
    egressGateways: [{ enabled: false, name: 'istio-egressgateway' }],
    cni: { enabled: false },
  },
  values: {
    global: {
      mtls: { auto: true, enabled: false },
      useMCP: false,
      proxy: { accessLogFile: '', concurrency: 2, clusterDomain: 'cluster.local' },
      defaultPodDisruptionBudget: { enabled: true },
    },
    security: { selfSigned: true },
    mixer: { telemetry: { enabled: false } },
    kiali: { createDemoSecret: false },
    telemetry: { enabled: true, v1: { enabled: false }, v2: { enabled: true, prometheus: { wasmEnabled: false } } },
    gateways: { 'istio-ingressgateway': { sds: { enabled: false }, type: 'LoadBalancer' } },
  },
  meshConfig: { mixerCheckServer: '', enableTracing: true },
};

describe('a CR written for Istio 1.5', () => {
  test('is accepted, with one warning for each field that Istio removed', () => {
    expect(issuesIn(aDocument(FROM_1_5))).toEqual([]);
    const notices = noticesOf(FROM_1_5);
    expect(new Set(notices.map((notice) => notice.code))).toEqual(new Set(['RemovedField']));
    expect(notices.map((notice) => notice.path)).toEqual([
      'spec.addonComponents.istiocoredns',
      'spec.addonComponents.certManager',
      'spec.components.citadel',
      'spec.components.galley',
      'spec.components.nodeAgent',
      'spec.components.sidecarInjector',
      'spec.components.policy',
      'spec.components.telemetry',
      'spec.values.global.mtls',
      'spec.values.global.useMCP',
      'spec.values.global.proxy.accessLogFile',
      'spec.values.global.proxy.concurrency',
      'spec.values.security',
      'spec.values.mixer',
      'spec.values.kiali',
      'spec.values.telemetry.v1',
      'spec.values.telemetry.v2.prometheus.wasmEnabled',
      'spec.values.gateways.istio-ingressgateway.sds',
      'spec.meshConfig.mixerCheckServer',
    ]);
  });

  test('keeps what is still there and loses what is not', () => {
    const { components, values, meshConfig, addonComponents } = parsed(FROM_1_5).spec;
    expect(Object.keys(components ?? {})).toEqual(['base', 'pilot', 'ingressGateways', 'egressGateways', 'cni']);
    expect(Object.keys(addonComponents ?? {})).toEqual(['prometheus', 'kiali', 'grafana', 'tracing']);
    expect(meshConfig).toEqual({ enableTracing: true });
    expect(values).toEqual({
      global: { proxy: { clusterDomain: 'cluster.local' }, defaultPodDisruptionBudget: { enabled: true } },
      telemetry: { enabled: true, v2: { enabled: true, prometheus: {} } },
      gateways: { 'istio-ingressgateway': { type: 'LoadBalancer' } },
    });
  });
});

test('the warning names the release and the replacement', () => {
  expect(noticesOf({ values: { global: { proxy: { accessLogFile: '/dev/stdout' } } } })).toEqual([
    {
      code: 'RemovedField',
      path: 'spec.values.global.proxy.accessLogFile',
      message: 'Istio removed this field after 1.6; it is left out. Use meshConfig.accessLogFile.',
    },
  ]);
});

test('the mesh configuration in the values has the same removed fields', () => {
  expect(noticesOf({ values: { meshConfig: { authPolicy: 'NONE' } } }).map((notice) => notice.path)).toEqual([
    'spec.values.meshConfig.authPolicy',
  ]);
});

test('a field is removed in every gateway of a list', () => {
  const gateway = { k8s: { hpaSpec: { metrics: [{ resource: { name: 'cpu', targetAverageUtilization: 80 } }] } } };
  const spec = { components: { ingressGateways: [gateway, gateway] } };
  expect(parsed(spec).spec).toBe(spec); // converted later, where the autoscaler is rendered
  expect(issuesIn(aDocument({ components: { pilot: { k8s: { targetAverageUtilization: 80 } } } }))).toHaveLength(1);
});

/** What a tracer of the mesh configuration must have besides. */
const TRACER = { address: 'tracer:80', accessToken: 'token' };

describe('the catalogue', () => {
  const rows = REMOVED_FIELDS.map(([path, until, instead]) => ({ path, until, instead }));

  test.each(rows)('$path left after $until', ({ path, until, instead }) => {
    const steps = path.replaceAll('*', path.includes('gateways.*') ? 'istio-ingressgateway' : 'anyField').split('.');
    const beside = path.startsWith('spec.meshConfig.defaultConfig.tracing.lightstep.') ? TRACER : {};
    const leaf = { [steps.at(-1) ?? '']: { some: 'old setting' }, ...beside };
    const spec = steps.slice(1, -1).reduceRight<unknown>((value, step) => ({ [step]: value }), leaf);
    expect(noticesOf(spec)).toEqual([
      {
        code: 'RemovedField',
        path: steps.join('.'),
        message: `Istio removed this field after ${until}; it is left out. ${instead}`,
      },
    ]);
    expect(JSON.stringify(parsed(spec).spec)).not.toContain('old setting');
    expect(knownField(steps.slice(1)).known).toBe(true);
  });

  test('has no row twice, and every row says what to do in a sentence', () => {
    expect(new Set(rows.map((row) => row.path)).size).toBe(rows.length);
    for (const { until, instead } of rows) {
      expect(until).toMatch(/^1\.\d+$/);
      expect(instead).toMatch(/^\S.*\.$/);
    }
  });
});
