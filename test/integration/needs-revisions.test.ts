import { afterEach, expect, test } from '@jest/globals';
import type { LiveObject, ResourceKind } from '../../src/apply/index.ts';
import { readinessOf } from '../../src/apply/index.ts';
import { type JsonObject, valueAt } from '../../src/core/index.ts';
import {
  anOperator,
  applyOperator,
  getOperator,
  startOperator,
  statusOf,
  until,
  untilStatus,
  useLab,
  writesSince,
} from './operator-harness.ts';

const lab = await useLab();
let operator = await startOperator(lab);

/** Every test starts from nothing. */
afterEach(async () => {
  await lab.kubectl('delete', 'iop', '--all', '-A', '--timeout=30s');
});

const OURS = ['-l', 'operator.istio.io/component', '-o', 'name'];
const KINDS =
  'deployment,service,configmap,serviceaccount,hpa,pdb,role,rolebinding,clusterrole,clusterrolebinding,' +
  'mutatingwebhookconfiguration,validatingwebhookconfiguration';

const install = async (name: string, spec: JsonObject, namespace = 'istio-system') => {
  await applyOperator(lab, anOperator(name, spec, namespace));
  await untilStatus(lab, name, 'HEALTHY', namespace);
};

const remove = (name: string) => lab.kubectl('delete', 'iop', name, '-n', 'istio-system', '--timeout=30s');

/** Version by name of every installed object that a selector finds: any write changes it. Status does not count. */
async function generations(selector: string): Promise<string> {
  const columns = 'custom-columns=K:.kind,N:.metadata.name,U:.metadata.uid,G:.metadata.generation,L:.metadata.labels';
  return await lab.kubectl('get', KINDS, '-n', 'istio-system', '-l', selector, '-o', columns, '--no-headers');
}

/** What happens to the objects of a kind, as `<what> <name>`, until stopped. */
async function follow(kind: ResourceKind, describe: (type: string, object: LiveObject) => string) {
  const seen: string[] = [];
  const stop = new AbortController();
  const listed = Promise.withResolvers<void>();
  const onEvent = (type: string, object: LiveObject) => {
    const what = describe(type, object);
    if (seen.at(-1) !== what) seen.push(what);
  };
  const watching = lab.client.watch(
    kind,
    {},
    { onSync: () => listed.resolve(), onEvent },
    { ...lab.scope, signal: stop.signal },
  );
  await listed.promise;
  return {
    seen,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await watching.catch(() => undefined);
    },
  };
}

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };

test('F1: CRDs are served before istiod is created, and istiod is ready before the gateway is', async () => {
  await using workloads = await follow(DEPLOYMENT, (type, object) =>
    [type === 'ADDED' ? 'created' : readinessOf(object).ready ? 'ready' : 'rolling', object.metadata.name].join(' '),
  );
  const index = operator.requests.length;
  await install('mesh', { profile: 'default' });
  const order = workloads.seen.filter((what) => !what.startsWith('rolling'));
  expect(order.indexOf('ready istiod')).toBeGreaterThan(order.indexOf('created istiod'));
  expect(order.indexOf('created istio-ingressgateway')).toBeGreaterThan(order.indexOf('ready istiod'));
  const applied = operator.requestsSince(index, ['apply']).map(({ resource }) => resource);
  expect(applied.lastIndexOf('customresourcedefinitions')).toBeLessThan(applied.indexOf('deployments'));
});

test('F1: a control plane that fails holds back the gateway, whose entry says DependencyNotReady', async () => {
  const overlay = { path: 'spec.selector.matchLabels.other', value: 'x' }; // does not fit the template
  const overlays = [{ kind: 'Deployment', name: 'istiod', patches: [overlay] }];
  await applyOperator(lab, anOperator('mesh', { profile: 'default', components: { pilot: { k8s: { overlays } } } }));
  const failed = await untilStatus(lab, 'mesh', 'ERROR');
  expect(valueAt(statusOf(failed), 'componentStatus', 'IngressGateways')).toMatchObject({
    status: 'ERROR',
    error: 'DependencyNotReady: waits for Pilot',
  });
  expect(await lab.kubectl('get', 'deployment', '-n', 'istio-system', '-o', 'name')).not.toContain('ingress');
});

