import { FINALIZER, RESOURCE_KIND } from '../../api/index.ts';
import type { Cluster, LiveObject, ObjectRef } from '../../apply/index.ts';
import { type Clock, OperatorError, pause, type Scope, valueAt } from '../../core/index.ts';
import type { Fate } from './fate.ts';

/** Which IstioOperators the operator that goes has looked after, and where that operator is. */
export interface DrainJob {
  readonly fate: Exclude<Fate, 'keep'>;
  /** Empty means all. */
  readonly watchNamespaces: readonly string[];
  /** Undefined or empty means every revision. */
  readonly revision?: string | undefined;
  /** The Deployment of the operator, which is scaled down: one that runs would take its finalizer back. */
  readonly deployment: { readonly namespace: string; readonly name: string };
  /** How long the operator has to remove what the IstioOperators installed, in milliseconds. */
  readonly timeoutMs: number;
}

/** What draining works with. */
export interface DrainDeps {
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** Told what happens, in a line each. */
  readonly say: (line: string) => Promise<void>;
}

const MANAGER = { fieldManager: 'iop' } as const;
const POLL_MS = 1_000;

/** How long the pods of the operator have to end, in milliseconds. */
const STOP_MS = 60_000;

/**
 * Makes sure that no IstioOperator waits for an operator that is about to go for good. With `remove` it has until the
 * deadline to delete what they installed; those that are still there then are released as well.
 * @returns the IstioOperators that were deleted without what they installed, as `namespace/name`.
 */
export async function drain(job: DrainJob, deps: DrainDeps, scope: Scope): Promise<readonly string[]> {
  const removed = job.fate === 'remove' ? await removeResources(job, deps, scope) : [];
  await stopOperator(job, deps, scope);
  // twice: an operator that is just ending may have answered between the two
  for (let look = 0; look < 2; look++) {
    if (look > 0) await pause(POLL_MS, deps.clock, scope);
    for (const resource of await drainedBy(job, deps.cluster, scope)) await release(resource, deps, scope);
  }
  return removed;
}

/** @returns those that are not gone when the time is up. */
async function removeResources(
  job: DrainJob,
  { cluster, clock, say }: DrainDeps,
  scope: Scope,
): Promise<readonly string[]> {
  for (const resource of await drainedBy(job, cluster, scope)) {
    await cluster.delete(refOf(resource), {}, scope);
    await say(`deleting ${nameOf(resource)}`);
  }
  const deadlineMs = clock.monotonicMs() + job.timeoutMs;
  for (;;) {
    const left = (await drainedBy(job, cluster, scope)).filter(
      ({ metadata }) => metadata.deletionTimestamp !== undefined,
    );
    if (left.length === 0 || clock.monotonicMs() >= deadlineMs) return left.map(nameOf);
    await pause(POLL_MS, clock, scope);
  }
}

async function stopOperator({ deployment }: DrainJob, { cluster, clock, say }: DrainDeps, scope: Scope): Promise<void> {
  const ref: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', ...deployment };
  if ((await cluster.get(ref, scope)) === undefined) return;
  await cluster.patch(ref, { spec: { replicas: 0 } }, MANAGER, scope);
  const deadlineMs = clock.monotonicMs() + STOP_MS;
  while (clock.monotonicMs() < deadlineMs) {
    const live = await cluster.get(ref, scope);
    const isSeen = Number(valueAt(live?.status, 'observedGeneration') ?? 0) >= (live?.metadata.generation ?? 0);
    if (live === undefined || (isSeen && (valueAt(live.status, 'replicas') ?? 0) === 0)) break;
    await pause(POLL_MS, clock, scope);
  }
  await say(`stopped Deployment ${deployment.namespace}/${deployment.name}`);
}

/** Takes the operator's finalizer off; content when the resource is gone. */
async function release(resource: LiveObject, { cluster, clock, say }: DrainDeps, scope: Scope): Promise<void> {
  let live: LiveObject | undefined = resource;
  while (live?.metadata.finalizers?.includes(FINALIZER) === true) {
    if (await takeFinalizer(live, cluster, scope)) return await say(`released ${nameOf(resource)}`);
    await pause(POLL_MS, clock, scope);
    live = await cluster.get(refOf(resource), scope);
  }
}

/** The resourceVersion makes sure that a finalizer that somebody else set meanwhile is not lost. @returns false then. */
async function takeFinalizer(live: LiveObject, cluster: Cluster, scope: Scope): Promise<boolean> {
  const { resourceVersion, finalizers = [] } = live.metadata;
  const metadata = { resourceVersion, finalizers: finalizers.filter((finalizer) => finalizer !== FINALIZER) };
  try {
    await cluster.patch(refOf(live), { metadata }, MANAGER, scope);
    return true;
  } catch (error) {
    const code = error instanceof OperatorError ? error.detail.code : undefined;
    if (code !== 'NotFound' && code !== 'WriteConflict') throw error;
    return false;
  }
}

/** The IstioOperators that are drained. */
export async function drainedBy(
  { watchNamespaces, revision = '' }: Pick<DrainJob, 'watchNamespaces' | 'revision'>,
  cluster: Cluster,
  scope: Scope,
): Promise<readonly LiveObject[]> {
  const all = await cluster.list(RESOURCE_KIND, {}, scope);
  return all.filter(({ metadata, spec }) => {
    const isWatched = watchNamespaces.length === 0 || watchNamespaces.includes(metadata.namespace ?? '');
    return isWatched && (revision === '' || String(valueAt(spec, 'revision') ?? '') === revision);
  });
}

function refOf({ apiVersion, kind, metadata }: LiveObject): ObjectRef {
  return { apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name };
}

function nameOf({ metadata }: LiveObject): string {
  return `IstioOperator ${metadata.namespace ?? ''}/${metadata.name}`;
}
