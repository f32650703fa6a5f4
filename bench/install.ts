import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';
import type { Cluster } from '../src/apply/index.ts';
import { connect } from '../src/cluster/index.ts';
import { isObject, silentLogger, systemClock } from '../src/core/index.ts';
import { startCluster, type TestCluster } from '../test/cluster/index.ts';
import { installCrd, kubectl } from '../test/support/kubectl.ts';
import { median, type Row } from './report.ts';

const ROUNDS = 3;
const OPERATOR = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator' };
const RESOURCE = { name: 'bench', namespace: 'istio-system' };

/** What the old in-cluster operator and istioctl need on two cores and this kind of cluster; measured once. */
const OLD_OPERATOR = { healthyS: 8.3, memoryMb: 137 };

/** The operator as it is built, in a process of its own. */
interface RunningOperator extends AsyncDisposable {
  readonly pid: number;
  requests(): Promise<number>;
}

/** From applying demo + cni to HEALTHY, on fresh clusters: time, requests, memory. */
export async function measureInstall(signal: AbortSignal): Promise<Row[]> {
  const rounds: { seconds: number; requests: number; idleMb: number; afterMb: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await using cluster = await startCluster({ nodes: ['node-1', 'node-2', 'node-3', 'node-4'] }, signal);
    await prepare(cluster, signal);
    await using operator = await startOperator(cluster);
    const idleMb = await residentMb(operator.pid);
    const before = await operator.requests();
    const seconds = await applyUntilHealthy(cluster.kubeconfigPath, signal);
    const requests = (await operator.requests()) - before;
    rounds.push({ seconds, requests, idleMb, afterMb: await residentMb(operator.pid) });
  }
  const middle = (pick: (round: (typeof rounds)[number]) => number) => median(rounds.map(pick));
  const reference = (value: number) => ({ value, name: 'old operator (recorded)' });
  return [
    {
      what: 'apply demo + cni to HEALTHY',
      unit: 's',
      value: middle((r) => r.seconds),
      runs: ROUNDS,
      aim: 3,
      reference: reference(OLD_OPERATOR.healthyS),
    },
    { what: 'API requests for that', unit: 'requests', value: middle((r) => r.requests), runs: ROUNDS },
    {
      what: 'resident memory, idle',
      unit: 'MB',
      value: middle((r) => r.idleMb),
      runs: ROUNDS,
      aim: 80,
      reference: reference(86),
    },
    {
      what: 'resident memory, after demo',
      unit: 'MB',
      value: middle((r) => r.afterMb),
      runs: ROUNDS,
      aim: 120,
      reference: reference(OLD_OPERATOR.memoryMb),
    },
  ];
}

async function prepare(cluster: TestCluster, signal: AbortSignal): Promise<void> {
  await installCrd(cluster, signal);
  await kubectl(cluster, ['apply', '--server-side', '-k', 'deploy'], signal);
  await kubectl(cluster, ['create', 'namespace', RESOURCE.namespace], signal);
}

/** Runs the bundle as a pod would: with the shipped account's token, the cluster's CA and the image's Node flags. */
async function startOperator(cluster: TestCluster): Promise<RunningOperator> {
  const folder = await mkdtemp(join(tmpdir(), 'istio-operator-bench-'));
  const config = parse(await readFile(cluster.kubeconfigPath, 'utf8'));
  await writeFile(
    join(folder, 'token'),
    await kubectl(cluster, ['create', 'token', 'istio-operator', '-n', 'istio-operator']),
  );
  await writeFile(join(folder, 'ca.crt'), await certificateAuthority(config.clusters[0].cluster));
  const { hostname, port } = new URL(cluster.server);
  const env = {
    HOME: folder,
    KUBERNETES_SERVICE_HOST: hostname,
    KUBERNETES_SERVICE_PORT: port,
    SERVICE_ACCOUNT_DIR: folder,
  };
  const args = ['--max-semi-space-size=2', 'dist/cli.js', 'operator', 'run', '--monitoring-port', '0'];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const monitoringPort = await untilReady(child);
  return {
    pid: child.pid ?? 0,
    requests: async () => totalRequests(await (await fetch(`http://127.0.0.1:${monitoringPort}/metrics`)).text()),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      await rm(folder, { recursive: true });
    },
  };
}

async function certificateAuthority(cluster: Record<string, string>): Promise<Buffer> {
  const { 'certificate-authority-data': data, 'certificate-authority': path = '' } = cluster;
  return data === undefined ? await readFile(path) : Buffer.from(data, 'base64');
}

/** Reads the log until the operator is ready; its monitoring port stands there too. */
async function untilReady(child: ChildProcess): Promise<number> {
  if (child.stderr === null) throw new Error('the operator has no log');
  const lines = createInterface({ input: child.stderr });
  let port = 0;
  for await (const line of lines) {
    const entry = JSON.parse(line) as { msg?: string; port?: number };
    port = entry.port ?? port;
    if (entry.msg === 'operator ready') break;
  }
  child.stderr.resume();
  if (port === 0) throw new Error('the operator ended before it was ready');
  return port;
}

async function applyUntilHealthy(kubeconfigPath: string, signal: AbortSignal): Promise<number> {
  using cluster = await connect({ kubeconfigPath }, { clock: systemClock }, { signal, log: silentLogger });
  const healthy = untilHealthy(cluster, signal);
  const start = performance.now();
  await cluster.create(
    {
      ...OPERATOR,
      metadata: RESOURCE,
      spec: { profile: 'demo', components: { cni: { enabled: true, namespace: 'kube-system' } } },
    } as never,
    { fieldManager: 'bench' },
    { signal, log: silentLogger },
  );
  return ((await healthy) - start) / 1_000;
}

async function untilHealthy(cluster: Cluster, signal: AbortSignal): Promise<number> {
  const done = new AbortController();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const look = (object: { status?: unknown }) => {
    if (!isObject(object.status)) return;
    if (object.status.status === 'HEALTHY') resolve(performance.now());
    if (object.status.status === 'ERROR') reject(new Error(String(object.status.message)));
  };
  const handler = {
    onSync: (objects: readonly { status?: unknown }[]) => objects.forEach(look),
    onEvent: (_type: string, object: { status?: unknown }) => look(object),
  };
  const scope = { signal: AbortSignal.any([signal, done.signal]), log: silentLogger };
  const watch = cluster.watch(OPERATOR, { namespace: RESOURCE.namespace }, handler, scope);
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  try {
    return await promise;
  } finally {
    done.abort();
    await watch;
  }
}

function totalRequests(metrics: string): number {
  const samples = metrics.matchAll(/^rest_client_requests_total\{[^}]*\} (\d+)/gm);
  return [...samples].reduce((sum, [, count]) => sum + Number(count), 0);
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1_000;
}