test('F2, F4: an upgrade rolls out istiod, then the node agent in place, then ztunnel', async () => {
  const DAEMON_SET = { apiVersion: 'apps/v1', kind: 'DaemonSet' };
  const ambient = (tag: string) => ({ profile: 'ambient', tag, components: { cni: { namespace: 'kube-system' } } });
  await install('mesh', ambient('1.30.2'));
  const uid = () => lab.kubectl('get', 'daemonset', '-A', '-o', 'jsonpath={.items[*].metadata.uid}');
  const before = await uid();
  const describe = (_type: string, object: LiveObject) =>
    `${readinessOf(object).ready ? 'ready' : 'rolling'} ${object.metadata.name} ${object.metadata.generation}`;
  await using workloads = await follow(DEPLOYMENT, describe);
  await using agents = await follow(DAEMON_SET, (type, object) => {
    const what = describe(type, object);
    workloads.seen.push(what);
    return what;
  });
  await install('mesh', ambient('1.30.3'));
  expect(agents.seen.length).toBeGreaterThan(0);
  const first = (prefix: string) => workloads.seen.findIndex((what) => what.startsWith(prefix));
  const steps = ['rolling istiod', 'ready istiod', 'rolling istio-cni-node', 'ready istio-cni-node', 'rolling ztunnel'];
  const positions = steps.map(first);
  expect(positions).not.toContain(-1);
  expect([...positions].sort((a, b) => a - b)).toEqual(positions);
  expect(await uid()).toBe(before);
});

test('F2: ztunnel of another resource waits until istiod is of its version', async () => {
  const plane = (tag: string) => ({ profile: 'minimal', tag });
  const parts = { cni: { enabled: true, namespace: 'kube-system' }, ztunnel: { enabled: true } };
  const nodes = (tag: string) => ({ profile: 'empty', tag, components: parts });
  await install('mesh', plane('1.29.0'));
  await install('nodes', nodes('1.29.0'));
  const image = () => lab.kubectl('get', 'daemonset', 'ztunnel', '-n', 'istio-system', '-o', 'jsonpath={..image}');
  await applyOperator(lab, anOperator('nodes', nodes('1.30.0')));
  const { status } = await untilStatus(lab, 'nodes', 'ERROR');
  expect(JSON.stringify(status)).toMatch(/ztunnel 1\.30\.0 is newer than istiod 1\.29\.0/);
  expect(await image()).toContain(':1.29.0');
  await install('mesh', plane('1.30.0'));
  // it would be looked at again within half a minute; a person who cannot wait touches it
  await lab.kubectl('annotate', 'iop', 'nodes', 'install.istio.io/look=now', '-n', 'istio-system');
  await untilStatus(lab, 'nodes', 'HEALTHY');
  expect(await image()).toContain(':1.30.0');
});

const PARTS = {
  base: { profile: 'empty', components: { base: { enabled: true } } },
  plane: { profile: 'empty', components: { pilot: { enabled: true } } },
  gateways: { profile: 'empty', components: { ingressGateways: [{ name: 'edge', enabled: true }] } },
};

test.each([
  ['base', 'plane', 'gateways'],
  ['gateways', 'plane', 'base'],
  ['plane', 'gateways', 'base'],
] as const)('E1: CRs for parts of a mesh, applied as %s, %s, %s, all become HEALTHY', async (...order) => {
  for (const name of order) await applyOperator(lab, anOperator(name, PARTS[name]));
  for (const name of order) await untilStatus(lab, name, 'HEALTHY');
});

