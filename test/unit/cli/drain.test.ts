import { expect, test } from '@jest/globals';
import { type DrainJob, drain, missingOperator } from '../../../src/cli/live/drain.ts';
import type { JsonObject, KubernetesObject } from '../../../src/core/index.ts';
import { silentLogger } from '../../../src/core/index.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { type FakeCluster, fakeCluster } from '../../support/fake-cluster.ts';

const OPERATORS = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator' };
const OURS = 'istio-finalizer.install.istio.io';
const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'istio-operator', name: 'istio-operator' };

const refTo = (name: string, namespace = 'istio-system') => ({ ...OPERATORS, namespace, name });

function aCluster(): FakeCluster {
  const namespaces = ['istio-system', 'team', 'istio-operator'];
  const cluster = fakeCluster({ kinds: [{ ...OPERATORS, namespaced: true }], namespaces });
  const { apiVersion, kind, namespace, name } = DEPLOYMENT;
  cluster.edit({ apiVersion, kind, metadata: { namespace, name }, spec: { replicas: 2 } } as KubernetesObject);
  return cluster;
}

function addResource(cluster: FakeCluster, name: string, namespace = 'istio-system', spec: JsonObject = {}): void {
  const metadata = { name, namespace, finalizers: ['example.com/mine', OURS] };
  cluster.edit({ ...OPERATORS, metadata, spec } as KubernetesObject);
}

/** Drains while the clock runs. */
async function drained(cluster: FakeCluster, over: Partial<DrainJob> = {}) {
  const clock = fakeClock();
  const lines: string[] = [];
  const warnings: string[] = [];
  const job: DrainJob = {
    fate: 'release',
    watchNamespaces: ['istio-system'],
    deployment: { namespace: 'istio-operator', name: 'istio-operator' },
    timeoutMs: 10_000,
    ...over,
  };
  const say = async (line: string) => void lines.push(line);
  const scope = { signal: new AbortController().signal, log: silentLogger };
  const warn = async ({ message, hint = '' }: { message: string; hint?: string }) =>
    void warnings.push(`${message} ${hint}`);
  const done = drain(job, { cluster, clock, say, warn }, scope);
  for (let second = 0; second < 90; second++) await clock.advance(1_000);
  return { left: await done, lines, warnings };
}

const finalizersOf = (cluster: FakeCluster, name: string, namespace?: string) =>
  cluster.peek(refTo(name, namespace))?.metadata.finalizers;

test('released, a resource no longer waits for the operator, which is stopped before; others’ finalizers stay', async () => {
  const cluster = aCluster();
  addResource(cluster, 'mesh');
  const { lines } = await drained(cluster);
  expect(finalizersOf(cluster, 'mesh')).toEqual(['example.com/mine']);
  expect(cluster.peek(DEPLOYMENT)?.spec).toMatchObject({ replicas: 0 });
  expect(lines).toEqual([
    'stopped Deployment istio-operator/istio-operator',
    'released IstioOperator istio-system/mesh',
  ]);
});

test('only what the operator looks after is drained', async () => {
  const cluster = aCluster();
  addResource(cluster, 'elsewhere', 'team');
  addResource(cluster, 'canary', 'istio-system', { revision: 'canary' });
  addResource(cluster, 'stable', 'istio-system', { revision: 'stable' });
  await drained(cluster, { revision: 'canary' });
  expect(finalizersOf(cluster, 'canary')).not.toContain(OURS);
  expect(finalizersOf(cluster, 'stable')).toContain(OURS);
  expect(finalizersOf(cluster, 'elsewhere', 'team')).toContain(OURS);
  await drained(cluster, { watchNamespaces: [] });
  expect(finalizersOf(cluster, 'elsewhere', 'team')).not.toContain(OURS);
});

test('a write of somebody else in between is not lost, and the finalizer goes all the same', async () => {
  const cluster = aCluster();
  addResource(cluster, 'mesh');
  cluster.failNext({ verb: 'patch', kind: 'IstioOperator' }, 'WriteConflict', 2);
  await drained(cluster);
  expect(finalizersOf(cluster, 'mesh')).toEqual(['example.com/mine']);
});

test('to be removed, resources are deleted while the operator runs; one that is not through in time is named', async () => {
  const cluster = aCluster();
  addResource(cluster, 'stuck');
  cluster.edit({ ...OPERATORS, metadata: { name: 'quick', namespace: 'istio-system' } });
  const { left } = await drained(cluster, { fate: 'remove' });
  expect(left).toEqual(['IstioOperator istio-system/stuck']);
  expect(cluster.peek(refTo('quick'))).toBeUndefined();
  expect(finalizersOf(cluster, 'stuck')).toEqual(['example.com/mine']);
  const writes = cluster.writes.map(({ verb, kind }) => `${verb} ${kind}`);
  expect(writes.indexOf('delete IstioOperator')).toBeLessThan(writes.indexOf('patch Deployment'));
});

test('what went without all that it installed is said with the reason that the operator has given', async () => {
  const cluster = aCluster();
  addResource(cluster, 'used');
  addResource(cluster, 'unseen');
  const message = 'The revision "default" is still used by 1 namespace (shop).';
  cluster.setStatus(refTo('used'), { message, observedGeneration: 9 });
  cluster.setStatus(refTo('unseen'), { message: 'from before the deletion', observedGeneration: 0 });
  const { warnings } = await drained(cluster, { fate: 'remove' });
  const rest = 'iop uninstall --revision default removes what is left.';
  expect(warnings).toEqual([
    `IstioOperator istio-system/used goes without all that it installed. The operator said: ${message} ${rest}`,
    `IstioOperator istio-system/unseen goes without all that it installed. No operator has looked at the deletion. ${rest}`,
  ]);
});

test('an operator that is not where it is looked for is no secret', async () => {
  const cluster = aCluster();
  const scope = { signal: new AbortController().signal, log: silentLogger };
  const deployment = { namespace: 'istio-operator', name: 'istio-operator' };
  expect(await missingOperator({ deployment }, cluster, scope)).toEqual([]);
  expect(await missingOperator({ deployment: { ...deployment, name: 'mine' } }, cluster, scope)).toMatchObject([
    { message: 'There is no Deployment istio-operator/mine, so no operator is stopped.' },
  ]);
});
