import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { TestCluster } from '../test/cluster/index.ts';
import { installCrd, kubectl } from '../test/support/kubectl.ts';
import { imageSettings, preparePod } from '../test/support/pod-environment.ts';

/** The operator as it is built, in a process of its own. */
export interface RunningOperator extends AsyncDisposable {
  /** When its process was started, as `performance.now`. */
  readonly startedMs: number;
  /** API requests so far, by verb. */
  requests(): Promise<ReadonlyMap<string, number>>;
  /** Passes over CRs so far. */
  passes(): Promise<number>;
  /** Resident memory in MB. */
  residentMb(): Promise<number>;
}

/** Installs what the operator needs: its CRD, its account and role, and the mesh's namespace. */
export async function prepare(cluster: TestCluster, signal: AbortSignal): Promise<void> {
  await installCrd(cluster, signal);
  await kubectl(cluster, ['apply', '--server-side', '-k', 'deploy'], signal);
  await kubectl(cluster, ['create', 'namespace', 'istio-system'], signal);
  await untilCrdHasSettled(cluster, signal);
}

/**
 * An API server holds each creation back for two seconds while a CRD is younger than that, so that its fellow servers hear
 * of the CRD. A dry run comes back when this is over, and what is measured afterwards is the operator's time alone.
 */
async function untilCrdHasSettled(cluster: TestCluster, signal: AbortSignal): Promise<void> {
  await kubectl(cluster, ['create', '--dry-run=server', '-f', 'examples/example-istiocontrolplane.yaml'], signal);
}

/** Runs the bundle as a pod would: with the shipped account's token, the cluster's CA and the image's settings. */
export async function startOperator(cluster: TestCluster): Promise<RunningOperator> {
  const folder = await mkdtemp(join(tmpdir(), 'istio-operator-bench-'));
  const { nodeFlags, environment } = await imageSettings();
  const pod = await preparePod(cluster, folder);
  const env = { ...environment, ...pod.environment };
  const args = [...nodeFlags, 'dist/cli.js', 'operator', 'run', '--monitoring-port', '0'];
  const startedMs = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const monitoringPort = await untilReady(child);
  const metrics = async () => await (await fetch(`http://127.0.0.1:${monitoringPort}/metrics`)).text();
  return {
    startedMs,
    requests: async () => countsByLabel(await metrics(), 'rest_client_requests_total', 'verb'),
    passes: async () => {
      const results = countsByLabel(await metrics(), 'istio_install_operator_reconcile_request_total', 'result');
      return [...results.values()].reduce((sum, count) => sum + count, 0);
    },
    residentMb: () => residentMb(child.pid ?? 0),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      await rm(folder, { recursive: true });
    },
  };
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

/** The sums of a counter, by one of its labels. */
function countsByLabel(metrics: string, name: string, label: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [, value = '', count] of metrics.matchAll(
    new RegExp(`^${name}\\{.*?\\b${label}="(\\w+)".*\\} (\\d+)$`, 'gm'),
  )) {
    counts.set(value, (counts.get(value) ?? 0) + Number(count));
  }
  return counts;
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1_000;
}
