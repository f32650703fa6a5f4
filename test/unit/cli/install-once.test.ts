import { describe, expect, test } from '@jest/globals';
import { digestManifest, type InventoryEntry, planLive } from '../../../src/apply/index.ts';
import { type InstallJob, installOnce } from '../../../src/cli/live/install-once.ts';
import { inventoryOf } from '../../../src/cli/live/installed.ts';
import { formatPlan } from '../../../src/cli/terminal/plan-text.ts';
import type { ComponentManifest, KubernetesObject } from '../../../src/core/index.ts';
import { idKey, idOf, silentLogger, systemClock } from '../../../src/core/index.ts';
import { type FakeCluster, fakeCluster } from '../../support/fake-cluster.ts';

const OWNER = { name: 'installed-state', namespace: 'istio-system' };
const LABELS = {
  'operator.istio.io/component': 'Pilot',
  'install.operator.istio.io/owning-resource': OWNER.name,
  'install.operator.istio.io/owning-resource-namespace': OWNER.namespace,
};
const NAMESPACE = 'istio-system';

const configMap = (name: string, data: object = { a: '1' }): KubernetesObject =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: NAMESPACE, labels: LABELS }, data }) as never;
const deployment = (name: string): KubernetesObject =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: NAMESPACE, labels: LABELS },
    spec: { replicas: 1, selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } } } },
  }) as never;

function aJob(objects: readonly KubernetesObject[], changes: Partial<InstallJob> = {}): InstallJob {
  const components: readonly ComponentManifest[] = [{ component: 'Pilot', objects }];
  return {
    manifest: digestManifest(components),
    owner: OWNER,
    inventory: new Map(),
    claimedBy: () => [],
    settings: { adopt: false, namespaceLabels: {} },
    readinessTimeoutMs: 300_000,
    ...changes,
  };
}

const scope = (signal = new AbortController().signal) => ({ signal, log: silentLogger });

async function install(cluster: FakeCluster, job: InstallJob, signal?: AbortSignal) {
  const phases: string[] = [];
  const deps = {
    cluster,
    clock: systemClock,
    onState: ({ phase }: { phase: string }) => phases.push(phase),
    onRetry: () => {},
  };
  return { outcomes: await installOnce(job, deps, scope(signal)), phases };
}

function leftBehind(cluster: FakeCluster, object: KubernetesObject): readonly [string, InventoryEntry] {
  const live = cluster.edit(object, 'istio-operator');
  const entry = { ...idOf(object), apiVersion: object.apiVersion, component: 'Pilot', uid: live.metadata.uid } as const;
  return [idKey(entry), entry];
}

const ref = (object: KubernetesObject) => ({ ...idOf(object), apiVersion: object.apiVersion });

