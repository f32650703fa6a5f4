import { randomBytes } from 'node:crypto';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isReady } from './api-client.ts';
import type { Binaries } from './binaries.ts';
import { ClusterError } from './cluster-error.ts';
import { COMPONENTS, type Component, clusterFiles } from './components.ts';
import { newToken, writeCredentials, writeKubeconfig } from './credentials.ts';
import { findFreePorts } from './free-ports.ts';
import { createKwokKinds } from './kwok-kinds.ts';
import { createNodes, waitForNodes } from './nodes.ts';
import { clusterDir, FAILED_DIR } from './paths.ts';
import { PortTakenError, spawnComponent } from './spawn-component.ts';
import { createStages, writeKwokConfig } from './stages.ts';
import { type OwnState, removeCluster, writeState } from './state.ts';
import { waitUntil } from './wait-until.ts';
import { startWatchdog, type Watchdog } from './watchdog-handle.ts';

const ATTEMPTS = 3;
const READY_TIMEOUT_MS = 60_000;

export interface LaunchOptions {
  readonly name: string;
  readonly nodes: readonly string[];
  readonly stages: boolean;
  readonly kubelet: boolean;
  readonly binaries: Binaries;
}

/** A cluster that has just been started, and the watchdog that ends it with this process until it is released. */
export interface Launched {
  readonly state: OwnState;
  readonly watchdog: Watchdog;
}

/**
 * Starts the processes of a cluster and waits until pods can be scheduled. The caller holds the cluster's lock.
 *
 * When that fails or is aborted nothing is left but the logs.
 * @throws {ClusterError} with the last words of the component that failed.
 */
export async function launchCluster(options: LaunchOptions, signal: AbortSignal): Promise<Launched> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await launchOnce(options, signal);
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === ATTEMPTS) throw error;
    }
  }
}

async function launchOnce(options: LaunchOptions, signal: AbortSignal): Promise<Launched> {
  await removeCluster(options.name); // what a crashed one of this name left behind
  const state = await newState(options);
  const watchdog = startWatchdog();
  watchdog.setDuty({ groups: [], cluster: { name: state.name, instance: state.instance } });
  const failure = new AbortController(); // aborted as well when a process ends before all is ready
  const abort = () => failure.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    await writeState(state);
    await startComponents(state, options.nodes, failure);
    return { state, watchdog };
  } catch (error) {
    const logs = failure.signal.aborted && signal.aborted ? undefined : await keepLogs(state.name);
    await removeCluster(state.name);
    watchdog.release();
    throw withLogs(error, logs);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function newState({ name, stages, kubelet, binaries }: LaunchOptions): Promise<OwnState> {
  const [etcd = 0, apiServer = 0, kubeletPort = 0] = await findFreePorts(3);
  return {
    kind: 'own',
    name,
    instance: randomBytes(8).toString('hex'),
    startedAt: new Date().toISOString(),
    server: `https://127.0.0.1:${apiServer}`,
    kubectlPath: binaries.kubectl,
    settings: { ports: { etcd, apiServer, kubelet: kubeletPort }, stages, kubelet },
    binaries,
    token: newToken(),
  };
}

/** etcd and the API server first; the others end at once when there is no API server. */
async function startComponents(state: OwnState, nodes: readonly string[], failure: AbortController): Promise<void> {
  const { signal } = failure;
  const dir = clusterDir(state.name);
  const start = (component: Component) => spawnComponent(state, component, (error) => failure.abort(error));
  await writeCredentials(dir, state.token);
  await Promise.all([start('etcd'), start('kube-apiserver'), writeKwokConfig(state)]);
  const isUp = () => isReady(state, signal);
  await waitUntil('The API server was not ready', isUp, READY_TIMEOUT_MS, signal);
  await writeKubeconfig(dir, state.name, state.server, state.token);
  const others = COMPONENTS.filter((component) => component !== 'etcd' && component !== 'kube-apiserver');
  await createKwokKinds(state, signal);
  if (state.settings.stages) await createStages(state, signal);
  await Promise.all([...others.map(start), createNodes(state, nodes, signal)]);
  await waitForNodes(state, nodes.length, signal);
}

async function keepLogs(name: string): Promise<string> {
  const target = join(FAILED_DIR, name);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  await cp(clusterFiles(clusterDir(name)).logs, target, { recursive: true }).catch(() => {});
  return target;
}

function withLogs(error: unknown, logs: string | undefined): unknown {
  if (logs === undefined || !(error instanceof ClusterError) || error instanceof PortTakenError) return error;
  return new ClusterError(`${error.message} (logs: ${logs})`, { cause: error });
}
