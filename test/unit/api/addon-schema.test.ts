import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../src/core/index.ts';
import { aDocument, issuesIn, noticesOf } from './builders.ts';

const accepted: Record<string, JsonObject> = {
  'the form of 1.5': { kiali: { enabled: true }, tracing: { enabled: true, k8s: { replicaCount: 1 } } },
  'the free fields of 1.6': {
    grafana: { enabled: false, chartPath: 'grafana', schema: { any: 1 }, spec: { any: [1] } },
  },
  'everything about Prometheus': {
    prometheus: {
      enabled: true,
      namespace: 'monitoring',
      hub: 'registry.example.com/prom',
      tag: 'v3.13.5',
      image: 'prometheus',
      retention: '1d12h',
      persistence: { enabled: true, size: '10Gi', storageClassName: 'fast', keep: false },
      expose: { kind: 'HTTPRoute', host: 'metrics.example.com', gateway: { name: 'public', namespace: 'edge' } },
      k8s: {
        resources: { requests: { cpu: '1' } },
        overlays: [{ kind: 'Deployment', name: 'prometheus', patches: [] }],
      },
    },
  },
  'logins of Kiali': { kiali: { auth: { strategy: 'openid', secretName: 'kiali', openid: { clientId: 'kiali' } } } },
  'fields that are null': { prometheus: null, grafana: { expose: null, auth: null, persistence: { size: null } } },
};

test.each(Object.entries(accepted))('accepts %s', (_name, addons) => {
  expect(issuesIn(aDocument({ addonComponents: addons }))).toEqual([]);
});

const refused: Record<string, { addons: JsonObject; path: string; says: RegExp }> = {
  'an unknown add-on, with a near match': {
    addons: { grafanna: { enabled: true } },
    path: 'spec.addonComponents.grafanna',
    says: /grafana/,
  },
  'a volume for Kiali, which keeps nothing': {
    addons: { kiali: { persistence: { size: '1Gi' } } },
    path: 'spec.addonComponents.kiali.persistence',
    says: /./,
  },
  'a retention that is no duration': {
    addons: { prometheus: { retention: '15 days' } },
    path: 'spec.addonComponents.prometheus.retention',
    says: /15d/,
  },
  'a retention of nothing': {
    addons: { tracing: { retention: '0d' } },
    path: 'spec.addonComponents.tracing.retention',
    says: /15d/,
  },
  'a retention with its units in the wrong order': {
    addons: { tracing: { retention: '1h2d' } },
    path: 'spec.addonComponents.tracing.retention',
    says: /larger unit first/,
  },
  'a host with a scheme': {
    addons: { kiali: { expose: { host: 'https://kiali.example.com' } } },
    path: 'spec.addonComponents.kiali.expose.host',
    says: /without scheme/,
  },
  'an address for a host': {
    addons: { kiali: { expose: { host: '192.0.2.1' } } },
    path: 'spec.addonComponents.kiali.expose.host',
    says: /./,
  },
  'no host at all': {
    addons: { kiali: { expose: { kind: 'Ingress' } } },
    path: 'spec.addonComponents.kiali.expose.host',
    says: /./,
  },
  'a size that is no quantity': {
    addons: { grafana: { persistence: { size: 'ten gigabytes' } } },
    path: 'spec.addonComponents.grafana.persistence.size',
    says: /./,
  },
  'an unknown way to expose it': {
    addons: { grafana: { expose: { kind: 'Route', host: 'g.example.com' } } },
    path: 'spec.addonComponents.grafana.expose.kind',
    says: /HTTPRoute/,
  },
};

describe('refuses', () => {
  test.each(Object.entries(refused))('%s', (_name, { addons, path, says }) => {
    const issues = issuesIn(aDocument({ addonComponents: addons }));
    expect(issues).toHaveLength(1);
    expect(issues[0]?.path).toBe(path);
    expect(`${issues[0]?.message} ${issues[0]?.hint}`).toMatch(says);
  });

  test('a very long retention in no time', () => {
    const addonComponents = { prometheus: { retention: '9'.repeat(100_000) } };
    expect(issuesIn(aDocument({ addonComponents }))).toHaveLength(1);
  });
});

test('an add-on that Istio dropped is left out with a notice', () => {
  expect(noticesOf({ addonComponents: { istiocoredns: { enabled: true } } })).toMatchObject([
    { code: 'RemovedField', path: 'spec.addonComponents.istiocoredns' },
  ]);
});
