import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../src/core/index.ts';
import { aDocument, issuesIn } from './builders.ts';

/** What is found in a mesh configuration, as `path: message`. */
function findings(meshConfig: JsonObject): readonly string[] {
  return issuesIn(aDocument({ meshConfig })).map(
    ({ path, message }) => `${path?.replace('spec.meshConfig.', '')}: ${message}`,
  );
}

describe('what istiod could not start with is refused', () => {
  const cases: Record<string, { meshConfig: JsonObject; want: string }> = {
    'a duration without a unit': {
      meshConfig: { connectTimeout: '5' },
      want: 'connectTimeout: "5" is not a duration.',
    },
    'a word in place of a duration': {
      meshConfig: { tcpKeepalive: { time: 'long' } },
      want: 'tcpKeepalive.time: "long" is not a duration.',
    },
    'no time at all to connect': { meshConfig: { connectTimeout: '0s' }, want: 'connectTimeout: "0s" is too short.' },
    'more than an hour to connect': {
      meshConfig: { connectTimeout: '1h1s' },
      want: 'connectTimeout: "1h1s" is too long.',
    },
    'a drain that ends before it begins': {
      meshConfig: { defaultConfig: { drainDuration: '-5s' } },
      want: 'defaultConfig.drainDuration: "-5s" is too short.',
    },
    'a word that Istio does not know': {
      meshConfig: { outboundTrafficPolicy: { mode: 'REGISTRY' } },
      want: 'outboundTrafficPolicy.mode: "REGISTRY" is not one of the words that are known here.',
    },
    'the right word in the wrong case': {
      meshConfig: { accessLogEncoding: 'json' },
      want: 'accessLogEncoding: "json" is not one of the words that are known here.',
    },
    'an address without a port': {
      meshConfig: { defaultConfig: { tracing: { zipkin: { address: 'zipkin' } } } },
      want: 'defaultConfig.tracing.zipkin.address: "zipkin" is not an address.',
    },
    'an address of a tracer with a variable that nobody fills in': {
      meshConfig: { defaultConfig: { tracing: { zipkin: { address: '$(POD_IP):9411' } } } },
      want: 'defaultConfig.tracing.zipkin.address: "$(POD_IP):9411" is not an address.',
    },
    'the address of the node where no tracer is meant': {
      meshConfig: { defaultConfig: { discoveryAddress: '$(HOST_IP):15012' } },
      want: 'defaultConfig.discoveryAddress: "$(HOST_IP):15012" is not an address.',
    },
    'a field in snake_case': {
      meshConfig: { defaultConfig: { discovery_address: 'istiod' } },
      want: 'defaultConfig.discovery_address: "istiod" is not an address.',
    },
    'a number among the metadata of proxies': {
      meshConfig: { defaultConfig: { proxyMetadata: { A: 1 } } },
      want: 'defaultConfig.proxyMetadata.A: Expected a string, got the number 1.',
    },
    'an empty trust domain': { meshConfig: { trustDomain: '' }, want: 'trustDomain: "" is not a trust domain.' },
    'a trust domain with its scheme': {
      meshConfig: { trustDomainAliases: ['old.example', 'spiffe://x'] },
      want: 'trustDomainAliases[1]: "spiffe://x" is not a trust domain.',
    },
  };
  test.each(Object.entries(cases))('%s', (_name, { meshConfig, want }) => {
    expect(findings(meshConfig)).toEqual([want]);
  });
});

/** A case of the defaultConfig, whose findings carry its name. */
const inProxies = (defaultConfig: JsonObject, want: string) => ({
  meshConfig: { defaultConfig },
  want: `defaultConfig.${want}`,
});

const inLocalities = (localityLbSetting: JsonObject, want: string) => ({
  meshConfig: { localityLbSetting },
  want: `localityLbSetting${want}`,
});

const inTracingTls = (tlsSettings: JsonObject, want: string) =>
  inProxies({ tracing: { tlsSettings } }, `tracing.tlsSettings.${want}`);