describe('installOnce', () => {
  test('applies everything and resolves when it is ready', async () => {
    const cluster = fakeCluster();
    const { outcomes } = await install(cluster, aJob([configMap('one'), deployment('istiod')]));
    expect(outcomes.flatMap(({ applied }) => applied.map(({ action }) => action))).toEqual(['created', 'created']);
    expect(outcomes.at(-1)?.components.map(({ phase }) => phase)).toEqual(['ready']);
  });

  test('waits for a workload that becomes ready later', async () => {
    const cluster = fakeCluster({ workloadsBecomeReady: false });
    const done = install(cluster, aJob([deployment('istiod')]));
    while (cluster.peek(ref(deployment('istiod'))) === undefined) await new Promise(setImmediate);
    cluster.setStatus(ref(deployment('istiod')), {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
    });
    const { phases } = await done;
    expect(phases[0]).toBe('progressing');
    expect(phases.at(-1)).toBe('ready');
  });

  test('says which object did not become ready in time', async () => {
    const cluster = fakeCluster({ workloadsBecomeReady: false });
    const failing = install(cluster, aJob([deployment('istiod')], { readinessTimeoutMs: 0 }));
    await expect(failing).rejects.toMatchObject({
      message: expect.stringContaining('Deployment istio-system/istiod'),
      detail: { code: 'ReadinessTimeout' },
    });
  });

  test('removes what the manifest no longer holds, and no namespaces or CRDs', async () => {
    const cluster = fakeCluster();
    const inventory = new Map([leftBehind(cluster, configMap('old')), leftBehind(cluster, configMap('kept'))]);
    await install(cluster, aJob([configMap('kept')], { inventory }));
    expect(cluster.peekAll('ConfigMap').map(({ metadata }) => metadata.name)).toEqual(['kept']);
  });

  test('replicas that an autoscaler has left are what is asked for when it is done', async () => {
    const cluster = fakeCluster();
    const gateway = deployment('gateway');
    const spec = { maxReplicas: 9, scaleTargetRef: { kind: 'Deployment', name: 'gateway' } };
    const autoscaler = { ...configMap('gateway'), apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', spec };
    const inventory = new Map([leftBehind(cluster, gateway), leftBehind(cluster, autoscaler)]);
    cluster.scale(ref(gateway), 5, 'kube-controller-manager');
    await install(cluster, aJob([gateway], { inventory }));
    expect(cluster.peek(ref(gateway))).toMatchObject({ spec: { replicas: 1 } });
  });

  test('a refusal that trying again would only repeat ends it at once', async () => {
    const cluster = fakeCluster();
    cluster.failNext({ verb: 'apply' }, 'Forbidden');
    await expect(install(cluster, aJob([configMap('one')]))).rejects.toMatchObject({ detail: { code: 'Forbidden' } });
    expect(cluster.requests.filter(({ verb }) => verb === 'apply')).toHaveLength(1);
  });

  test('a failure that may pass is tried again', async () => {
    const cluster = fakeCluster();
    cluster.failNext({ verb: 'apply' }, 'ApiUnavailable');
    const { outcomes } = await install(cluster, aJob([configMap('one')]));
    expect(outcomes.length).toBeGreaterThan(1);
    expect(cluster.peek(ref(configMap('one')))).toBeDefined();
  });

  test('stops when it is interrupted, leaves no watch behind, and a second run finishes', async () => {
    const cluster = fakeCluster({ workloadsBecomeReady: false });
    const stop = new AbortController();
    const running = install(cluster, aJob([deployment('istiod')]), stop.signal);
    while (cluster.peek(ref(deployment('istiod'))) === undefined) await new Promise(setImmediate);
    stop.abort(new Error('stopped'));
    await expect(running).rejects.toThrow('stopped');
    expect(cluster.watchCount).toBe(0);
    cluster.setStatus(ref(deployment('istiod')), {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
    });
    await install(cluster, aJob([deployment('istiod')], { inventory: inventoryOf(cluster.peekAll('Deployment')) }));
  });
});

describe('planLive', () => {
  const plan = async (cluster: FakeCluster, job: InstallJob, adopt = false) => {
    cluster.clearRequests();
    const rows = await planLive({ ...job, adopt }, cluster, scope());
    expect(cluster.writes).toEqual([]);
    return formatPlan(rows, (_format, text) => text);
  };

  test('nothing is to do after an installation', async () => {
    const cluster = fakeCluster();
    const job = aJob([configMap('one'), deployment('istiod')]);
    await install(cluster, job);
    expect(await plan(cluster, job)).toBe('Nothing would change: 2 objects are as they should be.\n');
  });

  test('shows what is new, changed and left over', async () => {
    const cluster = fakeCluster();
    await install(cluster, aJob([configMap('one')]));
    const inventory = new Map([leftBehind(cluster, configMap('old'))]);
    expect(await plan(cluster, aJob([configMap('one', { a: '2' }), configMap('two')], { inventory }))).toBe(
      [
        '~ ConfigMap istio-system/one',
        '    ~ data.a: "1" → "2"',
        '+ ConfigMap istio-system/two',
        '- ConfigMap istio-system/old',
        'Plan: 1 to create, 1 to change, 1 to delete, 0 unchanged.\n',
      ].join('\n'),
    );
  });

  test('an object of somebody else blocks unless it is to be taken over', async () => {
    const cluster = fakeCluster();
    cluster.edit({ ...configMap('one', { a: '9' }), metadata: { name: 'one', namespace: NAMESPACE } }, 'helm');
    expect(await plan(cluster, aJob([configMap('one')]))).toContain(
      '! ConfigMap istio-system/one\n    belongs to somebody else',
    );
    expect(await plan(cluster, aJob([configMap('one')]), true)).toContain('~ data.a: "9" → "1"');
  });

  test('the content of a Secret is not shown', async () => {
    const cluster = fakeCluster();
    const secret = (value: string) => ({ ...configMap('s', { token: value }), kind: 'Secret' });
    await install(cluster, aJob([secret('b2xk')]));
    const text = await plan(cluster, aJob([secret('bmV3')]));
    expect(text).toContain('data.token');
    expect(text).not.toContain('b2xk');
    expect(text).not.toContain('bmV3');
  });
});

test('what a controller made of an installed object is not part of the inventory', () => {
  const live = (name: string, extra: object) => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace: NAMESPACE, uid: name, resourceVersion: '1', labels: LABELS, ...extra },
  });
  const owned = { ownerReferences: [{ kind: 'Service', name: 'istiod', controller: true }] };
  expect([...inventoryOf([live('mine', {}), live('derived', owned)]).values()].map(({ name }) => name)).toEqual([
    'mine',
  ]);
});
