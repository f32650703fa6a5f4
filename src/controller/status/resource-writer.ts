import { FINALIZER, readStatus } from '../../api/index.ts';
import { type Cluster, FIELD_MANAGER, type Inventory, type LiveObject, type ObjectRef } from '../../apply/index.ts';
import {
  type Clock,
  isObject,
  type JsonObject,
  mergePatchBetween,
  OperatorError,
  type Scope,
} from '../../core/index.ts';
import type { ResourceStore } from '../watches/resources.ts';
import { type Report, statusFor } from './status.ts';

/** What writing to a CR needs. The controller writes status and its own finalizer, never the spec. */
export interface ResourceWriterDeps {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly resources: ResourceStore;
  /** The lock of this operator, as `namespace/name`, with which it claims what it looks after. */
  readonly lock?: string | undefined;
}

/** A new status, and whether it counts only as long as nobody else has written one. */
export interface StatusWrite {
  readonly report: Report;
  /** See `StatusInput`. */
  readonly inventory: Inventory | undefined;
  readonly ifUnchanged?: boolean;
}

/**
 * Writes the status where it differs from the last one, and with it whose the CR is. Of two operators that claim it at the
 * same time one fails.
 * @returns the CR after it.
 */
export async function writeStatus(
  resource: LiveObject,
  { report, inventory, ifUnchanged = false }: StatusWrite,
  deps: ResourceWriterDeps,
  scope: Scope,
): Promise<LiveObject> {
  const previous = readStatus(resource.status);
  const generation = resource.metadata.generation ?? 0;
  const status = statusFor({ generation, previous, now: deps.clock.now(), report, inventory });
  const isClaim = report.kind !== 'skipped' && !isClaimed(resource, deps);
  return await patchStatus(
    resource,
    { ...status, ...(deps.lock === undefined || report.kind === 'skipped' ? {} : { operator: deps.lock }) },
    { ...deps, ifUnchanged: ifUnchanged || isClaim },
    scope,
  );
}

/** True when the status says that this operator looks after the CR, or there is nothing to be said. */
export function isClaimed({ status }: LiveObject, { lock }: Pick<ResourceWriterDeps, 'lock'>): boolean {
  return lock === undefined || readStatus(status).operator === lock;
}

/** Says in the status that this operator looks after the CR, and nothing else. @returns the CR after it. */
export async function writeClaim(resource: LiveObject, deps: ResourceWriterDeps, scope: Scope): Promise<LiveObject> {
  if (isClaimed(resource, deps)) return resource;
  const status = isObject(resource.status) ? resource.status : {};
  return await patchStatus(resource, { ...status, operator: deps.lock }, { ...deps, ifUnchanged: true }, scope);
}

async function patchStatus(
  resource: LiveObject,
  status: object,
  deps: ResourceWriterDeps & { readonly ifUnchanged: boolean },
  scope: Scope,
): Promise<LiveObject> {
  const before = isObject(resource.status) ? resource.status : {};
  const patch = mergePatchBetween(before, status as JsonObject);
  if (patch === undefined) return resource;
  const options = { fieldManager: FIELD_MANAGER, subresource: 'status', priority: 'high' } as const;
  const precondition = deps.ifUnchanged ? { metadata: { resourceVersion: resource.metadata.resourceVersion } } : {};
  const updated = await deps.cluster.patch(refOf(resource), { ...precondition, status: patch }, options, scope);
  deps.resources.observeAnswer(updated);
  scope.log.debug({ action: 'configured' }, 'status written');
  return updated;
}

/** True when the CR waits for us before it goes away. */
export function hasFinalizer(resource: LiveObject): boolean {
  return resource.metadata.finalizers?.includes(FINALIZER) ?? false;
}

/** Makes the CR wait for us when it is deleted, or stop waiting where the operator works without a finalizer. */
export async function settleFinalizer(
  resource: LiveObject,
  deps: ResourceWriterDeps & { readonly usesFinalizer: boolean },
  scope: Scope,
): Promise<LiveObject> {
  if (hasFinalizer(resource) === deps.usesFinalizer) return resource;
  const finalizers = deps.usesFinalizer ? [...(resource.metadata.finalizers ?? []), FINALIZER] : othersIn(resource);
  return await setFinalizers(resource, finalizers, deps, scope);
}

/** Lets the CR go; content when it is gone already. */
export async function removeFinalizer(resource: LiveObject, deps: ResourceWriterDeps, scope: Scope): Promise<void> {
  try {
    await setFinalizers(resource, othersIn(resource), deps, scope);
  } catch (error) {
    if (!(error instanceof OperatorError) || error.detail.code !== 'NotFound') throw error;
  }
}

function othersIn({ metadata }: LiveObject): readonly string[] {
  return (metadata.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER);
}

/** The resourceVersion makes sure that a finalizer that somebody else set meanwhile is not lost. */
async function setFinalizers(
  resource: LiveObject,
  finalizers: readonly string[],
  deps: ResourceWriterDeps,
  scope: Scope,
): Promise<LiveObject> {
  const patch = { metadata: { finalizers, resourceVersion: resource.metadata.resourceVersion } };
  const updated = await deps.cluster.patch(
    refOf(resource),
    patch,
    { fieldManager: FIELD_MANAGER, priority: 'high' },
    scope,
  );
  deps.resources.observeAnswer(updated);
  return updated;
}

function refOf({ apiVersion, kind, metadata }: LiveObject): ObjectRef {
  return { apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name };
}
