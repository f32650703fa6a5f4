import { describe, expect, test } from '@jest/globals';
import { type InstallStatus, readStatus } from '../../../src/api/index.ts';
import { fromText } from './builders.ts';

const FULL: InstallStatus = {
  status: 'ERROR',
  message: 'Pilot: not ready',
  observedGeneration: 4,
  conditions: [
    {
      type: 'Ready',
      status: 'False',
      reason: 'ReadinessTimeout',
      message: 'Pilot: not ready',
      lastTransitionTime: '2026-11-21T03:00:00Z',
      observedGeneration: 4,
    },
  ],
  componentStatus: {
    Pilot: {
      status: 'ERROR',
      version: '1.30.3',
      error: 'not ready',
      objects: [
        {
          kind: 'Deployment',
          name: 'istiod',
          namespace: 'istio-system',
          ready: 0,
          desired: 1,
          reason: 'A',
          message: 'b',
        },
      ],
    },
  },
  inventory: [{ group: 'apps', kind: 'Deployment', namespace: 'istio-system', name: 'istiod' }],
  plan: { changes: [] },
};

test('what the operator writes is read back as it is', () => {
  expect(readStatus(FULL)).toEqual(FULL);
});

describe('statuses of others', () => {
  const cases: Record<string, { raw: unknown; want: InstallStatus }> = {
    'none at all': { raw: undefined, want: {} },
    null: { raw: null, want: {} },
    'a list': { raw: [], want: {} },
    'the default of the CRD': { raw: { observedGeneration: -1 }, want: { observedGeneration: -1 } },
    'numbers, as Istio 1.4 wrote them': {
      raw: { status: 3, componentStatus: { Pilot: { status: 4, error: 'x' }, Base: { status: 0 } } },
      want: {
        status: 'HEALTHY',
        componentStatus: { Pilot: { status: 'ERROR', error: 'x' }, Base: { status: 'NONE' } },
      },
    },
    'the words of Istio 1.23': {
      raw: { status: 'ACTION_REQUIRED', message: 'm', componentStatus: { Cni: { status: 'UPDATING' } } },
      want: { status: 'ACTION_REQUIRED', message: 'm', componentStatus: { Cni: { status: 'UPDATING' } } },
    },
    'words and numbers that mean nothing': {
      raw: { status: 'FINE', observedGeneration: 'four', componentStatus: { A: { status: 77 }, B: 'x' } },
      want: { componentStatus: { A: { status: 'NONE' } } },
    },
    'conditions that lack what makes them one': {
      raw: { conditions: [{ type: 'Ready', status: 'True' }, { type: 'Ready' }, { status: 'True' }, 'x', null] },
      want: { conditions: [{ type: 'Ready', status: 'True', reason: '', message: '', lastTransitionTime: '' }] },
    },
    'inventory entries that name no object': {
      raw: {
        inventory: [{ kind: 'ConfigMap', name: 'a', uid: 'u' }, { kind: 'ConfigMap' }, { name: 'a', kind: 1 }, 7],
      },
      want: { inventory: [{ group: '', kind: 'ConfigMap', namespace: '', name: 'a', uid: 'u' }] as never },
    },
    'objects that name nothing': {
      raw: { componentStatus: { A: { status: 'HEALTHY', objects: [{ kind: 'Pod' }, {}] } } },
      want: { componentStatus: { A: { status: 'HEALTHY', objects: [] } } },
    },
    'keys that reach a prototype': {
      raw: fromText('{"__proto__": {"status": "HEALTHY"}, "componentStatus": {"__proto__": {"status": "ERROR"}}}'),
      want: { componentStatus: {} },
    },
  };
  test.each(Object.entries(cases))('%s', (_name, { raw, want }) => {
    expect(readStatus(raw)).toEqual(want);
  });

  test('what a prototype has is not taken for a status', () => {
    expect(readStatus(Object.create({ status: 'HEALTHY' }))).toEqual({});
  });
});
