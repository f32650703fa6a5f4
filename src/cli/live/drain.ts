import { FINALIZER, RESOURCE_KIND, readStatus } from '../../api/index.ts';
import type { Cluster, LiveObject, ObjectRef } from '../../apply/index.ts';
import { revisionOf } from '../../controller/index.ts';
import { type Clock, type Notice, OperatorError, pause, type Scope, valueAt } from '../../core/index.ts';
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
  /** Told what did not happen. */
  readonly warn: (warning: Warning) => Promise<void>;
}

type Warning = Pick<Notice, 'message' | 'hint'>;

const MANAGER = { fieldManager: 'iop' } as const;
const POLL_MS = 1_000;

/** How long the pods of the operator have to end, in milliseconds. */
const STOP_MS = 60_000;

/**
 * Makes sure that no IstioOperator waits for an operator that is about to go for good. With `remove` it has until the
 * deadline to delete what they installed; those that are still there then are released as well.
 * @returns the IstioOperators that were deleted without what they installed, with which the caller has failed.
 */
export async function drain(job: DrainJob, deps: DrainDeps, scope: Scope): Promise<readonly string[]> {
  const left = job.fate === 'remove' ? await removeResources(job, deps, scope) : [];
  for (const resource of left) await deps.warn(leftWarning(resource));
  await stopOperator(job, deps, scope);
  // twice: an operator that is just ending may have answered between the two
  for (let look = 0; look < 2; look++) {
    if (look > 0) await pause(POLL_MS, deps.clock, scope);
    for (const resource of await drainedBy(job, deps.cluster, scope)) await release(resource, deps, scope);
  }
  return left.map(nameOf);
}

/** @returns those that are not gone when the time is up. */
async function removeResources(
  job: DrainJob,
  { cluster, clock, say }: DrainDeps,
  scope: Scope,
): Promise<readonly LiveObject[]> {
  for (const resource of await drainedBy(job, cluster, scope)) {
    await cluster.delete(refOf(resource), {}, scope);
    await say(`deleting ${nameOf(resource)}`);
  }
  const deadlineMs = clock.monotonicMs() + job.timeoutMs;
  for (;;) {
    const left = (await drainedBy(job, cluster, scope)).filter(
      ({ metadata }) => metadata.deletionTimestamp !== undefined,
    );
    if (left.length === 0 || clock.monotonicMs() >= deadlineMs) return left;
    await pause(POLL_MS, clock, scope);
  }
}

/** Why a resource is still there. An operator that has looked at the deletion has said in the status what it waits for. */
function leftWarning(resource: LiveObject): Warning {
  const { message = '', observedGeneration = 0 } = readStatus(resource.status);
  const isLookedAt = observedGeneration >= (resource.metadata.generation ?? 0);
  const nobody = 'No operator has looked at the deletion.';
  const known = message === '' ? 'The operator did not get through in time.' : `The operator said: ${message}`;
  return {
    message: `${nameOf(resource)} goes without all that it installed. ${isLookedAt ? known : nobody}`,
    hint: `iop uninstall --revision ${revisionOf(resource)} removes what is left.`,
  };
}

/** What to know where the operator is not where it is looked for; it may run elsewhere, where nobody stops it. */
export async function missingOperator(
  { deployment }: Pick<DrainJob, 'deployment'>,
  cluster: Cluster,
  scope: Scope,
): Promise<readonly Warning[]> {
  if ((await cluster.get(operatorRef(deployment), scope)) !== undefined) return [];
  return [
    {
      message: `There is no Deployment ${deployment.namespace}/${deployment.name}, so no operator is stopped.`,
      hint: 'One that runs elsewhere takes its finalizer back. Say where it is with --operatorNamespace and --name.',
    },
  ];
}

function operatorRef(deployment: DrainJob['deployment']): ObjectRef {
  return { apiVersion: 'apps/v1', kind: 'Deployment', ...deployment };
}

async function stopOperator({ deployment }: DrainJob, { cluster, clock, say }: DrainDeps, scope: Scope): Promise<void> {
  const ref = operatorRef(deployment);
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