describe('what the installer refuses is refused', () => {
  const cases: Record<string, { meshConfig: JsonObject; want: string }> = {
    'no port': inProxies({ statusPort: 0 }, 'statusPort: 0 is less than 1.'),
    'a port in quotes that there is not': inProxies(
      { proxy_admin_port: '70000' },
      'proxy_admin_port: 70000 is more than 65535.',
    ),
    'no port to listen on': { meshConfig: { proxyListenPort: 0 }, want: 'proxyListenPort: 0 is less than 1.' },
    'half a thread': inProxies({ concurrency: 1.5 }, 'concurrency: Expected a whole number, got the number 1.5.'),
    'text for a number': inProxies(
      { concurrency: 'all' },
      'concurrency: Expected a whole number, got the string "all".',
    ),
    'less than no proxies': inProxies(
      { gatewayTopology: { numTrustedProxies: -1 } },
      'gatewayTopology.numTrustedProxies: -1 is less than 0.',
    ),
    'less than no probes': {
      meshConfig: { tcpKeepalive: { probes: -1 } },
      want: 'tcpKeepalive.probes: -1 is less than 0.',
    },
    'half a second to drain': inProxies({ drainDuration: '1500ms' }, 'drainDuration: "1500ms" is finer than a second.'),
    'a thousandth of a millisecond': {
      meshConfig: { protocolDetectionTimeout: '1us' },
      want: 'protocolDetectionTimeout: "1us" is finer than a millisecond.',
    },
    'an empty path': inProxies({ configPath: '' }, 'configPath: "" is not a path.'),
    'an empty name of the proxies': inProxies({ serviceCluster: '' }, 'serviceCluster: It must not be empty.'),
    'a policy that only others can inherit': inProxies(
      { controlPlaneAuthPolicy: 'INHERIT' },
      'controlPlaneAuthPolicy: "INHERIT" is not one of the words that are known here.',
    ),
    'no provider of private keys': inProxies({ privateKeyProvider: {} }, 'privateKeyProvider: It names no provider.'),
    'a provider of private keys that is never asked': inProxies(
      { private_key_provider: { qat: {} } },
      'private_key_provider.qat.pollDelay: "pollDelay" is missing.',
    ),
    'one that is asked all the time': inProxies(
      { privateKeyProvider: { cryptomb: { poll_delay: '0s' } } },
      'privateKeyProvider.cryptomb.poll_delay: "0s" is no time at all.',
    ),
    'a tracer without an address': inProxies(
      { tracing: { zipkin: {} } },
      'tracing.zipkin.address: "address" is missing.',
    ),
    'mutual TLS without a key': inTracingTls(
      { mode: 2, clientCertificate: '/cert' },
      'privateKey: With mode: MUTUAL, privateKey is needed.',
    ),
    'certificates from two places': inTracingTls(
      { mode: 'SIMPLE', credentialName: 'tracer', caCertificates: '/ca' },
      'caCertificates: It contradicts credentialName, which has the certificates.',
    ),
    'names to verify without verification': inTracingTls(
      { mode: 'SIMPLE', insecureSkipVerify: true, subjectAltNames: ['tracer'] },
      'subjectAltNames: It contradicts insecureSkipVerify: true.',
    ),
    'certificates in a ConfigMap': inTracingTls(
      { credential_name: 'configmap://ca' },
      'credentialName: Here it cannot be a ConfigMap.',
    ),
    'shares of less than all': inLocalities(
      { distribute: [{ from: 'a', to: { b: 50, c: '40' } }] },
      '.distribute[0].to: The weights add up to 90.',
    ),
    'a share of nothing': inLocalities(
      { distribute: [{ from: 'a', to: { b: 100, c: 0 } }] },
      '.distribute[0].to.c: 0 is less than 1.',
    ),
    'a zone of a region that is there already': inLocalities(
      {
        distribute: [
          { from: 'a/*', to: { b: 100 } },
          { from: 'a/z/s', to: { b: 100 } },
        ],
      },
      '.distribute[1].from: "a/z/s" overlaps with "a/*" before it.',
    ),
    'a region and its zone': inLocalities(
      { distribute: [{ from: 'a', to: { 'b/z': 40, b: 60 } }] },
      '.distribute[0].to.b/z: "b/z" overlaps with "b" before it.',
    ),
    'any region': inLocalities(
      { distribute: [{ from: '*/z', to: { b: 100 } }] },
      '.distribute[0].from: "*/z" has a "*" that is not at its end.',
    ),
    'a zone without a name': inLocalities(
      { distribute: [{ from: 'a/', to: { b: 100 } }] },
      '.distribute[0].from: "a/" has a part that is empty.',
    ),
    'a region that stands in for itself': inLocalities(
      { failover: [{ from: 'a', to: 'a' }] },
      '.failover[0]: from and to are the same region.',
    ),
    'a zone that stands in': inLocalities(
      { failover: [{ from: 'a', to: 'b/z' }] },
      '.failover[0]: from and to must be regions, without "/" and "*".',
    ),
    'shares and stand-ins': inLocalities(
      { distribute: [{ from: 'a', to: { b: 100 } }], failover: [{ from: 'a', to: 'b' }] },
      ': distribute and failover contradict each other.',
    ),
    'stand-ins by region twice': inLocalities(
      { failover: [{ from: 'a', to: 'b' }], failover_priority: ['topology.kubernetes.io/region'] },
      '.failoverPriority[0]: "topology.kubernetes.io/region" contradicts failover, which goes by the same.',
    ),
    'a host with two asterisks': {
      meshConfig: { serviceSettings: [{ hosts: ['*.ok.example', '*.*'] }] },
      want: 'serviceSettings[0].hosts[1]: "*.*" is not a host.',
    },
    'curves within the mesh': {
      meshConfig: { meshMTLS: { ecdhCurves: ['P-256'] } },
      want: 'meshMTLS.ecdhCurves: Within the mesh the curves cannot be chosen.',
    },
  };
  test.each(Object.entries(cases))('%s', (_name, { meshConfig, want }) => {
    expect(findings(meshConfig)).toEqual([want]);
  });

  test('an age of connections that is no duration', () => {
    const document = aDocument({ values: { pilot: { keepaliveMaxServerConnectionAge: 'long' } } });
    expect(issuesIn(document)).toMatchObject([
      { path: 'spec.values.pilot.keepaliveMaxServerConnectionAge', message: '"long" is not a duration.' },
    ]);
  });
});

