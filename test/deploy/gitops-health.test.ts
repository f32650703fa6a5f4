import { expect, test } from '@jest/globals';
import { type InstallStatus, istioOperatorCrd } from '../../src/api/index.ts';
import type { ComponentState, InventoryEntry } from '../../src/apply/index.ts';
import { type Report, statusFor } from '../../src/controller/index.ts';
import type { Issue, JsonObject } from '../../src/core/index.ts';
import { type ArgoHealth, argoHealth, type Kstatus, kstatus } from './gitops-health.ts';

const ISSUE: Issue = { code: 'ObjectRejected', message: 'refused' };

const LEFT_OVER: InventoryEntry = {
  group: 'apps',
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'istio-system',
  name: 'old',
  component: 'Pilot',
};

const component = (phase: ComponentState['phase'], issues: readonly Issue[] = []): ComponentState => ({
  component: 'Pilot',
  phase,
  issues,
  waitingFor: [],
  objects: [{ id: LEFT_OVER, ready: phase === 'ready', desired: 1, readyCount: phase === 'ready' ? 1 : 0 }],
});

type Converging = Extract<Report, { kind: 'converging' }>;

const converging = (change: Partial<Converging> = {}): Converging => ({
  kind: 'converging',
  components: [component('ready')],
  timedOut: new Set(),
  leftOver: [],
  pruneIssues: [],
  notices: [],
  versions: { Pilot: '1.30.3' },
  ...change,
});

const statusAfter = (report: Report, previous: InstallStatus = {}): InstallStatus =>
  statusFor({ generation: 2, previous, report, inventory: new Map(), now: new Date(0) });

const HEALTHY = statusAfter(converging());

interface Expected {
  readonly status: InstallStatus;
  readonly argo: ArgoHealth;
  readonly kstatus: Kstatus;
}

const after = (report: Report, argo: ArgoHealth, expected: Kstatus, previous?: InstallStatus): Expected => ({
  status: statusAfter(report, previous),
  argo,
  kstatus: expected,
});

const cases: Record<string, Expected> = {
  'a new generation': after({ kind: 'accepted' }, 'Progressing', 'InProgress'),
  'a new generation of what was healthy': after({ kind: 'accepted' }, 'Progressing', 'InProgress', HEALTHY),
  'a document that is wrong': after({ kind: 'rejected', issues: [ISSUE] }, 'Degraded', 'Failed'),
  // tried again by itself, so it is no terminal failure to kstatus, which would end the wait of Flux
  'a cluster that refuses': after({ kind: 'blocked', issues: [ISSUE] }, 'Degraded', 'InProgress'),
  'components that wait': after(converging({ components: [component('waiting')] }), 'Progressing', 'InProgress'),
  'components that are not ready yet': after(
    converging({ components: [component('progressing')] }),
    'Progressing',
    'InProgress',
  ),
  'an object that cannot be applied': after(
    converging({ components: [component('failed', [ISSUE])] }),
    'Degraded',
    'InProgress',
  ),
  'a component that did not become ready in time': after(
    converging({ components: [component('progressing')], timedOut: new Set(['Pilot']) }),
    'Degraded',
    'Failed',
  ),
  'something that is being removed': after(converging({ leftOver: [LEFT_OVER] }), 'Progressing', 'InProgress'),
  'something that cannot be removed': after(converging({ pruneIssues: [ISSUE] }), 'Degraded', 'InProgress'),
  // ACTION_REQUIRED would be Progressing for ever
  'something that somebody has to confirm': after(
    converging({ leftOver: [LEFT_OVER], held: { entries: [LEFT_OVER], hash: 'abc' } }),
    'Degraded',
    'Failed',
  ),
  'a healthy installation': after(converging(), 'Healthy', 'Current'),
  'a healthy installation with warnings': after(
    converging({ notices: [{ code: 'RiskySetting', message: 'careful' }] }),
    'Healthy',
    'Current',
  ),
};

test.each(Object.entries(cases))('%s: Argo CD and kstatus see what is the case', (_name, expected) => {
  const seen = { generation: 2, status: expected.status };
  expect({ argo: argoHealth(seen), kstatus: kstatus(seen) }).toEqual({
    argo: expected.argo,
    kstatus: expected.kstatus,
  });
});

test('a resource that no operator has seen yet is in progress, because of the default in the CRD', () => {
  const [version] = istioOperatorCrd().spec.versions as readonly JsonObject[];
  const schema = version?.schema as { openAPIV3Schema: { properties: { status: { default: InstallStatus } } } };
  const seen = { generation: 1, status: schema.openAPIV3Schema.properties.status.default };
  expect({ argo: argoHealth(seen), kstatus: kstatus(seen) }).toEqual({ argo: 'Progressing', kstatus: 'InProgress' });
});

test('a change that no operator has seen yet is in progress to kstatus', () => {
  expect(kstatus({ generation: 3, status: HEALTHY })).toBe('InProgress');
});

test('a paused resource keeps the health that it had', () => {
  const status = statusAfter({ kind: 'skipped', reason: 'Paused', message: 'paused' }, HEALTHY);
  const seen = { generation: 2, status };
  expect({ argo: argoHealth(seen), kstatus: kstatus(seen) }).toEqual({ argo: 'Healthy', kstatus: 'Current' });
});

test('a change made during a pause is in progress to kstatus until somebody looks at it', () => {
  const status = statusAfter({ kind: 'skipped', reason: 'Paused', message: 'paused' }, HEALTHY);
  expect(kstatus({ generation: 3, status })).toBe('InProgress');
});

test.each([
  ['removing objects', []],
  ['an object that cannot be removed', [ISSUE]],
])('a resource that is being deleted, %s', (_name, issues) => {
  const status = statusAfter({ kind: 'deleting', remaining: 3, issues }, HEALTHY);
  const seen = { generation: 2, deleting: true, status };
  expect({ argo: argoHealth(seen), kstatus: kstatus(seen) }).toEqual({ argo: 'Progressing', kstatus: 'Terminating' });
});

test.each([
  [0, 'Unknown'],
  [1, 'Progressing'],
  [2, 'Progressing'],
  [3, 'Healthy'],
  [4, 'Degraded'],
])('Argo CD reads the number %s, which Istio 1.4 wrote, as %s', (status, health) => {
  expect(argoHealth({ generation: 1, status: { status } })).toBe(health);
});

test('Argo CD is never left with a word that progresses for ever', () => {
  const words = Object.values(cases).map(({ status }) => status.status);
  expect([...new Set(words)].sort()).toEqual(['ERROR', 'HEALTHY', 'RECONCILING']);
});

test('there is one condition of each type, which is all that kstatus understands', () => {
  for (const { status } of Object.values(cases)) {
    const types = status.conditions?.map(({ type }) => type) ?? [];
    expect(types).toEqual([...new Set(types)]);
  }
});
