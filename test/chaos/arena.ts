import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type KubernetesCluster } from '../../src/cluster/index.ts';
import { OperatorError, type Scope, silentLogger, systemClock } from '../../src/core/index.ts';
import { COMPONENTS, startCluster, type TestCluster } from '../cluster/index.ts';
import type { FaultProxy } from '../support/fault-proxy.ts';
import { installCrd, kubectl, ROOT } from '../support/kubectl.ts';
import { buildBundle } from '../support/pod-environment.ts';
import { startClusterProxy } from '../support/proxied-cluster.ts';
import { createForeignObjects, type Foreign } from './foreign.ts';
import { Leadership } from './leadership.ts';
import { type OperatorProcess, operatorInPod } from './operator-process.ts';
import { seeded } from './random.ts';
import { World } from './world.ts';

const PERSISTENCE_MS = 90_000;

/** Everything a run happens in: a cluster, the proxy in front of it, the operator behind that, and who else is there. */
export interface Arena extends AsyncDisposable {
  readonly cluster: TestCluster;
  readonly proxy: FaultProxy;
  readonly operator: OperatorProcess;
  /** A second one, which runs only in duels. */
  readonly rival: OperatorProcess;
  readonly leadership: Leadership;
  readonly world: World;
  /** A client with all rights that does not go through the proxy: the hands of people and of other controllers. */
  readonly client: KubernetesCluster;
  readonly scope: Scope;
  readonly foreign: readonly Foreign[];
  /** Where the operators' logs are. */
  readonly folder: string;
}

/**
 * Starts a cluster as `kubectl apply -k deploy` leaves it, with foreign objects in it and no operator yet.
 * @param isMeasured - whether the operator can be asked for what is alive on its heap.
 */
export async function startArena(seed: number, signal: AbortSignal, isMeasured = false): Promise<Arena> {
  await using stack = new AsyncDisposableStack();
  const stop = new AbortController();
  const scope: Scope = { signal: AbortSignal.any([signal, stop.signal]), log: silentLogger };
  const cluster = stack.use(await startCluster({ nodes: ['node-1', 'node-2'] }, signal));
  await installCrd(cluster, signal);
  await kubectl(cluster, ['apply', '--server-side', '-k', 'deploy'], signal);
  const leadership = new Leadership();
  const proxy = stack.use(
    await startClusterProxy(cluster, {
      random: seeded(seed + 1).next,
      onWrite: (write) => leadership.onWrite(write),
      onWritten: (write, answer) => leadership.onWritten(write, answer),
    }),
  );
  await mkdir(join(ROOT, '.cache', 'chaos'), { recursive: true });
  const folder = await mkdtemp(join(ROOT, '.cache', 'chaos', `seed-${seed}-`));
  const entry = await buildBundle(join(folder, 'dist'));
  const start = async (name: string) =>
    stack.use(await operatorInPod(cluster, { name, folder, entry, server: proxy.url, isMeasured }));
  const operator = await start('operator');
  const rival = await start('rival');
  const client = stack.use(await connect({ kubeconfigPath: cluster.kubeconfigPath }, { clock: systemClock }, scope));
  const foreign = await createForeignObjects(client, scope);
  const world = new World(await client.facts(scope));
  stack.defer(() => stop.abort());
  const owned = stack.move();
  return {
    cluster,
    proxy,
    operator,
    rival,
    leadership,
    world,
    client,
    scope,
    foreign,
    folder,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Ends the operator as a Deployment would, and deletes its log and its bundle. @returns what went wrong with that. */
export async function retire(arena: Arena): Promise<readonly string[]> {
  await arena.operator.terminate();
  const failures = takeFailures(arena);
  if (failures.length === 0) await rm(arena.folder, { recursive: true });
  return failures;
}

/** What no operator should ever do. Forgotten once read. */
export function takeFailures({ operator, rival, leadership }: Arena): readonly string[] {
  return [...operator.takeFailures(), ...rival.takeFailures(), ...leadership.takeStrays()];
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
