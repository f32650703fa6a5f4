import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { type ConnectOptions, connect, type KubernetesCluster } from '../../src/cluster/index.ts';
import { type JsonObject, type KubernetesObject, systemClock } from '../../src/core/index.ts';
import { startCluster, type TestCluster } from '../cluster/index.ts';
import { describeClusterContract } from '../contract/cluster-contract.ts';
import {
  aConfigMap,
  aNamespace,
  CONFIG_MAP,
  failureOf,
  OURS,
  refTo,
  startWatch,
  testScope,
} from '../contract/contract-objects.ts';
import { httpProxy, socksProxy } from '../support/proxies.ts';

jest.setTimeout(60_000);

const existing = process.env.ISTIO_OPERATOR_TEST_KUBECONFIG;
let server: TestCluster | undefined;
let folder: string;
let cluster: KubernetesCluster;

beforeAll(async () => {
  if (existing === undefined) server = await startCluster({}, new AbortController().signal);
  folder = await mkdtemp(join(tmpdir(), 'cluster-client-'));
  cluster = await clientWith({});
}, 1_200_000); // the first time on a machine the server is built

afterAll(async () => {
  cluster[Symbol.dispose]();
  await rm(folder, { recursive: true });
  await server?.stop();
}, 60_000);

function kubeconfigPath(): string {
  return existing ?? server?.kubeconfigPath ?? '';
}

async function clientWith(options: ConnectOptions): Promise<KubernetesCluster> {
  return await connect({ kubeconfigPath: kubeconfigPath(), ...options }, { clock: systemClock }, testScope());
}

/** A kubeconfig whose user is changed. */
async function kubeconfigFor(user: (old: JsonObject) => JsonObject): Promise<string> {
  const config = parse(await readFile(kubeconfigPath(), 'utf8'));
  for (const entry of config.users) entry.user = user(entry.user);
  const path = join(folder, 'kubeconfig');
  await writeFile(path, stringify(config));
  return path;
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error('it did not come true');
    await sleep(20);
  }
}

describeClusterContract('a real API server', () => ({ cluster, until }));

test('a list of several pages is whole', async () => {
  const namespace = await aNamespace(cluster);
  const names = Array.from({ length: 510 }, (_unused, index) => `it-${index}`);
  await Promise.all(
    names.map((name) => cluster.create(aConfigMap(namespace, name, {}, { page: 'x' }), OURS, testScope())),
  );
  const listed = await cluster.list(
    CONFIG_MAP,
    { namespace, labelSelector: 'page=x', metadataOnly: true },
    testScope(),
  );
  expect(listed.map((object) => object.metadata.name).sort()).toEqual(names.sort());
});

test('fields that clients with types drop arrive at the server', async () => {
  const namespace = await aNamespace(cluster);
  const ingress = [{ from: [{ namespaceSelector: {} }], ports: [{ port: 15017, protocol: 'TCP' }] }];
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'it', namespace },
    spec: { podSelector: {}, policyTypes: ['Ingress'], ingress },
  } as KubernetesObject;
  expect(await cluster.apply(policy, OURS, testScope())).toHaveProperty('spec.ingress', ingress);
});

test('a name with characters that a URL cannot have works', async () => {
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'contract:Upper' },
  };
  const applied = await cluster.apply(role, OURS, testScope());
  expect(applied.metadata.name).toBe('contract:Upper');
  expect(await cluster.delete(refTo(role, '', 'contract:Upper'), {}, testScope())).toBe('deleted');
});

test('an object that the server does not accept is rejected with field and reason', async () => {
  const namespace = await aNamespace(cluster);
  const wrong = (spec: JsonObject) =>
    ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'it', namespace }, spec }) as KubernetesObject;
  const range = await failureOf(cluster.apply(wrong({ ports: [{ port: 70000 }] }), OURS, testScope()));
  expect(range.detail.code).toBe('ObjectRejected');
  expect(range.message).toContain('spec.ports[0].port');
  const type = await failureOf(cluster.apply(wrong({ ports: 'x' }), OURS, testScope()));
  expect(type.detail.code).toBe('ObjectRejected');
  expect(type.message).toContain('.spec.ports');
});

test('what a user may not do is Forbidden, with verb, resource and namespace; impersonation is obeyed', async () => {
  const as = 'system:serviceaccount:default:nobody';
  const path = await kubeconfigFor((user) => ({ ...user, as, 'as-groups': ['system:authenticated'] }));
  using nobody = await clientWith({ kubeconfigPath: path });
  const error = await failureOf(nobody.apply(aConfigMap('default', 'it', {}), OURS, testScope()));
  expect(error.detail.code).toBe('Forbidden');
  expect(error.message).toContain(
    `"${as}" cannot patch resource "configmaps" in API group "" in the namespace "default"`,
  );
});

