import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { type JsonObject, valueAt } from '../../../../src/core/index.ts';
import { containerOf, fileOf, ofKind, one, podOf } from './rendered.ts';

const DEMO: JsonObject = { profile: 'demo' };

/** Every add-on in another namespace. */
const SCATTERED: JsonObject = {
  profile: 'demo',
  addonComponents: {
    prometheus: { namespace: 'metrics' },
    grafana: { namespace: 'dashboards' },
    kiali: { namespace: 'console' },
    tracing: { namespace: 'traces' },
  },
};

const DIGEST = ['metadata', 'annotations', 'install.istio.io/config-digest'] as const;

describe('Kiali', () => {
  const configOf = (spec: JsonObject) => parse(fileOf(spec, 'kiali', 'config.yaml'));

  test('finds the others in whatever namespace they are', () => {
    expect(configOf(SCATTERED).external_services).toMatchObject({
      prometheus: { url: 'http://prometheus.metrics.svc.cluster.local:9090' },
      grafana: { enabled: true, internal_url: 'http://grafana.dashboards.svc.cluster.local:3000' },
      tracing: { enabled: true, internal_url: 'http://tracing.traces.svc.cluster.local:80' },
    });
  });

  test('does without the others where they are off, except metrics, which it expects at the usual place', () => {
    const alone = configOf({ addonComponents: { kiali: {} } }).external_services;
    expect(alone.grafana).toEqual({ enabled: false });
    expect(alone.tracing).toEqual({ enabled: false });
    expect(alone.prometheus.url).toBe('http://prometheus.istio-system.svc.cluster.local:9090');
  });

  test('links to dashboards that exist', () => {
    const titles = Object.values(one(DEMO, 'ConfigMap', 'grafana-dashboards').data as Record<string, string>).map(
      (text) => JSON.parse(text).title,
    );
    const linked = configOf(DEMO).external_services.grafana.dashboards.map(({ name }: { name: string }) => name);
    expect(linked.length).toBeGreaterThan(3);
    expect(titles).toEqual(expect.arrayContaining(linked));
  });

  test('is read-only without a login', () => {
    expect(configOf(DEMO)).toMatchObject({ auth: { strategy: 'anonymous' }, deployment: { view_only_mode: true } });
  });

  test('has users log in where it is exposed, with a key from the Secret', () => {
    const kiali = { expose: { host: 'kiali.example.com', tlsSecret: 'tls' }, auth: { secretName: 'kiali-login' } };
    const spec = { addonComponents: { kiali } };
    expect(configOf(spec)).toMatchObject({
      auth: { strategy: 'token' },
      deployment: { view_only_mode: false },
      server: { web_fqdn: 'kiali.example.com', web_schema: 'https' },
    });
    expect(containerOf(spec, 'kiali').volumeMounts).toContainEqual({
      name: 'login-token-signing-key',
      mountPath: '/kiali-override-secrets/login-token-signing-key',
      readOnly: true,
    });
    expect(fileOf(spec, 'kiali', 'config.yaml')).not.toContain('signing');
  });

  test('takes its settings for OpenID from the author and the secret of it from the Secret', () => {
    const auth = {
      strategy: 'openid',
      secretName: 'kiali-login',
      openid: { clientId: 'kiali', issuerUri: 'https://id.example.com', scopes: ['openid'] },
    };
    const spec = { addonComponents: { kiali: { auth } } };
    expect(configOf(spec).auth).toEqual({
      strategy: 'openid',
      openid: { client_id: 'kiali', issuer_uri: 'https://id.example.com', scopes: ['openid'] },
    });
    expect(valueAt(podOf(spec, 'kiali'), 'spec', 'volumes')).toContainEqual({
      name: 'oidc-secret',
      secret: { secretName: 'kiali-login', items: [{ key: 'oidc-secret', path: 'oidc-secret' }] },
    });
  });

  test('is started anew when its configuration changes, and only then', () => {
    expect(valueAt(podOf(DEMO, 'kiali'), ...DIGEST)).toMatch(/^[0-9a-f]{16}$/);
    expect(valueAt(podOf(DEMO, 'kiali'), ...DIGEST)).toBe(valueAt(podOf(DEMO, 'kiali'), ...DIGEST));
    expect(valueAt(podOf(DEMO, 'kiali'), ...DIGEST)).not.toBe(valueAt(podOf(SCATTERED, 'kiali'), ...DIGEST));
  });
});

