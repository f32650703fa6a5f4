import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Command, InvalidArgumentError } from 'commander';
import { findBinaries } from './binaries.ts';
import { lockCluster, type TestCluster } from './cluster.ts';
import { ClusterError } from './cluster-error.ts';
import { useExistingCluster } from './existing.ts';
import { findCluster, startOrFind } from './index.ts';
import { nodeNames } from './nodes.ts';
import { formatDuration, showProgress } from './progress.ts';
import { listClusters, readState, removeCluster } from './state.ts';
import { describeClusters } from './status.ts';

const DEFAULT_NAME = 'istio-operator';
const EXIT_INTERRUPTED = 130;
const NAME_FLAG = ['--name <name>', 'name of the cluster', DEFAULT_NAME] as const;

interface UpOptions {
  readonly name: string;
  readonly nodes?: number;
  readonly node?: readonly string[];
  readonly stages?: boolean;
  readonly existing?: boolean;
  readonly kubeconfig?: string;
}

const print = (text: string) => void process.stdout.write(`${text}\n`);

function buildProgram(signal: AbortSignal): Command {
  const program = new Command('cluster');
  program
    .description('A real Kubernetes control plane on this machine, with simulated nodes.')
    .enablePositionalOptions();
  program
    .command('up')
    .description('start a cluster; the first time, its commands are built, which takes minutes')
    .option(...NAME_FLAG)
    .option('--nodes <count>', 'number of simulated nodes (default: 1)', parseCount)
    .option('--node <name>', 'a simulated node of this name; may be repeated', (name, list: string[] = []) => [
      ...list,
      name,
    ])
    .option('--stages', 'let Stage objects of the cluster say what happens to pods and nodes')
    .option('--existing', 'use the cluster of the current KUBECONFIG; nothing is started or stopped')
    .option('--kubeconfig <path>', 'use the cluster of this kubeconfig; nothing is started or stopped')
    .action((options: UpOptions) => up(options, signal));
  program
    .command('down')
    .description('stop a cluster and delete its files')
    .option(...NAME_FLAG)
    .option('--all', 'every cluster')
    .action((options: { name: string; all?: boolean }) => down(options, signal));
  program
    .command('status')
    .description('show what runs')
    .option('--name <name>', 'only this cluster')
    .action(async ({ name }: { name?: string }) => {
      process.stdout.write(await describeClusters(name === undefined ? undefined : [name], signal));
    });
  program
    .command('kubeconfig')
    .description('print the path of the kubeconfig')
    .option(...NAME_FLAG)
    .action(async ({ name }: { name: string }) => print((await requireCluster(name)).kubeconfigPath));
  program
    .command('kubectl')
    .description('run kubectl on a cluster; what follows goes to kubectl')
    .option(...NAME_FLAG)
    .argument('[arguments...]')
    .passThroughOptions()
    .allowUnknownOption()
    .helpOption(false)
    .action((args: string[], { name }: { name: string }) => runKubectl(name, args));
  program
    .command('build')
    .description('only build the commands, for example to fill a cache')
    .action(async () => void (await findBinaries(showProgress(process.stderr), signal)));
  return program;
}

async function up(options: UpOptions, signal: AbortSignal): Promise<void> {
  if (options.existing === true || options.kubeconfig !== undefined) {
    rejectNodes(options);
    const cluster = await useExistingCluster(options.name, options.kubeconfig, signal);
    print(`Cluster ${cluster.name} is ${cluster.server}. Nothing was started.`);
    return;
  }
  const startMs = performance.now();
  const nodes = [...nodeNames(options.nodes ?? (options.node === undefined ? 1 : 0)), ...(options.node ?? [])];
  const onProgress = showProgress(process.stderr);
  const start = { name: options.name, nodes, stages: options.stages ?? false, keep: true, onProgress };
  const { cluster, isNew } = await startOrFind(start, signal);
  if (!isNew) {
    print(`Cluster ${cluster.name} runs already at ${cluster.server}. Nothing was changed.`);
    return;
  }
  print(`Cluster ${cluster.name} runs at ${cluster.server} (${formatDuration(performance.now() - startMs)}).`);
  print(`  export KUBECONFIG=${cluster.kubeconfigPath}`);
}

/** Nodes of a real cluster are not ours to make. */
function rejectNodes({ nodes, node, stages }: UpOptions): void {
  if (nodes === undefined && node === undefined && stages !== true) return;
  throw new ClusterError('--nodes, --node and --stages are for a cluster that is started here, not an existing one.');
}

async function down({ name, all }: { name: string; all?: boolean }, signal: AbortSignal): Promise<void> {
  const names = all === true ? await listClusters() : [name];
  for (const each of names) {
    await using _lock = await lockCluster(each, signal, (pid) => print(`Process ${pid} works on ${each}: waiting.`));
    const state = await readState(each);
    await removeCluster(each); // also without a state: a start may have been cut short
    const result = state?.kind === 'existing' ? 'is forgotten; it goes on' : 'is stopped';
    print(state === undefined ? `There is no cluster ${each}.` : `Cluster ${each} ${result}.`);
  }
}

async function requireCluster(name: string): Promise<TestCluster> {
  const cluster = await findCluster(name);
  if (cluster === undefined) throw new ClusterError(`Cluster ${name} does not run: "npm run cluster -- up" starts it.`);
  return cluster;
}

async function runKubectl(name: string, args: readonly string[]): Promise<void> {
  const { kubectlPath, kubeconfigPath } = await requireCluster(name);
  const env = { ...process.env, KUBECONFIG: kubeconfigPath };
  const child = spawn(kubectlPath, args, { stdio: 'inherit', env });
  const [code] = await once(child, 'exit');
  process.exitCode = typeof code === 'number' ? code : 1;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0 || count > 1_000) throw new InvalidArgumentError('It must be 0 to 1000.');
  return count;
}

/** The first signal cleans up; a second one ends at once, and a watchdog cleans up. */
function abortOnSignals(): AbortSignal {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (interrupted.signal.aborted) process.exit(EXIT_INTERRUPTED);
      interrupted.abort(new ClusterError('Interrupted: cleaned up.'));
    });
  }
  return interrupted.signal;
}

const signal = abortOnSignals();
try {
  await buildProgram(signal).parseAsync();
} catch (error) {
  if (!(error instanceof ClusterError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = signal.aborted ? EXIT_INTERRUPTED : 1;
}
