import { basename } from 'node:path';
import { isReady } from './api-client.ts';
import { ClusterError } from './cluster-error.ts';
import { COMPONENTS, type Component, clusterFiles } from './components.ts';
import { acquireLock, type Lock } from './lock.ts';
import { clusterDir } from './paths.ts';
import { type ClusterProcess, findProcesses, killProcesses, sendSignal } from './process-table.ts';
import { spawnComponent } from './spawn-component.ts';
import { type ClusterState, type OwnState, readState, removeCluster } from './state.ts';
import { pause, waitUntil } from './wait-until.ts';

const RESTART_TIMEOUT_MS = 30_000;
const HEALTHY_TIMEOUT_MS = 10_000;
const NEVER = new AbortController().signal;

/** A running cluster, for tests and the demo. */
export interface TestCluster extends AsyncDisposable {
  readonly name: string;
  /** The URL of the API server. */
  readonly server: string;
  readonly kubeconfigPath: string;
  readonly kubectlPath: string;
  /** The folder with a log of each component. */
  readonly logsPath: string;
  /** The API server's certificate and its key, for what takes its place in front of a client. */
  readonly serverCertificate: { readonly certPath: string; readonly keyPath: string };
  /** Ends every process and deletes every file of the cluster. Doing so twice is harmless. */
  stop(): Promise<void>;
  /** The process ids of what runs now. */
  pids(): Promise<Partial<Record<Component, number>>>;
  /** Holds a component with SIGSTOP: its connections stay open and nothing answers. */
  pause(component: Component): Promise<void>;
  /** Lets a held component go on. */
  resume(component: Component): Promise<void>;
  /** Kills a component with SIGKILL: connections to it are refused until `restart`. */
  kill(component: Component): Promise<void>;
  /** Kills a component if it runs, starts it with the same arguments, and waits until the API server is ready again. */
  restart(component: Component): Promise<void>;
}

/**
 * Takes the lock of a cluster, waiting without a limit: its holders either finish or die.
 * @throws {ClusterError} for an impossible name.
 */
export async function lockCluster(
  name: string,
  signal: AbortSignal = NEVER,
  onWait: (pid: number) => void = () => {},
): Promise<Lock> {
  return await acquireLock(`cluster-${basename(clusterDir(name))}`, onWait, signal);
}

/**
 * The handle of a cluster.
 * @param onStop - called once after the cluster was stopped through this handle.
 */
export function clusterHandle(state: ClusterState, onStop: () => void = () => {}): TestCluster {
  const dir = clusterDir(state.name);
  const stop = async () => {
    await using _lock = await lockCluster(state.name);
    if (await isCurrent(state)) await removeCluster(state.name);
    onStop();
  };
  const signalTo = async (component: Component, signal: 'SIGSTOP' | 'SIGCONT') => {
    const processes = (await findProcesses(dir)).filter((running) => running.component === component);
    if (processes.length === 0) throw new ClusterError(`${component} of cluster ${state.name} does not run.`);
    for (const { pid } of processes) sendSignal(pid, signal);
  };
  return {
    name: state.name,
    server: state.server,
    kubeconfigPath: clusterFiles(dir).kubeconfig,
    kubectlPath: state.kubectlPath,
    logsPath: clusterFiles(dir).logs,
    serverCertificate: { certPath: clusterFiles(dir).authority, keyPath: clusterFiles(dir).serverKey },
    stop,
    [Symbol.asyncDispose]: stop,
    pids: async () => Object.fromEntries((await findProcesses(dir)).map(({ component, pid }) => [component, pid])),
    pause: (component) => signalTo(component, 'SIGSTOP'),
    resume: (component) => signalTo(component, 'SIGCONT'),
    kill: (component) => killProcesses(dir, [component]),
    restart: (component) => restart(state, component),
  };
}

async function restart(state: ClusterState, component: Component): Promise<void> {
  await using _lock = await lockCluster(state.name); // a `stop` at the same time would overlook the new process
  if (state.kind === 'existing' || !(await isCurrent(state))) {
    throw new ClusterError(`Cluster ${state.name} is not one that runs here: nothing can be restarted.`);
  }
  const failure = new AbortController();
  await killProcesses(clusterDir(state.name), [component]);
  await spawnComponent(state, component, (error) => failure.abort(error));
  const isUp = async () => !isEssential(component) || (await isReady(state, failure.signal));
  await waitUntil('The API server was not ready again', isUp, RESTART_TIMEOUT_MS, failure.signal);
}

/** Without these two the API server is not ready. */
function isEssential(component: Component): boolean {
  return component === 'etcd' || component === 'kube-apiserver';
}

async function isCurrent({ name, instance }: ClusterState): Promise<boolean> {
  return (await readState(name))?.instance === instance;
}

/**
 * Whether every process of the cluster runs and the API server is ready. A busy machine gets ten seconds to answer: taking
 * a living cluster for a dead one would cost its data.
 */
export async function isHealthy(state: OwnState, signal: AbortSignal): Promise<boolean> {
  const running = await findProcesses(clusterDir(state.name));
  if (!COMPONENTS.every((component) => runs(running, component))) return false;
  const deadline = performance.now() + HEALTHY_TIMEOUT_MS;
  while (!(await isReady(state, signal))) {
    if (performance.now() > deadline) return false;
    await pause(100, signal);
  }
  return true;
}

function runs(running: readonly ClusterProcess[], component: Component): boolean {
  return running.some((process) => process.component === component && !process.isPaused);
}