describe('what istiod reads is taken', () => {
  const cases: Record<string, JsonObject> = {
    'durations as Go writes them': {
      connectTimeout: '1m30s',
      protocolDetectionTimeout: '0s',
      dnsRefreshRate: '1.5s',
      hboneIdleTimeout: '250ms',
    },
    'words and their numbers': {
      accessLogEncoding: 1,
      h2UpgradePolicy: 'UPGRADE',
      outboundTrafficPolicy: { mode: 'ALLOW_ANY' },
    },
    'addresses of all kinds': {
      defaultConfig: {
        discoveryAddress: 'istiod.istio-system.svc:15012',
        statsdUdpAddress: '[::1]:8125',
        tracing: { zipkin: { address: '10.0.0.1:9411' }, sampling: 10 },
      },
    },
    'a tracing agent on the node, by Datadog': {
      defaultConfig: { tracing: { datadog: { address: '$(HOST_IP):8126' } } },
    },
    'a tracing agent on the node, by Zipkin': {
      defaultConfig: { tracing: { zipkin: { address: '$(HOST_IP):9411' } } },
    },
    'what a proxy needs': {
      defaultConfig: {
        concurrency: '2',
        statusPort: 15_020,
        proxyMetadata: { A: '1', B: null },
        interceptionMode: 'TPROXY',
      },
    },
    'numbers as text': {
      tcpKeepalive: { probes: '3' },
      proxyListenPort: '15001',
      defaultConfig: { statusPort: '15020', tracing: { sampling: '1.5e1' } },
    },
    'numbers that mean something below zero': {
      proxyHttpPort: -1,
      defaultConfig: { concurrency: -1, statNameLength: -1, privateKeyProvider: { qat: { pollDelay: '-1s' } } },
    },
    'empty addresses of what need not be there': {
      defaultConfig: { statsdUdpAddress: '', envoyMetricsService: { address: '' }, envoyMetricsServiceAddress: '' },
    },
    'a name of the proxies in another field': {
      defaultConfig: { serviceCluster: '', tracingServiceName: 'CANONICAL_NAME_ONLY' },
    },
    'certificates from a Secret': {
      defaultConfig: { tracing: { tlsSettings: { mode: 'MUTUAL', credentialName: 'tracer' } } },
    },
    'the other places of a region': {
      localityLbSetting: {
        distribute: [
          { from: 'a/z', to: { 'a/*': 80, b: 20 } },
          { from: 'a/*', to: { b: 100 } },
        ],
      },
    },
    'hosts of all kinds': { serviceSettings: [{ hosts: ['*', '*-a.example', 'A.svc.', '1'] }] },
    'a trust domain that ends in a dot': { trustDomain: 'Example.com.' },
    'nothing where something could be': { defaultConfig: null, outboundTrafficPolicy: {}, trustDomain: null },
  };
  test.each(Object.entries(cases))('%s', (_name, meshConfig) => {
    expect(findings(meshConfig)).toEqual([]);
  });
});
