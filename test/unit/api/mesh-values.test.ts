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
    'numbers as text': { tcpKeepalive: { probes: '3' } },
    'a trust domain that ends in a dot': { trustDomain: 'Example.com.' },
    'nothing where something could be': { defaultConfig: null, outboundTrafficPolicy: {}, trustDomain: null },
  };
  test.each(Object.entries(cases))('%s', (_name, meshConfig) => {
    expect(findings(meshConfig)).toEqual([]);
  });
});