test('E3, E4: a canary leaves the old revision as it is; removing the old one leaves the canary as it is', async () => {
  const plane = (revision: string) => ({ profile: 'minimal', revision });
  await install('old', plane('old'));
  const ofOld = await generations('istio.io/rev=old');
  await install('new', plane('new'));
  expect(await generations('istio.io/rev=old')).toBe(ofOld);
  const names = await lab.kubectl('get', 'deployment,mutatingwebhookconfiguration', '-n', 'istio-system', '-o', 'name');
  for (const revision of ['old', 'new']) {
    expect(names).toContain(`deployment.apps/istiod-${revision}`);
    expect(names).toContain(`/istio-sidecar-injector-${revision}`);
  }
  const ofNew = await generations('istio.io/rev=new');
  await remove('old');
  expect(await generations('istio.io/rev=new,app=istiod')).not.toBe('');
  for (const line of ofNew.trim().split('\n')) expect(await generations('istio.io/rev=new')).toContain(line);
  expect(await lab.kubectl('get', 'crd', '-o', 'name')).toContain('virtualservices.networking.istio.io');
  expect(await lab.kubectl('get', 'serviceaccount', '-n', 'istio-system', '-o', 'name')).toContain('istio-reader');
});

test('E7: never do two injectors match one pod, whatever its labels and those of its namespace', async () => {
  await install('old', { profile: 'minimal' });
  await install('new', { profile: 'minimal', revision: 'new' });
  const { items } = JSON.parse(await lab.kubectl('get', 'mutatingwebhookconfiguration', '-o', 'json'));
  const hooks: Hook[] = items.flatMap((item: { webhooks: Hook[] }) => item.webhooks);
  expect(hooks.length).toBeGreaterThanOrEqual(6);
  const revisions = [undefined, 'default', 'new', 'other'];
  const injections = [undefined, 'enabled', 'disabled'];
  const matches = new Set<number>();
  for (const rev of revisions) {
    for (const injection of injections) {
      const namespace = labels({
        'istio.io/rev': rev,
        'istio-injection': injection,
        'kubernetes.io/metadata.name': 'app',
      });
      for (const podRev of revisions) {
        for (const inject of [undefined, 'true', 'false']) {
          const pod = labels({ 'istio.io/rev': podRev, 'sidecar.istio.io/inject': inject });
          const found = hooks.filter(
            (hook) => selects(hook.namespaceSelector, namespace) && selects(hook.objectSelector, pod),
          );
          matches.add(found.length);
        }
      }
    }
  }
  expect([...matches].sort()).toEqual([0, 1]);
});

test('E8: an overlay for istiod reaches istiod of a revision', async () => {
  const patches = [{ path: 'metadata.annotations.mine', value: 'x' }];
  const overlays = [{ kind: 'Deployment', name: 'istiod', patches }];
  await install('canary', { profile: 'minimal', revision: 'canary', components: { pilot: { k8s: { overlays } } } });
  const deployment = await lab.kubectl('get', 'deployment', 'istiod-canary', '-n', 'istio-system', '-o', 'json');
  expect(JSON.parse(deployment).metadata.annotations.mine).toBe('x');
});

test.each([
  ['mesh', 'second'],
  ['second', 'mesh'],
])('E4: when %s has the gateway, %s gets a Conflict and writes nothing', async (first, second) => {
  const gateway = (cpu: string) => ({
    profile: 'empty',
    components: {
      ingressGateways: [{ name: 'edge', enabled: true, k8s: { resources: { requests: { cpu } } } }],
    },
  });
  await install(first, gateway('10m'));
  const before = await generations('operator.istio.io/component');
  await applyOperator(lab, anOperator(second, gateway('20m')));
  const failed = await untilStatus(lab, second, 'ERROR');
  expect(valueAt(statusOf(failed), 'message')).toMatch(
    new RegExp(`istio-system/${first} installs .*Deployment istio-system/edge`),
  );
  await remove(second);
  expect(await generations('operator.istio.io/component')).toBe(before);
});

