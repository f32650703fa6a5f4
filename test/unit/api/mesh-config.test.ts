import { describe, expect, test } from '@jest/globals';
import { parseOperator } from '../../../src/api/index.ts';
import { issuesOf, type JsonObject, OperatorError, valueAt } from '../../../src/core/index.ts';

function parse(meshConfig: JsonObject) {
  return parseOperator({ apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec: { meshConfig } });
}

function issues(meshConfig: JsonObject) {
  try {
    parse(meshConfig);
    return [];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return issuesOf(error);
  }
}

describe('below the top of meshConfig', () => {
  test.each<[string, JsonObject, string, string]>([
    [
      'a field of the proxies’ configuration',
      { defaultConfig: { holdApplicationUntilProxyStart: true } },
      'spec.meshConfig.defaultConfig.holdApplicationUntilProxyStart',
      'Did you mean "holdApplicationUntilProxyStarts"?',
    ],
    [
      'a provider',
      { extensionProviders: [{ name: 'x', envoyExtAuthzHTTP: {} }] },
      'spec.meshConfig.extensionProviders[0].envoyExtAuthzHTTP',
      'Did you mean "envoyExtAuthzHttp"?',
    ],
    [
      'a field of a provider',
      { extensionProviders: [{ name: 'x', opentelemetry: { service: 'otel', prot: 4317 } }] },
      'spec.meshConfig.extensionProviders[0].opentelemetry.prot',
      'Did you mean "port"?',
    ],
    [
      'a field of tracing, four levels down',
      { defaultConfig: { tracing: { customTags: { env: { literal: { vaule: 'a' } } } } } },
      'spec.meshConfig.defaultConfig.tracing.customTags.env.literal.vaule',
      'Did you mean "value"?',
    ],
    [
      'a field that belongs one level deeper',
      { drainDuration: '45s' },
      'spec.meshConfig.drainDuration',
      'Did you mean "defaultConfig.drainDuration"?',
    ],
    [
      'a field with no near match',
      { pathNormalization: { quux: 1 } },
      'spec.meshConfig.pathNormalization.quux',
      'Known here: normalization.',
    ],
  ])('an unknown name of %s is an error with a near match', (_what, meshConfig, path, hint) => {
    expect(issues(meshConfig)).toMatchObject([{ code: 'UnknownField', path, hint }]);
  });

  test.each<[string, JsonObject, string, string]>([
    [
      'a word that there is not',
      { outboundTrafficPolicy: { mode: 'REGISTRY_ONY' } },
      'spec.meshConfig.outboundTrafficPolicy.mode',
      'REGISTRY_ONLY',
    ],
    [
      'text for a truth value',
      { defaultConfig: { statsCompression: 'true' } },
      'spec.meshConfig.defaultConfig.statsCompression',
      'true',
    ],
    [
      'a map for a list',
      { defaultProviders: { metrics: { prometheus: {} } } },
      'spec.meshConfig.defaultProviders.metrics',
      '',
    ],
    [
      'a number for a duration',
      { defaultConfig: { drainDuration: 45 } },
      'spec.meshConfig.defaultConfig.drainDuration',
      '',
    ],
  ])('%s is an error', (_what, meshConfig, path, hint) => {
    expect(issues(meshConfig)).toMatchObject([{ code: 'InvalidValue', path, hint: expect.stringContaining(hint) }]);
  });

  test('what istiod takes is accepted: snake_case, numbers of enums, numbers as text, any key of a map', () => {
    const meshConfig = {
      default_config: { proxy_metadata: { ANY: 'x' }, gateway_topology: { num_trusted_proxies: 2 }, concurrency: '2' },
      outboundTrafficPolicy: { mode: 1 },
      extensionProviders: [
        { name: 'zipkin', zipkin: { service: 'z', port: 9411, enable_64bit_trace_id: true } },
        { name: 'log', envoyFileAccessLog: { path: '/dev/stdout', logFormat: { labels: { any: { thing: 1 } } } } },
        { name: 'metrics', prometheus: {} },
      ],
      localityLbSetting: { distribute: [{ from: 'a', to: { b: 80, c: 20 } }] },
      discoverySelectors: [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }],
      tlsDefaults: null,
    };
    expect(parse(meshConfig).notices).toEqual([]);
    expect(parse(meshConfig).operator.spec.meshConfig).toEqual(meshConfig);
  });

  test('fields that Istio removed are warnings, and are left out', () => {
    const { operator, notices } = parse({
      defaultConfig: { connectTimeout: '10s', parentShutdownDuration: '1m', drainDuration: '45s' },
    });
    expect(notices.map(({ code, path }) => [code, path])).toEqual([
      ['RemovedField', 'spec.meshConfig.defaultConfig.connectTimeout'],
      ['RemovedField', 'spec.meshConfig.defaultConfig.parentShutdownDuration'],
    ]);
    expect(valueAt(operator.spec as JsonObject, 'meshConfig', 'defaultConfig')).toEqual({ drainDuration: '45s' });
  });

  test('under values it is checked the same way', () => {
    const values = { meshConfig: { defaultConfig: { tracng: {} } } };
    expect(() =>
      parseOperator({ apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec: { values } }),
    ).toThrow('Unknown field "tracng"');
  });
});
