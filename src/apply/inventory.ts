import { LABELS } from '../api/index.ts';
import { COMPONENT_NAMES, type ComponentName, idKey, isObject, type Json, type ObjectId } from '../core/index.ts';
import type { DigestedManifest, DigestedObject } from './digested-manifest.ts';

/** One object that a CR owns. It is what `status.inventory` lists. */
export interface InventoryEntry extends ObjectId {
  readonly apiVersion: string;
  readonly component: ComponentName;
  /** The object that was applied; a deletion touches no other of the same name. Absent: not applied yet. */
  readonly uid?: string;
  /** Digest of what we want the object to be, whoever owns it; see `contentDigestOf`. */
  readonly content?: string;
  /**
   * Digest of the manifest that was applied last. Absent: not applied yet, shared and applied for another CR, or another
   * version is on its way: whether that has arrived is not known before its answer is here.
   */
  readonly digest?: string;
  /** The fields that we owned after that apply, and its time; see `ownedFieldsOf`. */
  readonly ownedFields?: string;
  /** Stays when the manifest or the CR no longer asks for it: it holds data. */
  readonly keep?: boolean;
  /** Found by its labels and not applied by us yet: an earlier operator left it behind. */
  readonly adopted?: boolean;
  /** A ReplicaSet that runs on for a Deployment of this name, which is being made anew. */
  readonly orphanOf?: string;
}

/** What a CR owns, by `idKey`. */
export type Inventory = ReadonlyMap<string, InventoryEntry>;

/** The inventory in a status document. Entries that cannot be read are left out: labels still find their objects. */
export function readInventory(raw: Json | undefined): Inventory {
  const entries = Array.isArray(raw) ? raw.flatMap((item: Json) => readEntry(item)) : [];
  return new Map(entries.map((entry) => [idKey(entry), entry]));
}

/** The inventory as status holds it, sorted so that an unchanged one is written unchanged. */
export function writeInventory(inventory: Inventory): readonly InventoryEntry[] {
  return [...inventory.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

/**
 * Old and new: what has to be on record before the first object of a new manifest is sent. Of an object that changes, the
 * digest goes: if its answer is lost and the change taken back, nothing in the object would tell that it has arrived.
 */
export function withManifest(inventory: Inventory, manifest: DigestedManifest): Inventory {
  const joined = new Map(inventory);
  for (const { component, objects } of manifest.components) {
    for (const { id, object, content, digest } of objects) {
      const key = idKey(id);
      const { digest: applied, ...known } = inventory.get(key) ?? {};
      const settled = applied === digest ? { digest } : {};
      joined.set(key, { ...known, ...entryFor({ id, object, content }, component), ...settled });
    }
  }
  return joined;
}

/** True for an object that we have applied, whatever version of it. */
export function wasApplied({ uid, adopted }: InventoryEntry): boolean {
  return uid !== undefined && adopted !== true;
}

/** What is on record of an object before it has been applied. */
export function entryFor(
  { id, object, content }: Omit<DigestedObject, 'digest'>,
  component: ComponentName,
): InventoryEntry {
  const keep = object.metadata.labels?.[LABELS.notPruned] === 'true';
  return { ...id, apiVersion: object.apiVersion, component, content, ...(keep ? { keep } : {}) };
}

/** True when both list the same objects, with the same content and the same version applied. */
export function sameObjects(a: Inventory, b: Inventory): boolean {
  const isSame = (one: InventoryEntry, other: InventoryEntry | undefined) =>
    one.content === other?.content && one.digest === other?.digest;
  return a.size === b.size && [...a].every(([key, entry]) => isSame(entry, b.get(key)));
}

/** The entries whose `idKey` is not among `wanted`, in the order of deletion: what depends on others goes first. */
export function leftOver(inventory: Inventory, wanted: ReadonlySet<string>): readonly InventoryEntry[] {
  return deletionOrder([...inventory.values()].filter((entry) => !wanted.has(idKey(entry))));
}

/** Dependants before what they depend on: add-ons and gateways, then the node agents, the control plane, its base. */
export function deletionOrder(entries: readonly InventoryEntry[]): readonly InventoryEntry[] {
  const rank = (entry: InventoryEntry) => -COMPONENT_NAMES.indexOf(entry.component) * 10 + kindRank(entry.kind);
  return [...entries].sort((a, b) => rank(a) - rank(b) || (idKey(a) < idKey(b) ? -1 : 1));
}

/** Webhooks go before the workload that serves them, and accounts and rights after the workload that uses them. */
function kindRank(kind: string): number {
  if (kind.endsWith('WebhookConfiguration') || kind.startsWith('ValidatingAdmissionPolicy')) return 0;
  if (kind === 'HorizontalPodAutoscaler' || kind === 'PodDisruptionBudget') return 1;
  if (kind === 'Deployment' || kind === 'DaemonSet' || kind === 'StatefulSet') return 2;
  if (kind === 'Service') return 3;
  return 4;
}

function readEntry(item: Json): InventoryEntry[] {
  if (!isObject(item)) return [];
  const text = (key: string) => (typeof item[key] === 'string' ? item[key] : undefined);
  const kind = text('kind');
  const name = text('name');
  const apiVersion = text('apiVersion');
  const component = COMPONENT_NAMES.find((known) => known === item.component);
  if (kind === undefined || name === undefined || apiVersion === undefined || component === undefined) return [];
  const applied = {
    uid: text('uid'),
    content: text('content'),
    digest: text('digest'),
    ownedFields: text('ownedFields'),
    keep: item.keep === true ? true : undefined,
    adopted: item.adopted === true ? true : undefined,
    orphanOf: text('orphanOf'),
  };
  const known = Object.fromEntries(Object.entries(applied).filter(([, value]) => value !== undefined));
  return [
    { group: text('group') ?? '', kind, namespace: text('namespace') ?? '', name, apiVersion, component, ...known },
  ];
}