test('B5: deleting one CR leaves the objects of another in the same namespace as they are', async () => {
  await install('mesh', { profile: 'minimal' });
  await install('edge', PARTS.gateways);
  const before = await generations('install.operator.istio.io/owning-resource=mesh');
  await remove('edge');
  expect(await generations('install.operator.istio.io/owning-resource=mesh')).toBe(before);
  await untilStatus(lab, 'mesh', 'HEALTHY');
});

test('C4, C5: what is switched off goes, also of the kinds that earlier operators forgot', async () => {
  const all = {
    profile: 'demo',
    components: { cni: { enabled: true, namespace: 'kube-system' } },
    values: { global: { networkPolicy: { enabled: true }, platform: 'gke' } },
  };
  await install('mesh', all);
  const forgotten = async () => {
    const kinds = 'networkpolicy,resourcequota,validatingadmissionpolicy,validatingadmissionpolicybinding';
    return (await lab.kubectl('get', kinds, '-A', ...OURS)).trim();
  };
  expect(await forgotten()).toMatch(/networkpolicy.*\n?.*resourcequota/s);
  // another operator version wrote them: prune goes by the inventory, not by a label
  await lab.kubectl(
    'label',
    'networkpolicy',
    '--all',
    'operator.istio.io/version=0.0.1',
    '--overwrite',
    '-n',
    'istio-system',
  );
  await applyOperator(lab, anOperator('mesh', { profile: 'empty', components: { base: { enabled: true } } }));
  await untilStatus(lab, 'mesh', 'HEALTHY');
  expect((await lab.kubectl('get', 'deployment,daemonset,service', '-A', ...OURS)).trim()).toBe('');
  expect(await forgotten()).not.toMatch(/networkpolicy|resourcequota/);
});

interface Hook {
  readonly namespaceSelector?: Selector;
  readonly objectSelector?: Selector;
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { key: string; operator: string; values?: string[] }[];
}

function labels(given: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));
}

/** Kubernetes' rules for label selectors. */
function selects(selector: Selector = {}, given: ReadonlyMap<string, string>): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => given.get(key) === value) &&
    matchExpressions.every(({ key, operator: is, values = [] }) => {
      const value = given.get(key);
      if (is === 'Exists') return value !== undefined;
      if (is === 'DoesNotExist') return value === undefined;
      return is === 'In'
        ? value !== undefined && values.includes(value)
        : value === undefined || !values.includes(value);
    })
  );
}

test('F8: a mesh that is kept at another version sees no write of a new operator, until it may follow', async () => {
  const resource = (cpu: string, annotations: Record<string, string> = {}) => {
    const spec = { profile: 'minimal', components: { pilot: { k8s: { resources: { requests: { cpu } } } } } };
    const document = anOperator('mesh', spec);
    return { ...document, metadata: { ...document.metadata, annotations } };
  };
  await applyOperator(lab, resource('500m'));
  await untilStatus(lab, 'mesh', 'HEALTHY');
  const before = await generations('operator.istio.io/component');
  await operator[Symbol.asyncDispose]();
  await applyOperator(lab, resource('600m', { 'install.istio.io/istio-version': '1.29' }));
  operator = await startOperator(lab);
  const held = await until('the condition that says so', async () => {
    const { conditions } = statusOf(await getOperator(lab, 'mesh'));
    return Array.isArray(conditions) ? conditions.find((each) => valueAt(each, 'type') === 'Paused') : undefined;
  });
  expect(held).toMatchObject({ status: 'True', reason: 'VersionHeld', message: expect.stringContaining('1.29') });
  expect(statusOf(await getOperator(lab, 'mesh'))).toMatchObject({ status: 'HEALTHY' });
  expect(writesSince(operator, 0).map(({ resource: written }) => written)).toEqual(['istiooperators']);
  expect(await generations('operator.istio.io/component')).toBe(before);
  await applyOperator(lab, resource('600m', { 'install.istio.io/istio-version': '1.30' }));
  await untilStatus(lab, 'mesh', 'HEALTHY');
  expect(await generations('operator.istio.io/component')).not.toBe(before);
});
