import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { connect } from '../../src/cluster/index.ts';
import { type JsonObject, systemClock, valueAt } from '../../src/core/index.ts';
import { FAULTS, type Write } from '../support/fault-proxy.ts';
import { caOf, startClusterProxy, writeKubeconfig } from '../support/proxied-cluster.ts';
import {
  anOperator,
  applyOperator,
  getOperator,
  startOperator,
  statusOf,
  until,
  untilStatus,
  useLab,
} from './operator-harness.ts';

/** What the operator sends, as a proxy between it and the API server sees it, and what it makes of a bad connection. */

const inSystem = ['-n', 'istio-system'];

const lab = await useLab();
const { folder } = lab;
const proxy = await startClusterProxy(lab.cluster);
const kubeconfigPath = await writeKubeconfig(join(folder, 'kubeconfig.yaml'), lab.cluster, { server: proxy.url });
const watchTimes = { inactivityMs: 3_000 };
let operator = await startOperator(lab, { connection: { kubeconfigPath, timeoutMs: 3_000, watchTimes } });

afterAll(async () => await proxy[Symbol.asyncDispose]());

afterEach(async () => {
  proxy.heal();
  await lab.kubectl('delete', 'iop', '--all', ...inSystem, '--timeout=30s');
});

const gatewayOnly = (name: string, k8s: JsonObject = {}) =>
  anOperator(name, { profile: 'empty', components: { ingressGateways: [{ name, enabled: true, k8s }] } });

async function install(name: string): Promise<void> {
  await applyOperator(lab, gatewayOnly(name));
  await untilStatus(lab, name, 'HEALTHY');
}

/** Writes since an index, those to CRs aside; paths without their parameters. */
function written(index: number): readonly Pick<Write, 'method' | 'path'>[] {
  const writes = proxy.writes.slice(index).map(({ method, path }) => ({ method, path: path.split('?', 1)[0] ?? '' }));
  return writes.filter(({ path }) => !path.includes('/istiooperators/'));
}

/** Somebody edits the Service of a gateway, and the operator undoes it. */
async function repairs(name: string): Promise<void> {
  await lab.kubectl('label', `service/${name}`, 'app=edited', '--overwrite', ...inSystem);
  await until('the repair', async () => {
    const service = await lab.client.get(
      { apiVersion: 'v1', kind: 'Service', namespace: 'istio-system', name },
      lab.scope,
    );
    return service?.metadata.labels?.app !== 'edited';
  });
}

test('C1: an upgrade that renames a gateway deletes the old one last, when the new one is ready, and nothing that it applies', async () => {
  const mesh = (name: string, k8s: JsonObject = {}) =>
    anOperator('c1', { profile: 'minimal', components: { ingressGateways: [{ name, enabled: true, k8s }] } });
  await applyOperator(lab, mesh('c1-old'));
  await untilStatus(lab, 'c1', 'HEALTHY');
  const index = proxy.writes.length;
  await applyOperator(lab, mesh('c1-new', { nodeSelector: { disk: 'nowhere' } }));
  await until('the new gateway to be waited for', async () => {
    const { message, observedGeneration } = statusOf(await getOperator(lab, 'c1'));
    return observedGeneration === 2 && String(message).includes('c1-new');
  });
  expect(written(index).filter(({ method }) => method === 'DELETE')).toEqual([]);
  await applyOperator(lab, mesh('c1-new'));
  await untilStatus(lab, 'c1', 'HEALTHY');
  const log = written(index);
  const applied = log.filter(({ method }) => method === 'PATCH').map(({ path }) => path);
  const deleted = log.filter(({ method }) => method === 'DELETE').map(({ path }) => path);
  expect(deleted).toContain('/apis/apps/v1/namespaces/istio-system/deployments/c1-old');
  expect(deleted.filter((path) => applied.includes(path))).toEqual([]);
  const methods = log.map(({ method }) => method);
  expect(methods.indexOf('DELETE')).toBeGreaterThan(methods.lastIndexOf('PATCH'));
});

test('a pass in which nothing differs sends no request at all', async () => {
  await install('same');
  const [index, passes] = [operator.requests.length, operator.passes.length];
  await lab.kubectl('annotate', 'iop/same', 'install.istio.io/confirm-prune=nothing', ...inSystem);
  await until('the pass', async () => operator.passes.length > passes);
  expect(operator.passes.at(-1)?.report.kind).toBe('converging');
  const asides = ['watch', 'review']; // watches go on by themselves, and so does the look at the operator's own rights
  expect(operator.requests.slice(index).filter(({ verb }) => !asides.includes(verb))).toEqual([]);
});