test('a token that the server does not know is Unauthorized, and not part of the message', async () => {
  using stranger = await clientWith({ kubeconfigPath: await kubeconfigFor(() => ({ token: 'secret-token' })) });
  const error = await failureOf(stranger.get(refTo(CONFIG_MAP, 'default', 'it'), testScope()));
  expect(error.detail.code).toBe('Unauthorized');
  expect(JSON.stringify([error.message, error.detail])).not.toContain('secret-token');
});

test('a server that is not there is ApiUnavailable, with address and reason', async () => {
  const path = join(folder, 'nowhere');
  const config = parse(await readFile(kubeconfigPath(), 'utf8'));
  for (const entry of config.clusters) entry.cluster.server = 'https://127.0.0.1:1';
  await writeFile(path, stringify(config));
  using nowhere = await clientWith({ kubeconfigPath: path, attempts: 1 });
  const error = await failureOf(nowhere.facts(testScope()));
  expect(error.detail.code).toBe('ApiUnavailable');
  expect(error.message).toContain('127.0.0.1:1');
  expect(error.message).toContain('connection refused');
});

test('a certificate of another CA is refused', async () => {
  const path = join(folder, 'other-ca');
  const config = parse(await readFile(kubeconfigPath(), 'utf8'));
  for (const entry of config.clusters) delete entry.cluster['certificate-authority-data'];
  for (const entry of config.clusters) delete entry.cluster['certificate-authority'];
  await writeFile(path, stringify(config));
  using stranger = await clientWith({ kubeconfigPath: path });
  const error = await failureOf(stranger.facts(testScope()));
  expect(error.detail.code).toBe('ApiUnavailable');
  expect(error.message).toContain('TLS failed');
});

test.each([
  ['HTTP', httpProxy],
  ['SOCKS', socksProxy],
])('the %s proxy of a kubeconfig is used, and the certificate checked', async (_name, startProxy) => {
  await using proxy = await startProxy();
  const path = join(folder, 'proxy');
  const config = parse(await readFile(kubeconfigPath(), 'utf8'));
  for (const entry of config.clusters) entry.cluster['proxy-url'] = proxy.url;
  await writeFile(path, stringify(config));
  using client = await clientWith({ kubeconfigPath: path });
  await client.facts(testScope());
  expect(new Set(proxy.targets)).toEqual(new Set([new URL(client.server).host]));
  for (const entry of config.clusters) entry.cluster['tls-server-name'] = 'other.test';
  await writeFile(path, stringify(config));
  using strict = await clientWith({ kubeconfigPath: path });
  expect((await failureOf(strict.facts(testScope()))).message).toContain('for another host name');
});

const ownServer = existing === undefined ? test : test.skip;

ownServer('a watch goes on after the API server was restarted, and misses nothing', async () => {
  const namespace = await aNamespace(cluster);
  await using watch = startWatch(cluster, CONFIG_MAP, { namespace, labelSelector: 'team=x' });
  await until(() => watch.seen.length === 1);
  await server?.restart('kube-apiserver');
  await cluster.apply(aConfigMap(namespace, 'it', {}, { team: 'x' }), OURS, testScope());
  await until(() => watch.seen.some((entry) => entry.endsWith(' it')));
});

ownServer('a server that hangs ends a call at its deadline, and a watch finds back when it answers again', async () => {
  const namespace = await aNamespace(cluster);
  using hasty = await clientWith({ timeoutMs: 1_000, attempts: 1, watchTimes: { inactivityMs: 1_000 } });
  await using watch = startWatch(hasty, CONFIG_MAP, { namespace, labelSelector: 'team=x' });
  await until(() => watch.seen.length === 1);
  await server?.pause('kube-apiserver');
  const error = await failureOf(hasty.get(refTo(CONFIG_MAP, namespace, 'it'), testScope()));
  expect(error.detail.code).toBe('ApiTimeout');
  await until(() => watch.errors > 0);
  await server?.resume('kube-apiserver');
  await cluster.apply(aConfigMap(namespace, 'it', {}, { team: 'x' }), OURS, testScope());
  await until(() => watch.seen.some((entry) => entry.endsWith(' it')));
});

ownServer('inside a cluster, a token that was rotated is used as soon as the old one is refused', async () => {
  const { kubectlPath, server: url } = server as TestCluster;
  const kubectl = async (...args: string[]) =>
    (await promisify(execFile)(kubectlPath, [`--kubeconfig=${kubeconfigPath()}`, ...args])).stdout;
  const ca = parse(await readFile(kubeconfigPath(), 'utf8')).clusters[0].cluster['certificate-authority-data'];
  await writeFile(join(folder, 'ca.crt'), Buffer.from(ca, 'base64'));
  await writeFile(join(folder, 'token'), 'revoked');
  const { hostname, port } = new URL(url);
  const environment = { serviceHost: hostname, servicePort: port, serviceAccountDir: folder };
  using client = await connect({ environment }, { clock: systemClock }, testScope());
  expect((await failureOf(client.facts(testScope()))).detail.code).toBe('Unauthorized');
  await writeFile(join(folder, 'token'), await kubectl('create', 'token', 'default'));
  expect(await client.facts(testScope())).toEqual(await cluster.facts(testScope()));
});
