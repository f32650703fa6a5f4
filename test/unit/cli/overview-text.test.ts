import { describe, expect, test } from '@jest/globals';
import { asideOf, type Overview, type Resource } from '../../../src/cli/commands/status.ts';
import { overviewText } from '../../../src/cli/terminal/overview-text.ts';
import { fakeIo } from './fake-io.ts';

const condition = { reason: 'Paused', lastTransitionTime: '2026-01-01T00:00:00Z' };

function aResource(fields: Partial<Resource>): Resource {
  return {
    name: 'istio-system/mesh',
    revision: 'default',
    status: 'HEALTHY',
    message: '',
    aside: [],
    drifted: [],
    ...fields,
  };
}

function text(overview: Partial<Overview>, columns = 80): string {
  const nothing = { controlPlanes: [], resources: [], workloads: [], tags: [], use: [] };
  return overviewText({ ...nothing, ...overview }, fakeIo({ isTerminal: true, columns }).stdout);
}

describe('an IstioOperator', () => {
  test('from which nothing follows says so, and why', () => {
    const aside = asideOf([
      { ...condition, type: 'Ready', status: 'True', message: 'all is well' },
      { ...condition, type: 'Paused', status: 'True', message: 'the annotation is set' },
    ]);
    const shown = text({ resources: [aResource({ aside })] });
    expect(shown).toContain('istio-system/mesh   default    HEALTHY, paused   none\n');
    expect(shown).toContain('istio-system/mesh: paused: the annotation is set\n');
  });

  test('that is no longer paused does not say so, a dry run that failed does', () => {
    expect(asideOf([{ ...condition, type: 'Paused', status: 'False', message: '' }])).toEqual([]);
    const planned = { ...condition, type: 'Planned', status: 'False', message: 'cannot reach it' } as const;
    expect(asideOf([planned])).toEqual([{ what: 'dry run', message: 'cannot reach it' }]);
  });

  test('has its message and its drift below the table, in lines that fit and with whole names', () => {
    const drifted = ['Service istio-system/istiod', 'Deployment istio-system/istio-ingressgateway'];
    const shown = text({ resources: [aResource({ drifted, message: 'Pilot: waiting for a rollout' })] }, 60);
    expect(shown).toContain('HEALTHY   2 objects\n');
    expect(shown).toContain('istio-system/mesh: Pilot: waiting for a rollout\n');
    expect(shown).toContain(
      'istio-system/mesh: drift: Service istio-system/istiod,\n  Deployment istio-system/istio-ingressgateway\n',
    );
  });
});

test('a workload that is not ready says why below the table', () => {
  const workloads = [
    {
      component: 'Pilot',
      object: 'Deployment istio-system/istiod',
      version: '1.30.3',
      ready: false,
      detail: '0/1',
      message: 'pods cannot be created: exceeded quota',
    },
  ];
  const shown = text({ workloads });
  expect(shown).toContain('1.30.3    0/1\n');
  expect(shown).toContain('Deployment istio-system/istiod: pods cannot be created: exceeded quota\n');
});

test('who uses a revision stands below words that say so', () => {
  const shown = text({ resources: [aResource({})], use: [{ revision: 'prod', pods: 2, namespaces: ['shop'] }] });
  expect(shown).toContain('REVISION IN USE   PODS   NAMESPACES\nprod              2      shop\n');
});
