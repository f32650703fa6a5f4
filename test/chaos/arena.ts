import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type KubernetesCluster } from '../../src/cluster/index.ts';
import { OperatorError, type Scope, silentLogger, systemClock } from '../../src/core/index.ts';
import { COMPONENTS, startCluster, type TestCluster } from '../cluster/index.ts';
import type { FaultProxy } from '../support/fault-proxy.ts';
import { installCrd, kubectl, ROOT } from '../support/kubectl.ts';
import { startClusterProxy, writeKubeconfig } from '../support/proxied-cluster.ts';
import { createForeignObjects, type Foreign } from './foreign.ts';
import { bundleOperator, OperatorProcess } from './operator-process.ts';
import { seeded } from './random.ts';
import { World } from './world.ts';

/** The pod of an operator runs with a token of its account; ours lasts for the longest run. */
const TOKEN_LIFETIME = '24h';
const PERSISTENCE_MS = 90_000;

/** Everything a run happens in: a cluster, the proxy in front of it, the operator behind that, and who else is there. */
export interface Arena extends AsyncDisposable {
  readonly cluster: TestCluster;
  readonly proxy: FaultProxy;
  readonly operator: OperatorProcess;
  readonly world: World;
  /** A client with all rights that does not go through the proxy: the hands of people and of other controllers. */
  readonly client: KubernetesCluster;
  readonly scope: Scope;
  readonly foreign: readonly Foreign[];
  /** Where the operator's log is. */
  readonly logPath: string;
}

/** Starts a cluster as `kubectl apply -k deploy` leaves it, with foreign objects in it and no operator yet. */
export async function startArena(seed: number, signal: AbortSignal): Promise<Arena> {
  await using stack = new AsyncDisposableStack();
  const stop = new AbortController();
  const scope: Scope = { signal: AbortSignal.any([signal, stop.signal]), log: silentLogger };
  const cluster = stack.use(await startCluster({ nodes: ['node-1', 'node-2'] }, signal));
  await installCrd(cluster, signal);
  await kubectl(cluster, ['apply', '--server-side', '-k', 'deploy'], signal);
  const proxy = stack.use(await startClusterProxy(cluster, { random: seeded(seed + 1).next }));
  await mkdir(join(ROOT, '.cache', 'chaos'), { recursive: true });
  const folder = await mkdtemp(join(ROOT, '.cache', 'chaos', `seed-${seed}-`));
  const kubeconfigPath = await operatorKubeconfig(folder, cluster, proxy.url);
  const logPath = join(folder, 'operator.log');
  const operator = stack.use(new OperatorProcess({ entry: await bundleOperator(folder), kubeconfigPath, logPath }));
  const client = stack.use(await connect({ kubeconfigPath: cluster.kubeconfigPath }, { clock: systemClock }, scope));
  const foreign = await createForeignObjects(client, scope);
  const world = new World(await client.facts(scope));
  stack.defer(() => stop.abort());
  const owned = stack.move();
  return {
    cluster,
    proxy,
    operator,
    world,
    client,
    scope,
    foreign,
    logPath,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A kubeconfig that leads to the proxy, with the shipped account's token and nothing else. */
async function operatorKubeconfig(folder: string, cluster: TestCluster, server: string): Promise<string> {
  const args = ['create', 'token', 'istio-operator', '-n', 'istio-operator', '--duration', TOKEN_LIFETIME];
  const token = (await kubectl(cluster, args)).trim();
  return await writeKubeconfig(join(folder, 'kubeconfig.yaml'), cluster, { server, token });
}

/** Ends the operator as a Deployment would, and deletes its log and its bundle. @returns what went wrong with that. */
export async function retire({ operator, logPath }: Arena): Promise<readonly string[]> {
  await operator.terminate();
  const failures = operator.takeFailures();
  if (failures.length === 0) await rm(dirname(logPath), { recursive: true });
  return failures;
}

/** Everything works again: no faults, every process of the cluster runs, and so does the operator. */
export async function heal({ cluster, proxy, operator }: Arena): Promise<void> {
  const running = await cluster.pids();
  for (const component of COMPONENTS) {
    if (running[component] === undefined) await cluster.restart(component);
    else await cluster.resume(component);
  }
  proxy.heal();
  operator.start();
}

/** Does what a person would: tries again while the cluster is out of reach. */
export async function persist<T>(scope: Scope, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PERSISTENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const code = error instanceof OperatorError ? error.detail.code : undefined;
      const mayPass = code !== undefined && PASSING.has(code) && performance.now() < deadline;
      if (!mayPass || scope.signal.aborted) throw error;
      await sleep(200);
    }
  }
}

/** `Forbidden` and `Unauthorized`: an API server that has just started has not read its roles yet. */
const PASSING: ReadonlySet<string> = new Set([
  'ApiUnavailable',
  'ApiTimeout',
  'ApiError',
  'TooManyRequests',
  'Forbidden',
  'Unauthorized',
  'NamespaceTerminating',
  'NotFound',
  'KindNotServed',
]);