test('a newer spec ends the pass of the older one: what that had not sent yet is never sent, what it had sent goes', async () => {
  const index = proxy.writes.length;
  proxy.inject(1, ['slow']);
  await applyOperator(lab, anOperator('newer', { profile: 'minimal' }));
  await until('the pass to be under way', async () => written(index).length > 0);
  await applyOperator(lab, gatewayOnly('newer'));
  proxy.heal();
  await untilStatus(lab, 'newer', 'HEALTHY');
  expect(written(index).map(({ path }) => path)).not.toContain(
    '/apis/apps/v1/namespaces/istio-system/deployments/istiod',
  );
  const left = await lab.kubectl(
    'get',
    'serviceaccount,configmap',
    ...inSystem,
    '-l',
    'operator.istio.io/component',
    '-o',
    'name',
  );
  expect(left.trim()).toBe('serviceaccount/newer-service-account');
});

test('objects that cannot be applied are reported one by one, and what does not need them is applied', async () => {
  await lab.kubectl('create', 'quota', 'none', '--hard=count/services=0,count/configmaps=0', ...inSystem);
  await applyOperator(lab, anOperator('partial', { profile: 'minimal' }));
  const message = String(valueAt(statusOf(await untilStatus(lab, 'partial', 'ERROR')), 'message'));
  for (const object of ['Service istio-system/istiod', 'ConfigMap istio-system/istio'])
    expect(message).toContain(object);
  const applied = await lab.kubectl('get', 'serviceaccount,role', ...inSystem, '-o', 'name');
  expect(applied).toContain('serviceaccount/istiod');
  await lab.kubectl('delete', 'quota', 'none', ...inSystem);
  await untilStatus(lab, 'partial', 'HEALTHY');
});

test.each(FAULTS)('a spell of %s from the API server holds nothing up for long', async (fault) => {
  const index = proxy.writes.length;
  proxy.inject(1, [fault], 'writes');
  await applyOperator(lab, gatewayOnly('rough'));
  await until(
    'writes to meet it',
    async () => proxy.writes.slice(index).filter((one) => one.fault === fault).length > 1,
  );
  proxy.heal();
  await untilStatus(lab, 'rough', 'HEALTHY');
  if (fault !== 'tooManyRequests') return;
  const refused = proxy.writes.findIndex((write, at) => at >= index && write.fault === fault);
  const again = proxy.writes.slice(refused + 1).find(({ path }) => path === proxy.writes[refused]?.path);
  expect((again?.atMs ?? 0) - (proxy.writes[refused]?.atMs ?? 0)).toBeGreaterThan(990); // its Retry-After is a second
});

const disturbances: Record<string, () => unknown> = {
  'whose position the server has forgotten (410)': () => proxy.expireWatches(),
  'that have gone silent without an end': () => proxy.stallWatches(),
  'whose connections are broken': () => proxy.cutConnections(),
};

test.each(Object.entries(disturbances))('drift is repaired by watches %s', async (_name, disturb) => {
  await install('drift');
  disturb();
  await repairs('drift');
});

test('inside the cluster, an operator whose token was rotated and revoked goes on repairing', async () => {
  await lab.kubectl('create', 'serviceaccount', 'rotated', ...inSystem);
  const account = '--serviceaccount=istio-system:rotated';
  await lab.kubectl('create', 'clusterrolebinding', 'rotated', '--clusterrole=cluster-admin', account);
  await lab.kubectl('create', 'secret', 'generic', 'first', ...inSystem);
  const first = await lab.kubectl(
    'create',
    'token',
    'rotated',
    '--bound-object-kind=Secret',
    '--bound-object-name=first',
    ...inSystem,
  );
  await writeFile(join(folder, 'ca.crt'), await caOf(lab.cluster));
  await writeFile(join(folder, 'token'), first);
  const { hostname, port } = new URL(lab.cluster.server);
  await operator[Symbol.asyncDispose]();
  const environment = { serviceHost: hostname, servicePort: port, serviceAccountDir: folder };
  operator = await startOperator(lab, { connection: { environment } });
  await install('rotated');

  await writeFile(join(folder, 'token'), await lab.kubectl('create', 'token', 'rotated', ...inSystem));
  await lab.kubectl('delete', 'secret', 'first', ...inSystem); // with it goes the first token, once caches have expired
  const old = await writeKubeconfig(join(folder, 'old.yaml'), lab.cluster, { token: first });
  using stranger = await connect({ kubeconfigPath: old }, { clock: systemClock }, lab.scope);
  await until('the first token to be refused', () =>
    stranger.facts(lab.scope).then(
      () => false,
      () => true,
    ),
  );
  await repairs('rotated');
  expect(operator.requests.map(({ code }) => code)).toContain(401);
});
