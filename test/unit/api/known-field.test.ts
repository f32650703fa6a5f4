import { describe, expect, test } from '@jest/globals';
import { knownField, takesTextOnly } from '../../../src/api/index.ts';

describe('knownField', () => {
  test.each([
    '',
    'profile',
    'components.pilot.k8s.replicaCount',
    'components.ingressGateways.0.k8s.service.ports',
    'components.ingressGateways.[name:istio-ingressgateway].label.app',
    'components.pilot.k8s.podAnnotations.any/key',
    'components.pilot.k8s.overlays.0.patches.0.value.at.any.depth',
    'meshConfig.defaultConfig.proxyMetadata.ISTIO_META_DNS_CAPTURE',
    'meshConfig.access_log_file',
    'values.global.proxy.resources.requests.cpu',
    'values.pilot.env.PILOT_ENABLE_AMBIENT',
    'unvalidatedValues.a.b',
    'values.global.mtls.enabled', // removed, which parseOperator says better
    'components.galley.enabled',
  ])('knows %s', (path) => {
    const steps = path === '' ? [] : path.split('.');
    expect(knownField(steps)).toEqual({ known: true, depth: steps.length, candidates: [] });
  });

  test.each([
    ['profil', 0, 'profile'],
    ['components.pilt.enabled', 1, 'pilot'],
    ['components.ingressGateways.0.k8s.replicaCout', 4, 'replicaCount'],
    ['values.global.istioNamspace', 2, 'istioNamespace'],
    ['values.globl.proxy', 1, 'global'],
    ['meshConfig.acessLogFile', 1, 'accessLogFile'],
  ])('does not know %s', (path, depth, near) => {
    const found = knownField(path.split('.'));
    expect(found).toMatchObject({ known: false, depth, near });
    expect(found.candidates).toContain(near);
  });

  test('has no candidates below a scalar, nor for a word that is like none', () => {
    expect(knownField(['profile', 'name'])).toEqual({ known: false, depth: 1, candidates: [] });
    expect(knownField(['values', 'qqqqqqqqqqqq']).near).toBeUndefined();
  });

  test('is not misled by what every object inherits', () => {
    expect(knownField(['toString']).known).toBe(false);
    expect(knownField(['values', '__proto__']).known).toBe(false);
  });
});

test.each([
  ['values.global.network', true],
  ['components.ingressGateways.[0].name', true],
  ['values.pilot.env.PILOT_PUSH_THROTTLE', false],
  ['values.pilot.replicaCount', false],
  ['components.pilot.k8s.replicaCount.more', false],
  ['unvalidatedValues.a', false],
])('%s takes text only: %s', (path, want) => {
  expect(takesTextOnly(path.split('.'))).toBe(want);
});