describe('Grafana', () => {
  const sourcesOf = (spec: JsonObject) => parse(fileOf(spec, 'grafana', 'datasources.yaml')).datasources;
  const environmentOf = (spec: JsonObject) =>
    new Map((containerOf(spec, 'grafana').env as readonly JsonObject[]).map(({ name, value }) => [name, value]));

  test('asks Prometheus and the traces in whatever namespace they are', () => {
    expect(sourcesOf(SCATTERED)).toMatchObject([
      { uid: 'prometheus', isDefault: true, url: 'http://prometheus.metrics.svc.cluster.local:9090' },
      { type: 'jaeger', url: 'http://tracing.traces.svc.cluster.local:80' },
    ]);
  });

  test('asks Zipkin where that keeps the traces', () => {
    expect(sourcesOf({ addonComponents: { grafana: {}, zipkin: {} } })).toMatchObject([
      { type: 'prometheus' },
      { type: 'zipkin', url: 'http://zipkin.istio-system.svc.cluster.local:9411' },
    ]);
  });

  test('shows dashboards to anybody, but has no administrator whom nobody has asked for', () => {
    const environment = environmentOf(DEMO);
    expect(environment.get('GF_AUTH_ANONYMOUS_ENABLED')).toBe('true');
    expect(environment.get('GF_AUTH_ANONYMOUS_ORG_ROLE')).toBe('Viewer');
    expect(environment.get('GF_AUTH_DISABLE_LOGIN_FORM')).toBe('true');
    expect(environment.get('GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION')).toBe('true');
  });

  test('lets nobody in without a login where it is exposed', () => {
    const grafana = { expose: { host: 'g.example.com', tlsSecret: 'tls' }, auth: { secretName: 'admin' } };
    const environment = environmentOf({ addonComponents: { grafana } });
    expect(environment.get('GF_AUTH_ANONYMOUS_ENABLED')).toBe('false');
    expect(environment.get('GF_AUTH_DISABLE_LOGIN_FORM')).toBe('false');
    expect(environment.get('GF_SECURITY_COOKIE_SECURE')).toBe('true');
    expect(environment.get('GF_SERVER_ROOT_URL')).toBe('https://g.example.com/');
    expect(containerOf({ addonComponents: { grafana } }, 'grafana').env).toContainEqual({
      name: 'GF_SECURITY_ADMIN_PASSWORD',
      valueFrom: { secretKeyRef: { name: 'admin', key: 'password' } },
    });
  });
});

describe('Jaeger', () => {
  const backendOf = (tracing: JsonObject) => {
    const spec = { addonComponents: { tracing } };
    return parse(fileOf(spec, 'istio-tracing', 'config.yaml')).extensions.jaeger_storage.backends.traces;
  };

  test('keeps traces in memory, unless they are to last', () => {
    expect(backendOf({})).toEqual({ memory: { max_traces: 50_000 } });
    expect(backendOf({ retention: '1d12h' }).badger.ttl).toEqual({ spans: '129600s' });
    expect(backendOf({ persistence: { size: '1Gi' } }).badger.ttl).toEqual({ spans: '259200s' });
  });

  test('is switched on in the whole mesh by a Telemetry resource of its own', () => {
    expect(ofKind(DEMO, 'Telemetry')).toMatchObject([
      {
        apiVersion: 'telemetry.istio.io/v1',
        metadata: { name: 'istio-tracing', namespace: 'istio-system' },
        spec: { tracing: [{ providers: [{ name: 'jaeger' }] }] },
      },
    ]);
    const elsewhere = { ...SCATTERED, meshConfig: { rootNamespace: 'istio-config' } };
    expect(ofKind(elsewhere, 'Telemetry')).toMatchObject([
      { metadata: { namespace: 'istio-config' }, spec: { tracing: [{ providers: [{ name: 'istio-tracing' }] }] } },
    ]);
  });
});

describe('Prometheus', () => {
  const retentionOf = (prometheus: JsonObject) =>
    parse(fileOf({ addonComponents: { prometheus } }, 'prometheus', 'prometheus.yml')).storage.tsdb.retention;

  test('forgets by age, and before its disk is full', () => {
    expect(retentionOf({})).toEqual({ time: '1d', size: '3GB' });
    expect(retentionOf({ retention: '6h' })).toEqual({ time: '6h', size: '3GB' });
    expect(retentionOf({ persistence: { size: '100Gi' } })).toEqual({ time: '15d', percentage: 80 });
  });

  test('reads its configuration anew instead of losing what it has recorded', () => {
    expect(containerOf(DEMO, 'prometheus').args).toContain('--config.auto-reload');
    expect(valueAt(podOf(DEMO, 'prometheus'), ...DIGEST)).toBeUndefined();
  });
});
