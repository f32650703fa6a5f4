import { describe, expect, test } from '@jest/globals';
import { type Issue, issuesOf, type Json, type JsonObject, OperatorError, valueAt } from '../../../src/core/index.ts';
import { PROFILE_NAMES } from '../../../src/profiles/index.ts';
import type { AddonValues } from '../../../src/values/index.ts';
import { inputsOf } from './resolved.ts';

function addonsOf(spec: JsonObject): Readonly<Record<string, AddonValues>> {
  const inputs = inputsOf(spec).filter(({ component }) => component === 'AddonComponents');
  return Object.fromEntries(inputs.map(({ resourceName, values }) => [resourceName, values as unknown as AddonValues]));
}

function issuesIn(addonComponents: JsonObject, profile = 'default'): readonly Issue[] {
  try {
    inputsOf({ profile, addonComponents });
    return [];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return issuesOf(error);
  }
}

test('demo has four add-ons, every other profile none', () => {
  const workloads = PROFILE_NAMES.map((profile) => [profile, Object.keys(addonsOf({ profile }))] as const);
  expect(workloads.filter(([, names]) => names.length > 0)).toEqual([
    ['demo', ['prometheus', 'grafana', 'kiali', 'istio-tracing']],
  ]);
});

test('an add-on is on where it is listed, and off where it says so or is null', () => {
  const addonComponents = { prometheus: {}, grafana: { enabled: false }, kiali: null };
  expect(Object.keys(addonsOf({ profile: 'demo', addonComponents }))).toEqual(['prometheus', 'istio-tracing']);
});

test('add-ons in other namespaces know of each other', () => {
  const { kiali } = addonsOf({
    profile: 'demo',
    values: { global: { istioNamespace: 'mesh' } },
    addonComponents: {
      prometheus: { namespace: 'monitoring' },
      grafana: { expose: { host: 'g.example.com', tlsSecret: 'tls' }, auth: { anonymous: true } },
    },
  });
  expect(kiali?.places).toEqual({
    prometheus: { namespace: 'monitoring' },
    grafana: { namespace: 'mesh', externalUrl: 'https://g.example.com' },
    kiali: { namespace: 'mesh' },
    tracing: { namespace: 'mesh' },
  });
});

describe('the provider of traces', () => {
  const provider = (name: string, service: string): Json => ({ name, opentelemetry: { service, port: 4317 } });
  const own = provider('istio-tracing', 'jaeger-collector.istio-system.svc.cluster.local');
  const mine = provider('mine', 'jaeger-collector.istio-system.svc.cluster.local');
  const cases: Record<string, { spec: JsonObject; name: string; added: readonly Json[] }> = {
    'is the one that demo has': { spec: { profile: 'demo' }, name: 'jaeger', added: [] },
    'is added where the mesh has none': {
      spec: { addonComponents: { tracing: {} } },
      name: 'istio-tracing',
      added: [own],
    },
    'is added where demo’s leads to another namespace': {
      spec: { profile: 'demo', addonComponents: { tracing: { namespace: 'traces' } } },
      name: 'istio-tracing',
      added: [provider('istio-tracing', 'jaeger-collector.traces.svc.cluster.local')],
    },
    'knows the domain of the cluster': {
      spec: { addonComponents: { tracing: {} }, values: { global: { proxy: { clusterDomain: 'corp.internal' } } } },
      name: 'istio-tracing',
      added: [provider('istio-tracing', 'jaeger-collector.istio-system.svc.corp.internal')],
    },
    'is the author’s where it leads to the add-on': {
      spec: { addonComponents: { tracing: {} }, meshConfig: { extensionProviders: [mine] } },
      name: 'mine',
      added: [],
    },
    'is Zipkin’s where that takes the traces': {
      spec: { addonComponents: { zipkin: {} } },
      name: 'zipkin',
      added: [{ name: 'zipkin', zipkin: { service: 'zipkin.istio-system.svc.cluster.local', port: 9411 } }],
    },
  };
  test.each(Object.entries(cases))('%s', (_name, { spec, name, added }) => {
    const workload = Object.values(addonsOf(spec)).at(-1);
    expect(workload?.mesh.tracingProvider).toBe(name);
    const without = { ...spec, addonComponents: { prometheus: null, grafana: null, kiali: null, tracing: null } };
    expect(providersOf(spec)).toEqual([...providersOf(without), ...added]);
  });

  test('keeps the spelling of the field that is there, because both would be one too many', () => {
    const meshConfig = { extension_providers: [provider('other', 'elsewhere')] };
    const pilot = inputsOf({ addonComponents: { tracing: {} }, values: { meshConfig } }).find(
      ({ component }) => component === 'Pilot',
    );
    expect(valueAt(pilot?.values, 'meshConfig')).toEqual({
      extension_providers: [provider('other', 'elsewhere'), own],
      enablePrometheusMerge: true,
    });
  });

  test('does not show up in the values that people read', () => {
    const pilot = inputsOf({ addonComponents: { tracing: {} } }).find(({ component }) => component === 'Pilot');
    expect(JSON.stringify(pilot?.documents)).not.toContain('jaeger-collector');
  });

  function providersOf(spec: JsonObject): readonly Json[] {
    const pilot = inputsOf(spec).find(({ component }) => component === 'Pilot');
    const providers = valueAt(pilot?.values, 'meshConfig', 'extensionProviders');
    return Array.isArray(providers) ? providers : [];
  }
});

describe('what does not go together is an error with its path', () => {
  const exposed = { host: 'x.example.com' };
  const cases: Record<string, { addons: JsonObject; path: string; hint: RegExp }> = {
    'two backends for traces': {
      addons: { tracing: {}, zipkin: {} },
      path: 'spec.addonComponents.zipkin',
      hint: /tracing\.enabled: false/,
    },
    'a volume without room': {
      addons: { prometheus: { persistence: { size: '-1Gi' } } },
      path: 'spec.addonComponents.prometheus.persistence.size',
      hint: /10Gi/,
    },
    'a Grafana on the internet that nobody can log in to': {
      addons: { grafana: { expose: exposed } },
      path: 'spec.addonComponents.grafana.auth',
      hint: /secretName/,
    },
    'a Kiali on the internet that cannot sign its sessions': {
      addons: { kiali: { expose: exposed } },
      path: 'spec.addonComponents.kiali.auth.secretName',
      hint: /signing-key/,
    },
    'openid without a provider': {
      addons: { kiali: { auth: { strategy: 'openid', secretName: 'kiali' } } },
      path: 'spec.addonComponents.kiali.auth.openid',
      hint: /issuerUri/,
    },
  };
  test.each(Object.entries(cases))('%s', (_name, { addons, path, hint }) => {
    const issues = issuesIn(addons);
    expect(issues.map((issue) => issue.path)).toEqual([path]);
    expect(issues[0]?.hint).toMatch(hint);
  });

  test('all of them at once', () => {
    expect(issuesIn({ grafana: { expose: exposed }, kiali: { expose: exposed }, zipkin: {} }, 'demo')).toHaveLength(3);
  });

  test('an add-on that is off is not looked at', () => {
    expect(issuesIn({ grafana: { enabled: false, expose: exposed }, zipkin: { enabled: false } }, 'demo')).toEqual([]);
  });
});
