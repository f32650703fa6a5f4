import { expect, test } from '@jest/globals';
import { asJson, type JsonObject, type Manifest, silentLogger } from '../../../src/core/index.ts';
import {
  aConfigMap,
  aDeployment,
  aMesh,
  aResource,
  labelled,
  type TestOperator,
  testOperator,
} from './test-operator.ts';

/** `Reason: message` of the Events so far, in the order of their first time. */
function told({ cluster }: TestOperator): readonly string[] {
  const events = cluster.peekAll('Event').map(asJson) as (JsonObject & { reason: string; message: string })[];
  return events.map(({ reason, message }) => `${reason}: ${message}`);
}

const anOperator = (options: Parameters<typeof testOperator>[0] = {}) =>
  testOperator({ emitsEvents: true, ...options });

const anEdit = (mesh: string) => labelled(aConfigMap('istio', { mesh }), 'Pilot', aResource('mesh', {}));

test('an installation tells when it begins, which components are ready, and when all is healthy', async () => {
  await using operator = await anOperator();
  await operator.apply('mesh', { objects: aMesh() });
  expect(told(operator)).toEqual([
    'Reconciling: generation 1 is being installed',
    expect.stringMatching(/^ComponentReady: \w+ is ready$/),
    expect.stringMatching(/^ComponentReady: \w+ is ready$/),
    expect.stringMatching(/^ComponentReady: \w+ is ready$/),
    'Healthy: generation 1 is installed and healthy',
  ]);
});

test('neither further passes nor another operator tell it again', async () => {
  const operator = await anOperator();
  await operator.apply('mesh', { objects: aMesh() });
  const { cluster, clock } = operator;
  await operator[Symbol.asyncDispose]();
  const before = told(operator);
  await using next = await anOperator({ on: { cluster, clock } });
  await next.apply('mesh', { objects: aMesh() }, { annotations: { 'install.istio.io/wake': '1' } });
  expect(told(next)).toEqual(before);
  expect(cluster.writes.filter(({ verb, kind }) => verb === 'patch' && kind === 'Event')).toEqual([]);
});

test('an upgrade tells from which version to which', async () => {
  let version = '1.29.2';
  const render = (): Manifest => ({
    components: [{ component: 'Pilot', objects: [aConfigMap('istio', { mesh: version })] }],
    notices: [],
    revision: 'default',
    version,
  });
  await using operator = await anOperator({ render });
  await operator.apply('mesh', {});
  version = '1.30.3';
  await operator.apply('mesh', { note: 'upgrade' });
  expect(told(operator)).toContain('VersionChanged: Pilot: 1.29.2 → 1.30.3');
});

test('what was put back is told, with who had changed it; what went is told, too', async () => {
  await using operator = await anOperator();
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio'), aConfigMap('other')] } });
  await operator.edit(anEdit('edited'), 'kubectl-edit');
  operator.cluster.remove({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'istio-system', name: 'other' });
  await operator.clock.settle();
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  expect(told(operator)).toEqual(
    expect.arrayContaining([
      'Repaired: put back what was changed: ConfigMap istio-system/istio (changed by kubectl-edit)',
      'Repaired: put back what was changed: ConfigMap istio-system/other (gone)',
      'Pruned: removed what is no longer asked for: ConfigMap istio-system/other',
    ]),
  );
});

test('many objects are named in part', async () => {
  await using operator = await anOperator();
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  await operator.apply('mesh', { objects: { Pilot: names.map((name) => aConfigMap(name)) } });
  await operator.apply('mesh', { objects: { Pilot: [] } });
  expect(told(operator).find((text) => text.startsWith('Pruned'))).toMatch(/ConfigMap istio-system\/a, .* and 2 more$/);
});

test('a document that is rejected is told once for each thing that is wrong with it', async () => {
  await using operator = await anOperator();
  await operator.apply('mesh', { fails: 'InvalidValue' });
  await operator.apply('mesh', { fails: 'InvalidValue', note: 'again' });
  expect(told(operator)).toEqual(['InvalidValue: spec.fails: This value is wrong. Mend it.']);
});

