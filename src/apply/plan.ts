import {
  type ComponentManifest,
  type ComponentName,
  idKey,
  idOf,
  type KubernetesObject,
  type ObjectId,
} from '../core/index.ts';
import { digestOf } from './fingerprint.ts';
import type { Inventory, InventoryEntry } from './inventory.ts';
import type { LiveStore, Observed } from './live-store.ts';

/**
 * Why an object has to be sent:
 * - `new`: the manifest holds it for the first time
 * - `changed`: the manifest holds another version than was applied
 * - `missing`: it was applied and is gone
 * - `drifted`: somebody changed a field that we own
 */
export type Cause = 'new' | 'changed' | 'missing' | 'drifted';

/** One object of the manifest next to what is known of it; `cause` is absent when nothing is to do. */
export interface PlannedObject {
  readonly id: ObjectId;
  readonly object: KubernetesObject;
  readonly digest: string;
  readonly cause?: Cause;
  readonly live?: Observed;
  readonly entry?: InventoryEntry;
}

/** What one component needs. */
export interface ComponentPlan {
  readonly component: ComponentName;
  readonly objects: readonly PlannedObject[];
}

/** A manifest with the digest of each object, computed once per rendering. */
export interface DigestedManifest {
  readonly components: readonly {
    readonly component: ComponentName;
    readonly objects: readonly { readonly id: ObjectId; readonly object: KubernetesObject; readonly digest: string }[];
  }[];
}

/** Computes the digests of a manifest's objects. */
export function digestManifest(components: readonly ComponentManifest[]): DigestedManifest {
  return {
    components: components.map(({ component, objects }) => ({
      component,
      objects: objects.map((object) => ({ id: idOf(object), object, digest: digestOf(object) })),
    })),
  };
}

/**
 * Compares the manifest with what was applied and what is live. Pure: it asks nobody and changes nothing, and when
 * nothing differs no object has a cause.
 */
export function planManifest(
  manifest: DigestedManifest,
  inventory: Inventory,
  live: LiveStore,
): readonly ComponentPlan[] {
  return manifest.components.map(({ component, objects }) => ({
    component,
    objects: objects.map((wanted) => planObject(wanted, inventory.get(idKey(wanted.id)), live.get(wanted.id))),
  }));
}

function planObject(
  wanted: Pick<PlannedObject, 'id' | 'object' | 'digest'>,
  entry: InventoryEntry | undefined,
  live: Observed | undefined,
): PlannedObject {
  const cause = causeOf(wanted.digest, entry, live);
  return {
    ...wanted,
    ...(cause === undefined ? {} : { cause }),
    ...(live === undefined ? {} : { live }),
    ...(entry === undefined ? {} : { entry }),
  };
}

function causeOf(digest: string, entry: InventoryEntry | undefined, live: Observed | undefined): Cause | undefined {
  if (entry?.digest === undefined) return 'new';
  if (entry.digest !== digest) return 'changed';
  if (live === undefined) return 'missing';
  if (live.deleting) return undefined; // its name is free only when it is gone; the watch will tell
  if (entry.uid !== live.uid || entry.ownedFields !== live.ownedFields) return 'drifted';
  return undefined;
}
