import { expect, test } from '@jest/globals';
import { type KubernetesObject, OperatorError } from '../../../src/core/index.ts';
import {
  aConfigMap,
  aDeployment,
  aMesh,
  refTo,
  rolledOut,
  type TestOperator,
  testOperator,
  withCalls,
} from './test-operator.ts';

const REVISION = 'istio.io/rev';

const aNamespace = (name: string, labels: Record<string, string>): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

const aPod = (name: string, revision: string): KubernetesObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'istio-system',
      labels: { 'security.istio.io/tlsMode': 'istio' },
      annotations: { [REVISION]: revision },
    },
    status: { phase: 'Running' },
  }) as KubernetesObject;

const removePod = (operator: TestOperator, name: string) => {
  operator.cluster.remove({ apiVersion: 'v1', kind: 'Pod', namespace: 'istio-system', name });
};

const plane = (name: string) => ({ Pilot: [aConfigMap(name), aDeployment(name)] });

/** Users are not told of more often than that. */
const PACE_MS = 6_000;

test('the status of a revision says who uses it', async () => {
  await using operator = await testOperator();
  await operator.apply('canary', { objects: aMesh(), revision: 'canary' });
  expect(operator.condition('canary', 'InUse')).toMatchObject({ status: 'False', reason: 'NotUsedYet' });
  await operator.edit(aNamespace('shop', { [REVISION]: 'canary' }));
  for (const name of ['a', 'b']) await operator.edit(aPod(name, 'canary'));
  await operator.edit(aPod('other', 'default'));
  await operator.clock.advance(PACE_MS);
  expect(operator.condition('canary', 'InUse')).toMatchObject({
    status: 'True',
    message: 'used by 1 namespace (shop) and 2 pods (istio-system/a, istio-system/b)',
  });
});

test('a control plane that is the only one and has no name does not ask who uses it', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh() });
  await operator.edit(aNamespace('shop', { 'istio-injection': 'enabled' }));
  expect(operator.condition('mesh', 'InUse')).toBeUndefined();
  expect(operator.cluster.requests.filter(({ kind }) => kind === 'Pod')).toEqual([]);
  await operator.remove('mesh');
  expect(operator.resource('mesh')).toBeUndefined();
});

test('B3: a revision that is used is not deleted: the condition DeletionBlocked names the users', async () => {
  await using operator = await testOperator();
  await operator.apply('canary', { objects: aMesh(), revision: 'canary' });
  await operator.edit(aPod('a', 'canary'));
  operator.cluster.clearRequests();
  await operator.remove('canary');
  expect(operator.condition('canary', 'DeletionBlocked')).toMatchObject({
    status: 'True',
    message: expect.stringContaining('The revision "canary" is still used by 1 pod (istio-system/a).'),
  });
  expect(operator.status('canary')).toMatchObject({ status: 'ERROR' });
  expect(operator.sent).toEqual([]);
  removePod(operator, 'a');
  await operator.clock.advance(PACE_MS);
  expect(operator.resource('canary')).toBeUndefined();
});

test('B3: whose control plane it is says what is installed, not a spec that became nonsense', async () => {
  await using operator = await testOperator();
  const istiod = aDeployment('istiod-canary');
  const labelled = { ...istiod, metadata: { ...istiod.metadata, labels: { [REVISION]: 'canary' } } };
  await operator.apply('mesh', { objects: plane('istiod') });
  await operator.apply('canary', { objects: { Pilot: [labelled] }, revision: 'canary' });
  await operator.edit(aPod('of-mesh', 'default'));
  await operator.edit(aPod('of-canary', 'canary'));
  await operator.apply('canary', { fails: 'ProfileNotFound' });
  await operator.remove('canary');
  expect(operator.condition('canary', 'DeletionBlocked')?.message).toContain('"canary" is still used by 1 pod');
  removePod(operator, 'of-canary');
  await operator.clock.advance(PACE_MS);
  expect(operator.resource('canary')).toBeUndefined();
});