test('an object that cannot be applied is told under its component, not with every attempt', async () => {
  await using operator = await anOperator();
  operator.cluster.failNext({ verb: 'apply', kind: 'ConfigMap' }, 'Forbidden', 99);
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  await operator.clock.advance(600_000);
  const failed = told(operator).filter((text) => text.startsWith('ComponentFailed'));
  expect(failed).toEqual([expect.stringContaining('Pilot: ConfigMap istio-system/istio')]);
  expect(operator.cluster.writes.filter(({ kind }) => kind === 'Event').length).toBeLessThan(5);
});

test('a component that does not become ready is told when its time is up', async () => {
  await using operator = await anOperator({ fake: { workloadsBecomeReady: false } });
  await operator.apply('mesh', { objects: { Pilot: [aDeployment('istiod')] } });
  await operator.clock.advance(301_000);
  expect(told(operator)).toContainEqual(
    expect.stringMatching(/^ReadinessTimeout: Pilot: Deployment istio-system\/istiod/),
  );
});

test('deletion is told at its beginning and its end', async () => {
  await using operator = await anOperator();
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  await operator.remove('mesh');
  expect(told(operator).slice(-2)).toEqual([
    'Deleting: removing what it installed',
    'Deleted: what it installed is removed',
  ]);
});

test('J3: what istioctl noted down is left alone, and says so in its status and an Event', async () => {
  await using operator = await anOperator();
  await operator.apply('installed-state-default', { objects: aMesh() });
  expect(operator.sent.filter((sent) => !sent.includes('Event'))).toEqual([]);
  expect(operator.condition('installed-state-default', 'Ready')).toMatchObject({ reason: 'InstalledState' });
  expect(told(operator)).toEqual([expect.stringMatching(/^InstalledState: istioctl keeps a record/)]);
});

test('E2: a CR that an operator of its revision looks after keeps what that one says', async () => {
  const conditions = [{ type: 'Ready', status: 'True', reason: 'Healthy', message: '' }];
  await using operator = await anOperator({ revision: 'canary' });
  operator.cluster.edit(aResource('mesh', { revision: 'stable' }, {}, { status: 'HEALTHY', conditions }), 'other');
  await operator.clock.settle();
  expect(operator.condition('mesh', 'Ready')).toMatchObject({ status: 'True', reason: 'Healthy' });
});

test('a fight over an object costs a trickle of requests', async () => {
  await using operator = await anOperator();
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  operator.cluster.clearRequests();
  for (let i = 0; i < 50; i++) {
    await operator.edit(anEdit(`${i}`), 'other-controller');
    await operator.clock.advance(200);
  }
  expect(operator.cluster.writes.filter(({ kind }) => kind === 'Event').length).toBeLessThanOrEqual(6);
});

test('A10: each pass that does something leaves one line in the log: what led to it, what it did', async () => {
  const lines: object[] = [];
  const log = {
    ...silentLogger,
    info: (fields: object, message: string) => void (message === 'reconciled' && lines.push(fields)),
    child: () => log,
  };
  await using operator = await anOperator({ log });
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  await operator.edit(anEdit('edited'), 'kubectl-edit');
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] }, note: 'same' });
  expect(lines).toEqual([
    {
      trigger: ['created of IstioOperator istio-system/mesh'],
      result: 'converging',
      writes: { applied: 1, deleted: 0, status: 3 },
      durationMs: 0,
    },
    expect.objectContaining({
      trigger: [expect.stringMatching(/^fields of ConfigMap istio-system\/istio by kubectl-edit: data\.mesh/)],
      writes: { applied: 1, deleted: 0, status: 1 }, // the inventory has the time of the repair
    }),
    expect.objectContaining({
      trigger: ['spec of IstioOperator istio-system/mesh: spec.note'],
      writes: { applied: 0, deleted: 0, status: expect.any(Number) },
    }),
  ]);
});
