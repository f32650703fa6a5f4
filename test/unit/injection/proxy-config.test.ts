import { expect, test } from '@jest/globals';
import { DEFAULT_PROXY_CONFIG, mergeProxyConfig, proxyConfigJson } from '../../../src/injection/proxy-config.ts';

const over = (config: Parameters<typeof mergeProxyConfig>[1]) =>
  proxyConfigJson(mergeProxyConfig(DEFAULT_PROXY_CONFIG, config));

test.each([
  ['defaults are not written', {}, '{}'],
  ['a default that is said again is not written', { drainDuration: '45.000s', statusPort: 15_020 }, '{}'],
  [
    'fields are in the order of the API',
    { image: { imageType: 'debug' }, concurrency: 2 },
    '{"concurrency":2,"image":{"imageType":"debug"}}',
  ],
  ['a zero that means something is written', { concurrency: 0 }, '{"concurrency":0}'],
  ['a zero that means nothing is not', { statNameLength: 0, interceptionMode: 'REDIRECT' }, '{}'],
  [
    'durations with other units are written in seconds too',
    { drainDuration: '1m30s', privateKeyProvider: { cryptomb: { pollDelay: '10ms' } } },
    '{"drainDuration":"90s","privateKeyProvider":{"cryptomb":{"pollDelay":"0.010s"}}}',
  ],
  ['a default in another unit is not written', { terminationDrainDuration: '5000ms' }, '{}'],
  ['durations are written in seconds', { drainDuration: '1.5s' }, '{"drainDuration":"1.500s"}'],
  ['names as they are declared are read, too', { proxy_metadata: { A: 'b' } }, '{"proxyMetadata":{"A":"b"}}'],
  [
    'what HTML could misread is escaped',
    { proxyMetadata: { A: '<&>' } },
    '{"proxyMetadata":{"A":"\\u003c\\u0026\\u003e"}}',
  ],
  ['fields that do not exist are left out', { nope: 1 }, '{}'],
])('%s', (_name, config, want) => expect(over(config)).toBe(want));

test('metadata of the pod is added to that of the mesh, other fields replace', () => {
  const mesh = mergeProxyConfig(DEFAULT_PROXY_CONFIG, { proxyMetadata: { A: '1', B: '2' }, tracing: { sampling: 5 } });
  const pod = mergeProxyConfig(mesh, { proxyMetadata: { B: '3' }, tracing: { zipkin: { address: 'z' } } });
  expect(proxyConfigJson(pod)).toBe('{"tracing":{"zipkin":{"address":"z"}},"proxyMetadata":{"A":"1","B":"3"}}');
});