test('B3: with the annotation force-delete it goes at once', async () => {
  await using operator = await testOperator();
  await operator.apply('canary', { objects: aMesh(), revision: 'canary' });
  await operator.edit(aPod('a', 'canary'));
  await operator.remove('canary');
  expect(operator.resource('canary')).toBeDefined();
  const live = operator.resource('canary');
  const annotations = { 'install.istio.io/force-delete': 'true' };
  await operator.edit({ ...live, metadata: { ...live?.metadata, annotations } } as never);
  expect(operator.resource('canary')).toBeUndefined();
});

test('B3: the control plane without a name is guarded while there is another one', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: plane('istiod') });
  await operator.apply('canary', { objects: plane('istiod-canary'), revision: 'canary' });
  await operator.edit(aNamespace('shop', { 'istio-injection': 'enabled' }));
  await operator.remove('mesh');
  expect(operator.status('mesh').message).toContain('still used by 1 namespace (shop)');
  await operator.edit(aNamespace('shop', { [REVISION]: 'canary' }));
  await operator.clock.advance(PACE_MS);
  expect(operator.resource('mesh')).toBeUndefined();
});

test('B3: the control plane without a name stays guarded while the other one is down', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: plane('istiod') });
  await operator.apply('canary', { objects: plane('istiod-canary'), revision: 'canary' });
  await operator.edit(aNamespace('shop', { 'istio-injection': 'enabled' }));
  await operator.remove('mesh');
  operator.cluster.setStatus(refTo(aDeployment('istiod-canary')), rolledOut(0));
  await operator.clock.advance(120_000);
  expect(operator.status('mesh').message).toContain('still used by 1 namespace (shop)');
  expect(operator.cluster.peek(refTo(aDeployment('istiod')))).toBeDefined();
});

test('B3: so it does after a restart, as long as it is not known which control planes there are', async () => {
  await using before = await testOperator();
  await before.apply('mesh', { objects: plane('istiod') });
  await before.apply('canary', { objects: plane('istiod-canary'), revision: 'canary' });
  await before.edit(aNamespace('shop', { 'istio-injection': 'enabled' }));
  await before.remove('mesh');
  await before[Symbol.asyncDispose]();
  const listed = Promise.withResolvers<void>();
  await using after = await testOperator({
    on: before,
    through: (cluster) =>
      withCalls(cluster, {
        watch: async (kind, selection, handler, scope) => {
          scope.signal.addEventListener('abort', () => listed.resolve());
          if (kind.kind === 'Deployment') await listed.promise;
          await cluster.watch(kind, selection, handler, scope);
        },
      }),
  });
  await after.clock.advance(5_000);
  expect(after.status('mesh').message).toContain('It is not known yet which control planes there are.');
  expect(after.cluster.peek(refTo(aDeployment('istiod')))).toBeDefined();
  listed.resolve();
  await after.clock.advance(60_000);
  expect(after.status('mesh').message).toContain('still used by 1 namespace (shop)');
});

test('B3: two control planes that are deleted together do not wait for each other', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: plane('istiod') });
  await operator.apply('canary', { objects: plane('istiod-canary'), revision: 'canary' });
  await operator.edit(aNamespace('shop', { 'istio-injection': 'enabled' }));
  await operator.edit(aPod('a', 'canary'));
  await operator.remove('canary');
  await operator.remove('mesh');
  expect(operator.resource('mesh')).toBeUndefined();
  expect(operator.status('canary').message).toContain('still used by 1 pod');
});

test('B3: pods of its own gateways are no users, and its namespace that is being deleted is not held up', async () => {
  await using operator = await testOperator();
  await operator.apply('canary', { objects: aMesh(), revision: 'canary' });
  const own = aPod('gateway', 'canary');
  const ownerReferences = [{ kind: 'ReplicaSet', name: 'istio-ingressgateway-5d4f', controller: true }];
  await operator.edit({ ...own, metadata: { ...own.metadata, ownerReferences } } as never);
  await operator.clock.advance(PACE_MS);
  expect(operator.condition('canary', 'InUse')).toMatchObject({ status: 'False' });
  await operator.edit(aPod('a', 'canary'));
  operator.cluster.remove({ apiVersion: 'v1', kind: 'Namespace', namespace: '', name: 'istio-system' });
  await operator.clock.advance(PACE_MS);
  expect(operator.resource('canary')).toBeUndefined();
});

