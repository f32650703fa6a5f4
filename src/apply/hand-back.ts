import { LABELS } from '../api/index.ts';
import { type Issue, idKey, isAbort, issuesOf, type JsonObject, OperatorError, type Scope } from '../core/index.ts';
import type { LiveObject, ManagedFields } from './cluster.ts';
import { mapConcurrently } from './concurrency.ts';
import { FIELD_MANAGER } from './fingerprint.ts';
import { HANDOVER_MANAGER } from './handover.ts';
import type { Inventory, InventoryEntry } from './inventory.ts';
import type { PruneDeps } from './prune.ts';

/** Objects that are handed back at the same time. */
const CONCURRENCY = 8;

/** Who the object belonged to. What says which control plane it is part of stays: injection goes by it. */
const OWNER_LABELS: ReadonlySet<string> = new Set(
  Object.values(LABELS).filter((label) => label !== LABELS.revision && label !== LABELS.tag),
);

/** Owns next to nothing of an object, so that it has an owner; see `handBackPatch`. */
const REMAINING_MANAGER = 'istio-operator-handed-back';

/** What a hand-back did. An entry leaves the inventory only when nothing of its object is ours any more. */
export interface HandedBack {
  readonly inventory: Inventory;
  readonly issues: readonly Issue[];
}

/**
 * Gives up all objects of an inventory and leaves them as they are: no field is ours any more, and no label names the CR.
 * What other CRs hold too is theirs from now on and is left to them.
 */
export async function handBack(inventory: Inventory, deps: PruneDeps, scope: Scope): Promise<HandedBack> {
  const remaining = new Map(inventory);
  const issues: Issue[] = [];
  await mapConcurrently([...inventory.values()], CONCURRENCY, async (entry) => {
    try {
      if (deps.claimedBy(entry).length > 0) deps.onLeft?.(entry);
      else await release(entry, deps, scope);
      remaining.delete(idKey(entry));
    } catch (error) {
      if (isAbort(error, scope.signal) || !(error instanceof OperatorError)) throw error;
      if (error.detail.code === 'NotFound') remaining.delete(idKey(entry));
      else issues.push(...issuesOf(error));
    }
  });
  return { inventory: remaining, issues };
}

async function release(entry: InventoryEntry, { cluster, isOurs }: PruneDeps, scope: Scope): Promise<void> {
  const live = await cluster.get(entry, scope);
  if (live === undefined || !(live.metadata.uid === entry.uid || isOurs(live))) return;
  const patch = handBackPatch(live);
  if (patch === undefined) return;
  await cluster.patch(entry, patch, { fieldManager: FIELD_MANAGER }, scope);
  scope.log.info({ object: idKey(entry), action: 'configured' }, 'object handed back');
}

/**
 * The merge patch that takes our labels and our ownership off an object, or undefined when there is none. It changes no
 * other field: giving fields up by applying less would remove them.
 *
 * Of an object without any owner the API server says at the next apply that all of it belongs to `before-first-apply`,
 * with which Helm would have a conflict at every field that it wants otherwise. So where nobody else owns anything,
 * somebody is left who owns that there are labels, which nobody can be in conflict with.
 */
export function handBackPatch({ apiVersion, metadata }: LiveObject): JsonObject | undefined {
  const { labels = {}, managedFields = [], resourceVersion } = metadata;
  const ours = Object.keys(labels).filter((label) => OWNER_LABELS.has(label));
  const others = managedFields.filter(({ manager }) => manager !== FIELD_MANAGER && manager !== HANDOVER_MANAGER);
  if (ours.length === 0 && others.length === managedFields.length) return undefined;
  const owners = others.length > 0 ? others : [remainingOwner(apiVersion)];
  return {
    metadata: {
      resourceVersion,
      labels: Object.fromEntries(ours.map((label) => [label, null])),
      managedFields: owners as unknown as readonly JsonObject[],
    },
  };
}

function remainingOwner(
  apiVersion: string,
): ManagedFields & { readonly apiVersion: string; readonly fieldsType: string } {
  const fieldsV1 = { 'f:metadata': { 'f:labels': { '.': {} } } };
  return { manager: REMAINING_MANAGER, operation: 'Update', apiVersion, fieldsType: 'FieldsV1', fieldsV1 };
}
