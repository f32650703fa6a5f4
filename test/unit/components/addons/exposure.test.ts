import { describe, expect, test } from '@jest/globals';
import { type JsonObject, valueAt } from '../../../../src/core/index.ts';
import { ofKind, one, rendered } from './rendered.ts';

const HOST = 'prometheus.example.com';

function exposed(expose: JsonObject): JsonObject {
  return { addonComponents: { prometheus: { expose: { host: HOST, ...expose } } } };
}

test('nothing is exposed unless that is asked for', () => {
  const kinds = rendered({ profile: 'demo' }).objects.map(({ kind }) => kind);
  expect(kinds.filter((kind) => /Ingress|Route|Gateway|VirtualService/.test(kind))).toEqual([]);
});

describe('an Ingress', () => {
  test('has host, class, TLS Secret and annotations', () => {
    const spec = exposed({
      ingressClassName: 'nginx',
      tlsSecret: 'tls',
      annotations: { 'cert-manager.io/issuer': 'x' },
    });
    const ingress = one(spec, 'Ingress', 'prometheus');
    expect(valueAt(ingress, 'metadata', 'annotations')).toEqual({ 'cert-manager.io/issuer': 'x' });
    expect(ingress.spec).toEqual({
      ingressClassName: 'nginx',
      tls: [{ hosts: [HOST], secretName: 'tls' }],
      rules: [
        {
          host: HOST,
          http: {
            paths: [
              { path: '/', pathType: 'Prefix', backend: { service: { name: 'prometheus', port: { number: 9090 } } } },
            ],
          },
        },
      ],
    });
  });

  test('is what is made where no kind is named', () => {
    expect(ofKind(exposed({}), 'Ingress')).toHaveLength(1);
    expect(ofKind(exposed({ kind: '' }), 'Ingress')).toHaveLength(1);
  });
});

describe('an HTTPRoute', () => {
  test('attaches to the Gateway that is named', () => {
    const spec = exposed({ kind: 'HTTPRoute', gateway: { name: 'public', namespace: 'edge', sectionName: 'https' } });
    expect(one(spec, 'HTTPRoute', 'prometheus').spec).toEqual({
      parentRefs: [{ name: 'public', namespace: 'edge', sectionName: 'https' }],
      hostnames: [HOST],
      rules: [{ backendRefs: [{ name: 'prometheus', port: 9090 }] }],
    });
    expect(ofKind(spec, 'Gateway')).toEqual([]);
  });

  test('brings a Gateway where none is named', () => {
    const gateway = one(exposed({ kind: 'HTTPRoute', tlsSecret: 'tls' }), 'Gateway', 'prometheus');
    expect(gateway.apiVersion).toBe('gateway.networking.k8s.io/v1');
    expect(valueAt(gateway, 'spec', 'listeners')).toEqual([
      {
        name: 'https',
        port: 443,
        protocol: 'HTTPS',
        hostname: HOST,
        tls: { mode: 'Terminate', certificateRefs: [{ name: 'tls' }] },
        allowedRoutes: { namespaces: { from: 'Same' } },
      },
    ]);
  });
});

describe('a Gateway of Istio', () => {
  test('opens HTTP on the ingress gateway', () => {
    const spec = exposed({ kind: 'Gateway' });
    expect(one(spec, 'Gateway', 'prometheus').spec).toEqual({
      selector: { istio: 'ingressgateway' },
      servers: [{ hosts: [HOST], port: { name: 'http', number: 80, protocol: 'HTTP' } }],
    });
    expect(one(spec, 'VirtualService', 'prometheus').spec).toEqual({
      hosts: [HOST],
      gateways: ['prometheus'],
      http: [
        { route: [{ destination: { host: 'prometheus.istio-system.svc.cluster.local', port: { number: 9090 } } }] },
      ],
    });
  });

  test('sends plain HTTP to HTTPS where there is a certificate', () => {
    const spec = exposed({ kind: 'Gateway', tlsSecret: 'tls', selector: { istio: 'edge' } });
    const gateway = one(spec, 'Gateway', 'prometheus');
    expect(valueAt(gateway, 'spec', 'selector')).toEqual({ istio: 'edge' });
    expect(valueAt(gateway, 'spec', 'servers')).toMatchObject([
      { port: { number: 80 }, tls: { httpsRedirect: true } },
      { port: { number: 443 }, tls: { mode: 'SIMPLE', credentialName: 'tls' } },
    ]);
  });
});

describe('the NetworkPolicy', () => {
  const peersOf = (spec: JsonObject) => {
    const rules = valueAt(one(spec, 'NetworkPolicy', 'prometheus'), 'spec', 'ingress') as readonly JsonObject[];
    return rules.map(({ from }) => from);
  };

  test('lets the other add-ons in, from any namespace', () => {
    const [peers] = peersOf({ profile: 'demo' });
    expect(peers).toHaveLength(3);
    expect(peers).toContainEqual({
      namespaceSelector: {},
      podSelector: { matchLabels: { app: 'kiali', 'app.kubernetes.io/instance': 'istio' } },
    });
  });

  test.each([
    ['is exposed', exposed({})],
    [
      'has a Service of its own to the outside',
      { addonComponents: { prometheus: { k8s: { service: { type: 'NodePort' } } } } },
    ],
  ])('lets everybody in where the dashboard %s', (_name, spec) => {
    expect(peersOf(spec)).toEqual([undefined]);
  });

  test('closes a dashboard that no other add-on reads', () => {
    const rules = valueAt(
      one({ profile: 'demo' }, 'NetworkPolicy', 'kiali'),
      'spec',
      'ingress',
    ) as readonly JsonObject[];
    expect(rules.flatMap(({ ports }) => (ports as readonly JsonObject[]).map(({ port }) => port))).toEqual([9090]);
  });
});

test('a Service says where its dashboard is', () => {
  expect(valueAt(one(exposed({ tlsSecret: 'tls' }), 'Service', 'prometheus'), 'metadata', 'annotations')).toEqual({
    'install.istio.io/dashboard': 'prometheus',
    'install.istio.io/dashboard-port': '9090',
    'install.istio.io/dashboard-path': '/',
    'install.istio.io/dashboard-url': 'https://prometheus.example.com/',
  });
});