test('B3: when it cannot be told who uses it, it stays and says why, unless that does not matter', async () => {
  const forbidden = new OperatorError('pods is forbidden: cannot list resource "pods"', { code: 'Forbidden' });
  await using operator = await testOperator({
    through: (cluster) =>
      withCalls(cluster, {
        watch: async (kind, selection, handler, scope) => {
          if (kind.kind !== 'Pod') return await cluster.watch(kind, selection, handler, scope);
          handler.onError?.(forbidden);
          await new Promise((resolve) => scope.signal.addEventListener('abort', resolve));
        },
      }),
  });
  await operator.apply('canary', { objects: aMesh(), revision: 'canary' });
  expect(operator.status('canary')).toMatchObject({ status: 'HEALTHY' });
  await operator.remove('canary');
  expect(operator.status('canary')).toMatchObject({ status: 'ERROR', message: forbidden.message });
  const live = operator.resource('canary');
  const annotations = { 'install.istio.io/force-delete': 'true' };
  await operator.edit({ ...live, metadata: { ...live?.metadata, annotations } } as never);
  expect(operator.resource('canary')).toBeUndefined();
});

const asked = { annotations: { 'install.istio.io/remove-unused-after': '10m' } };

test('E6: a revision that nobody uses any more is removed after its time, not before', async () => {
  await using operator = await testOperator();
  await operator.apply('old', { objects: plane('istiod-old'), revision: 'old' }, asked);
  await operator.apply('new', { objects: plane('istiod-new'), revision: 'new' });
  await operator.clock.advance(3_600_000);
  expect(operator.resource('old')).toBeDefined(); // it has never been used: it is new
  await operator.edit(aPod('a', 'old'));
  await operator.clock.advance(PACE_MS);
  removePod(operator, 'a');
  await operator.clock.advance(PACE_MS);
  expect(operator.condition('old', 'InUse')).toMatchObject({ status: 'False', reason: 'NoLongerUsed' });
  await operator.clock.advance(590_000);
  expect(operator.resource('old')).toBeDefined();
  await operator.clock.advance(15_000);
  expect(operator.resource('old')).toBeUndefined();
  expect(operator.cluster.peekAll('Deployment').map(({ metadata }) => metadata.name)).toEqual(['istiod-new']);
});

test('E6: whoever comes back in time keeps it, and a restart does not start the time anew', async () => {
  await using operator = await testOperator();
  await operator.apply('old', { objects: plane('istiod-old'), revision: 'old' }, asked);
  await operator.apply('new', { objects: plane('istiod-new'), revision: 'new' });
  await operator.edit(aPod('a', 'old'));
  await operator.clock.advance(PACE_MS);
  removePod(operator, 'a');
  await operator.clock.advance(400_000);
  await operator.edit(aPod('b', 'old'));
  await operator.clock.advance(400_000);
  expect(operator.condition('old', 'InUse')).toMatchObject({ status: 'True' });
  removePod(operator, 'b');
  await operator.clock.advance(400_000);
  await operator[Symbol.asyncDispose]();
  await using next = await testOperator({ on: operator });
  expect(next.resource('old')).toBeDefined();
  await next.clock.advance(210_000);
  expect(next.resource('old')).toBeUndefined();
});

test('E6: the last control plane stays, used or not', async () => {
  await using operator = await testOperator();
  await operator.apply('old', { objects: plane('istiod-old'), revision: 'old' }, asked);
  await operator.edit(aPod('a', 'old'));
  await operator.clock.advance(PACE_MS);
  removePod(operator, 'a');
  await operator.clock.advance(3_600_000);
  expect(operator.resource('old')).toBeDefined();
});

test('E6: an annotation that is no duration removes nothing, and a warning says so', async () => {
  await using operator = await testOperator();
  const annotations = { 'install.istio.io/remove-unused-after': 'soon' };
  await operator.apply('old', { objects: plane('istiod-old'), revision: 'old' }, { annotations });
  expect(operator.condition('old', 'Warnings')?.message).toContain('"soon" is not a duration');
});
