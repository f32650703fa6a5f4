import { randomBytes } from 'node:crypto';
import { findBinaries } from './binaries.ts';
import { clusterHandle, isHealthy, lockCluster, type TestCluster } from './cluster.ts';
import { ClusterError } from './cluster-error.ts';
import { launchCluster } from './launch.ts';
import { nodeNames } from './nodes.ts';
import { clusterDir } from './paths.ts';
import { findProcesses } from './process-table.ts';
import type { OnProgress } from './progress.ts';
import { readState } from './state.ts';

export type { TestCluster } from './cluster.ts';
export { ClusterError } from './cluster-error.ts';
export { COMPONENTS, type Component } from './components.ts';
export type { OnProgress, Progress } from './progress.ts';

/** How a cluster is started. */
export interface StartOptions {
  /** Default: `test-` and random letters. */
  readonly name?: string;
  /** The names of the simulated nodes. Default: one, `node-1`. */
  readonly nodes?: readonly string[];
  /** Whether Stage objects of the cluster say what kwok does to pods and nodes; see README.md. Default: false. */
  readonly stages?: boolean;
  /** Whether `kubectl logs` and `port-forward` work for pods that Logs and PortForward objects name. Default: false. */
  readonly kubelet?: boolean;
  /** Whether the cluster goes on when this process ends. Default: false. */
  readonly keep?: boolean;
  readonly onProgress?: OnProgress;
}

/**
 * Starts a cluster; the first time on a machine that takes minutes, because its commands are built.
 *
 * It ends with `stop`, and when this process ends in any way.
 * @throws {ClusterError} when a cluster of this name runs, or when it cannot be started.
 */
export async function startCluster(options: StartOptions, signal: AbortSignal): Promise<TestCluster> {
  const { cluster, isNew } = await startOrFind(options, signal);
  if (!isNew) throw new ClusterError(`Cluster ${cluster.name} runs already: stop it, or use findCluster.`);
  return cluster;
}

/** Like `startCluster`, but a healthy cluster of this name is good enough. */
export async function startOrFind(
  options: StartOptions,
  signal: AbortSignal,
): Promise<{ readonly cluster: TestCluster; readonly isNew: boolean }> {
  const name = options.name ?? `test-${randomBytes(4).toString('hex')}`;
  const say = (text: string) => options.onProgress?.({ kind: 'step', text });
  const lock = () => lockCluster(name, signal, (pid) => say(`Process ${pid} works on cluster ${name}: waiting.`));
  // Looked for twice: a build would be for nothing, and while it lasts nobody else should have to wait for the lock.
  {
    await using _lock = await lock();
    const cluster = await findHealthy(name, signal);
    if (cluster !== undefined) return { cluster, isNew: false };
  }
  const binaries = await findBinaries(options.onProgress ?? (() => {}), signal);
  await using _lock = await lock();
  const startedMeanwhile = await findHealthy(name, signal);
  if (startedMeanwhile !== undefined) return { cluster: startedMeanwhile, isNew: false };
  if ((await readState(name)) !== undefined) say(`Cluster ${name} is dead or damaged: starting it anew.`);
  const nodes = options.nodes ?? nodeNames(1);
  const launched = await launchCluster(
    { name, nodes, stages: options.stages ?? false, kubelet: options.kubelet ?? false, binaries },
    signal,
  );
  if (options.keep === true) launched.watchdog.release();
  return { cluster: clusterHandle(launched.state, launched.watchdog.release), isNew: true };
}

/**
 * The cluster of this name if all of it runs. The caller holds its lock.
 * @throws {ClusterError} when the name stands for an existing cluster, which is not ours to start.
 */
async function findHealthy(name: string, signal: AbortSignal): Promise<TestCluster | undefined> {
  const state = await readState(name);
  if (state?.kind === 'existing') {
    throw new ClusterError(`${name} stands for a cluster that was there before: "down --name ${name}" forgets it.`);
  }
  return state !== undefined && (await isHealthy(state, signal)) ? clusterHandle(state) : undefined;
}

/** The running cluster of this name, whoever started it; undefined when there is none. */
export async function findCluster(name: string): Promise<TestCluster | undefined> {
  const state = await readState(name);
  if (state === undefined) return undefined;
  const isRunning = state.kind === 'existing' || (await findProcesses(clusterDir(name))).length > 0;
  return isRunning ? clusterHandle(state) : undefined;
}
