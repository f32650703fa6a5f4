import { LABELS } from '../api/index.ts';
import { formatId, type Issue, idKey, type ObjectId, shown } from '../core/index.ts';
import type { DigestedManifest } from './digested-manifest.ts';
import type { Inventory } from './inventory.ts';

/** The CR that an object is labelled for, as `namespace/name`; `/` where it carries no such labels. */
export function labelledOwner(labels: Readonly<Record<string, string>> | undefined): string {
  return `${labels?.[LABELS.ownerNamespace] ?? ''}/${labels?.[LABELS.owner] ?? ''}`;
}

/** A CR that holds an object, and what it wants it to be. */
export interface Claim {
  /** The CR, as `namespace/name`. */
  readonly owner: string;
  /** See `contentDigestOf`; absent in inventories of older versions. */
  readonly content: string | undefined;
}

/** The CRs other than the one in question that hold an object. */
export type ClaimedBy = (id: ObjectId) => readonly Claim[];

/**
 * The content that a CR asks an object to have by now, though it may wait for others before it sends it; undefined where
 * that is not known, or nothing comes of it.
 */
export type WantedBy = (owner: string, id: ObjectId) => string | undefined;

/** Which CR holds which objects: the inventories of all CRs, turned around. */
export class Claims {
  readonly #holders = new Map<string, Map<string, Claim>>();
  /** Who has left an object to those that hold it now: its labels may still name him. */
  readonly #formerHolders = new Map<string, Set<string>>();
  readonly #inventories = new Map<string, Inventory>();
  readonly #waiting = new Set<string>();

  /** Remembers a CR that cannot go on until another one lets go of something, or asks for something else. */
  waitForOthers(owner: string): void {
    this.#waiting.add(owner);
  }

  /**
   * Takes in the inventory of a CR.
   * @returns the other CRs that hold something that this one has let go, and those that waited for it to let go of
   *   something or to ask for something else.
   */
  update(owner: string, inventory: Inventory): ReadonlySet<string> {
    const affected = new Set<string>();
    for (const [key, { content }] of this.#inventories.get(owner) ?? []) {
      const now = inventory.get(key);
      if (now !== undefined && now.content === content) continue;
      for (const other of now === undefined ? this.#letGo(owner, key) : []) affected.add(other);
      for (const other of this.#takeWaiting(owner)) affected.add(other);
    }
    for (const [key, { content }] of inventory) {
      const holders = this.#holders.get(key) ?? new Map<string, Claim>();
      this.#holders.set(key, holders.set(owner, { owner, content }));
    }
    if (inventory.size === 0) this.#inventories.delete(owner);
    else this.#inventories.set(owner, inventory);
    return affected;
  }

  /** Takes a CR off the holders of one object at once: whoever is next to decide about it has to see that. */
  letGo(owner: string, id: ObjectId): void {
    this.#letGo(owner, idKey(id));
  }

  /** True for a CR that has left an object to others, which hold it now. */
  hasLeft(owner: string, id: ObjectId): boolean {
    const key = idKey(id);
    return this.#formerHolders.get(key)?.has(owner) === true && this.#holders.get(key)?.has(owner) !== true;
  }

  #takeWaiting(besides: string): readonly string[] {
    const waiting = [...this.#waiting].filter((other) => other !== besides);
    for (const other of waiting) this.#waiting.delete(other);
    return waiting;
  }

  /** @returns who holds it now. */
  #letGo(owner: string, key: string): readonly string[] {
    const holders = this.#holders.get(key);
    holders?.delete(owner);
    if (holders === undefined || holders.size === 0) {
      this.#holders.delete(key);
      this.#formerHolders.delete(key);
      return [];
    }
    this.#formerHolders.set(key, (this.#formerHolders.get(key) ?? new Set()).add(owner));
    return [...holders.keys()];
  }

  /** All CRs that hold an object. */
  holders(id: ObjectId): readonly Claim[] {
    return [...(this.#holders.get(idKey(id))?.values() ?? [])];
  }

  /** The CRs besides `owner` that hold an object. */
  besides(owner: string): ClaimedBy {
    return (id) => this.holders(id).filter((claim) => claim.owner !== owner);
  }
}

/** Kinds of which everybody installs the same and the newest version serves all. */
const SHARED_BY_NATURE: ReadonlySet<string> = new Set(['CustomResourceDefinition']);

/**
 * What other CRs hold with other content, an issue for each of them. Whoever came first keeps it; nothing of ours is
 * written then. Who holds the old content and asks for the same new one is no hindrance: one of us has to go first.
 */
export function conflictsOf(
  manifest: DigestedManifest,
  claimedBy: ClaimedBy,
  wantedBy: WantedBy = () => undefined,
): readonly Issue[] {
  const objects = manifest.components.flatMap((component) => component.objects);
  const contested = objects.flatMap(({ id, content }) => {
    if (SHARED_BY_NATURE.has(id.kind)) return [];
    const agrees = (claim: Claim) => claim.content === content || wantedBy(claim.owner, id) === content;
    const other = claimedBy(id).find((claim) => !agrees(claim));
    return other === undefined ? [] : [{ id, owner: other.owner }];
  });
  const byOwner = Map.groupBy(contested, ({ owner }) => owner);
  return [...byOwner].map(([owner, group]) =>
    conflict(
      owner,
      group.map(({ id }) => id),
    ),
  );
}

function conflict(owner: string, ids: readonly ObjectId[]): Issue {
  return {
    code: 'Conflict',
    message: `The IstioOperator ${owner} installs ${shown(ids.map(formatId))} with other content.`,
    hint: 'To change that one, edit it under its own name. To have both, give this one a revision, or its gateways other names; what both are to share they have to ask for alike.',
  };
}
