import {
  type Issue,
  idKey,
  isAbort,
  issuesOf,
  type ObjectId,
  OperatorError,
  type Scope,
  valueAt,
} from '../core/index.ts';
import type { ClaimedBy } from './claims.ts';
import type { Cluster, Deletion, LiveObject } from './cluster.ts';
import { mapConcurrently } from './concurrency.ts';
import type { Inventory, InventoryEntry } from './inventory.ts';
import { selectorText } from './label-selector.ts';
import type { LiveStore } from './live-store.ts';

/** Kinds that hold users' configuration or everything else. */
const DEFINITION = 'CustomResourceDefinition';
const KEPT_KINDS: ReadonlySet<string> = new Set([DEFINITION, 'Namespace']);

/** Deletions that are sent at the same time. */
const CONCURRENCY = 8;

/** What a deletion needs: the cluster, and how to tell that an object without a recorded uid is ours. */
export interface PruneDeps {
  readonly cluster: Cluster;
  readonly isOurs: (live: LiveObject) => boolean;
  /** The other CRs that hold an object: what they share with us stays. */
  readonly claimedBy: ClaimedBy;
  /** Told of what is left to others in the moment in which that is decided: the last one of them has to remove it. */
  readonly onLeft?: (id: ObjectId) => void;
  /** CRDs go as well, with all that there is of their kinds. Default: false. */
  readonly isPurge?: boolean;
  /** What is known of the live objects: one that somebody asked to leave alone is not deleted either. */
  readonly live?: LiveStore;
}

/** What a deletion run did. An entry leaves the inventory only when its object is gone or is not ours any more. */
export interface Pruned {
  readonly inventory: Inventory;
  readonly deleted: readonly InventoryEntry[];
  /** Objects whose deletion has begun and that are still there. */
  readonly deleting: readonly InventoryEntry[];
  readonly issues: readonly Issue[];
}

/**
 * Deletes the objects of these entries. CRDs are only forgotten, unless a purge is asked for: deleting them deletes the
 * users' own resources.
 * @param entries - in the order of deletion (`deletionOrder`); those of one component go out concurrently.
 */
export async function prune(
  entries: readonly InventoryEntry[],
  inventory: Inventory,
  deps: PruneDeps,
  scope: Scope,
): Promise<Pruned> {
  const remaining = new Map(inventory);
  const deleted: InventoryEntry[] = [];
  const deleting: InventoryEntry[] = [];
  const issues: Issue[] = [];
  for (const group of Map.groupBy(entries, (entry) => entry.component).values()) {
    await mapConcurrently(group, CONCURRENCY, async (entry) => {
      const outcome = await remove(entry, deps, scope);
      if (outcome instanceof OperatorError) issues.push(...issuesOf(outcome));
      else if (outcome === 'deleting') deleting.push(entry);
      else remaining.delete(idKey(entry));
      if (outcome === 'deleted') deleted.push(entry);
    });
  }
  return { inventory: remaining, deleted, deleting, issues };
}

/** True for what is forgotten instead of deleted: it holds data, others hold it too, or somebody wants it left alone. */
export function isKept(
  entry: InventoryEntry,
  { claimedBy, live, isPurge = false }: Pick<PruneDeps, 'claimedBy' | 'live' | 'isPurge'>,
): boolean {
  const isPurged = isPurge && entry.kind === DEFINITION;
  if (entry.keep === true || (KEPT_KINDS.has(entry.kind) && !isPurged)) return true;
  return claimedBy(entry).length > 0 || live?.get(entry)?.isIgnored === true;
}

async function remove(
  entry: InventoryEntry,
  deps: PruneDeps,
  scope: Scope,
): Promise<Deletion | 'kept' | OperatorError> {
  if (isKept(entry, deps)) {
    deps.onLeft?.(entry);
    return 'kept';
  }
  try {
    const outcome = await removeByUid(entry, deps, scope);
    if (outcome !== 'kept') scope.log.info({ object: idKey(entry), action: outcome }, 'object removed');
    return outcome;
  } catch (error) {
    if (isAbort(error, scope.signal) || !(error instanceof OperatorError)) throw error;
    scope.log.warn({ object: idKey(entry), code: error.detail.code }, 'object not removed');
    return error;
  }
}

async function removeByUid(entry: InventoryEntry, deps: PruneDeps, scope: Scope): Promise<Deletion | 'kept'> {
  if (entry.orphanOf !== undefined && (await isTakenOn(entry, deps.cluster, scope))) return 'kept';
  const recorded = entry.uid ?? (await uidOfOurs(entry, deps, scope));
  if (recorded === undefined) return 'kept';
  try {
    return await deps.cluster.delete(entry, { propagation: 'Background', uid: recorded }, scope);
  } catch (error) {
    if (!(error instanceof OperatorError) || error.detail.code !== 'WriteConflict') throw error;
  }
  // Another object has the name: one that we made again right before a crash, or one that is not ours, where our claim ends.
  const uid = await uidOfOurs(entry, deps, scope);
  return uid === undefined ? 'kept' : await deps.cluster.delete(entry, { propagation: 'Background', uid }, scope);
}

/**
 * True for an orphan that the new Deployment takes on, because its selector matches: its pods are that one's now, or will
 * be in a moment.
 */
async function isTakenOn(orphan: InventoryEntry, cluster: Cluster, scope: Scope): Promise<boolean> {
  const { apiVersion, namespace, name, orphanOf = '' } = orphan;
  const deployment = await cluster.get({ apiVersion, kind: 'Deployment', namespace, name: orphanOf }, scope);
  const labelSelector = selectorText(valueAt(deployment?.spec, 'selector'));
  if (labelSelector === '') return false;
  const selection = { namespace, labelSelector, fieldSelector: `metadata.name=${name}`, metadataOnly: true };
  return (await cluster.list(orphan, selection, scope)).length > 0;
}

/**
 * The uid of what has the name of this entry now, if that is ours. Where no uid was recorded, before a first apply that
 * may never have happened, or another one, only labels can tell.
 */
async function uidOfOurs(entry: InventoryEntry, deps: PruneDeps, scope: Scope): Promise<string | undefined> {
  const live = await deps.cluster.get(entry, scope);
  const isOurs = live !== undefined && (live.metadata.uid === entry.uid || deps.isOurs(live));
  return isOurs ? live.metadata.uid : undefined;
}
