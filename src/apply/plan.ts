import { LABELS } from '../api/index.ts';
import { asJson, type ComponentName, idKey, valueAt } from '../core/index.ts';
import { type ClaimedBy, labelledOwner } from './claims.ts';
import type { DigestedManifest, DigestedObject } from './digested-manifest.ts';
import { ownsTheSame } from './fingerprint.ts';
import { type Inventory, type InventoryEntry, wasApplied } from './inventory.ts';
import type { LiveStore, Observed } from './live-store.ts';

/**
 * Why an object has to be sent:
 * - `new`: the manifest holds it for the first time
 * - `changed`: the manifest holds another version than was applied
 * - `missing`: it was applied and is gone
 * - `drifted`: somebody changed a field that we own, wrote under our name, or left replicas that nobody looks after
 */
export type Cause = 'new' | 'changed' | 'missing' | 'drifted';

/** One object of the manifest next to what is known of it; `cause` is absent when nothing is to do. */
export interface PlannedObject extends DigestedObject {
  readonly cause?: Cause;
  readonly live?: Observed;
  readonly entry?: InventoryEntry;
}

/** What one component needs. */
export interface ComponentPlan {
  readonly component: ComponentName;
  readonly objects: readonly PlannedObject[];
}

/** What a plan is made from. */
export interface PlanInput {
  readonly manifest: DigestedManifest;
  readonly inventory: Inventory;
  readonly live: LiveStore;
  /** The other CRs that hold an object. */
  readonly claimedBy: ClaimedBy;
  /** Deployments, by `idKey`, whose replicas nobody looks after who has set them. Default: none. */
  readonly abandoned?: ReadonlySet<string>;
}

/**
 * Compares the manifest with what was applied and what is live. Pure: it asks nobody and changes nothing, and when
 * nothing differs no object has a cause.
 */
export function planManifest({
  manifest,
  inventory,
  live,
  claimedBy,
  abandoned = new Set(),
}: PlanInput): readonly ComponentPlan[] {
  return manifest.components.map(({ component, objects }) => ({
    component,
    objects: objects.map((wanted) => {
      const entry = inventory.get(idKey(wanted.id));
      const observed = live.get(wanted.id);
      const isOthers = isLookedAfter(observed, claimedBy(wanted.id));
      const cause = isOthers ? undefined : causeOf(wanted, entry, observed, abandoned);
      return {
        ...wanted,
        ...(cause === undefined ? {} : { cause }),
        ...(observed === undefined ? {} : { live: observed }),
        ...(entry === undefined ? {} : { entry }),
      };
    }),
  }));
}

/**
 * True for what was applied and is not as it was left, also where the manifest has moved on since: that is put right whatever
 * holds the rest of its component back. Only the new version is known to put it right with. For what is gone that is better than
 * nothing, but a workload that runs waits with it: one edited field would roll its pods before their turn.
 */
export function isRepair({ cause, object, entry, live }: PlannedObject): boolean {
  if (cause !== 'changed') return cause === 'missing' || cause === 'drifted';
  if (entry === undefined || !wasApplied(entry)) return false;
  const hasPods = valueAt(asJson(object), 'spec', 'template') !== undefined;
  return live === undefined || live.uid !== entry.uid || (!hasPods && hasDrifted(entry, live));
}

/** True for another object of the same name, and where somebody changed a field that we own. */
function hasDrifted(entry: InventoryEntry, live: Observed): boolean {
  return entry.uid !== live.uid || !ownsTheSame(entry.ownedFields, live.ownedFields);
}

/** True for a shared object that is there and labelled for another CR that holds it: that one keeps it as it should be. */
function isLookedAfter(live: Observed | undefined, holders: ReturnType<ClaimedBy>): boolean {
  if (live === undefined || live.deleting) return false;
  const owner = labelledOwner(live.labels);
  return holders.some((holder) => holder.owner === owner);
}

function causeOf(
  wanted: DigestedObject,
  entry: InventoryEntry | undefined,
  live: Observed | undefined,
  abandoned: ReadonlySet<string>,
): Cause | undefined {
  if (live?.isIgnored === true) return undefined;
  if (live?.deleting === true) return undefined; // its name is free only when it is gone; the watch will tell
  if (entry === undefined || (entry.digest === undefined && !wasApplied(entry))) return 'new';
  if (entry.digest !== wanted.digest) return 'changed';
  if (live === undefined) return 'missing';
  if (hasDrifted(entry, live) || abandoned.has(idKey(wanted.id))) return 'drifted';
  return isLabelledLike(wanted, live) ? undefined : 'drifted';
}

/**
 * False for a shared object whose labels still name a CR that has let go of it. Both CRs write under one manager, so who
 * owns its fields does not tell.
 */
function isLabelledLike({ object }: DigestedObject, { labels }: Observed): boolean {
  return [LABELS.owner, LABELS.ownerNamespace].every((label) => labels[label] === object.metadata.labels?.[label]);
}
