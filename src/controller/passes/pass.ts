import {
  type Claims,
  type Cluster,
  type ConvergeDeps,
  conflictsOf,
  type DigestedManifest,
  type FightDetector,
  INSTALLED_KINDS,
  type Inventory,
  isLabelledFor,
  type LiveObject,
  type LiveStore,
  labelledOwner,
  type Outcome,
  ownedFieldsOf,
  type ResourceKind,
  type RevisionReference,
  type RevisionUsers,
  type WantedBy,
  withLabelled,
} from '../../apply/index.ts';
import { type Clock, type ClusterFacts, type Issue, idOf, type Scope } from '../../core/index.ts';
import { writeClaim, writeStatus } from '../status/resource-writer.ts';
import type { Report } from '../status/status.ts';
import { keyOf, type ResourceStore, splitKey } from '../watches/resources.ts';
import { type Trigger, type Triggers, triggerText } from '../watches/triggers.ts';
import type { Installation, Render } from './installation.ts';
import type { StuckRollout } from './stuck-rollouts.ts';

/** What the reconciler and its passes work with. */
export interface ReconcilerDeps {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly facts: ClusterFacts;
  readonly render: Render;
  readonly resources: ResourceStore;
  readonly live: LiveStore;
  /** The lock of this operator; see `OtherOperators`. */
  readonly lock?: string | undefined;
  readonly claims: Claims;
  /** Whether a CR that is deleted waits until what it installed is gone. */
  readonly usesFinalizer: boolean;
  /** Puts another CR in line, because something it shares with this one has changed. */
  readonly wake: (key: string) => void;
  /** Makes sure that objects of these kinds are seen; resolves when they have been listed once. */
  readonly watchKinds: (kinds: Iterable<ResourceKind>, scope: Scope) => Promise<void>;
  /** Who uses a revision now; see `RevisionWatch`. */
  readonly usersOf: (
    revision: string,
    isOwn: (reference: RevisionReference) => boolean,
    scope: Scope,
  ) => Promise<RevisionUsers>;
  /** What has changed for each CR; said in the log, and in Events on what was put back. */
  readonly triggers: Triggers;
  /** Told of the end of each pass, for events and metrics. */
  readonly onPass?: (pass: PassSummary) => void;
  /** Told of a CR that is gone, or left to somebody else: what its passes have told is no longer the case. */
  readonly onForget?: (key: string) => void;
}

/** What all passes have in common and that outlives them. */
export interface PassMemory {
  /** Namespaces known to exist. */
  readonly namespaces: Set<string>;
  readonly fights: FightDetector;
  /** What the documents of the CRs ask for now. */
  readonly wantedBy: WantedBy;
}

/** What a pass did, for events and metrics. */
export interface PassSummary {
  readonly key: string;
  /** The CR as the pass found it, and as it left it. */
  readonly before: LiveObject;
  readonly after: LiveObject;
  readonly report: Report;
  readonly outcome?: Outcome;
  readonly triggers: readonly Trigger[];
  readonly stuck: readonly StuckRollout[];
}

/** One pass over one CR: what it works on, and the writes that it makes to the CR. */
export class Pass {
  /** The CR as the pass found it. */
  readonly found: LiveObject;
  readonly installation: Installation;
  readonly deps: ReconcilerDeps;
  readonly scope: Scope;
  /** The CR after the last write to it. */
  resource: LiveObject;
  readonly #memory: PassMemory;
  readonly #controller = new AbortController();
  readonly #triggers: readonly Trigger[];
  #statusWrites = 0;
  #summary: PassSummary | undefined;

  constructor(found: LiveObject, installation: Installation, memory: PassMemory, deps: ReconcilerDeps, scope: Scope) {
    this.found = found;
    this.resource = found;
    this.installation = installation;
    this.deps = deps;
    this.#memory = memory;
    this.#triggers = deps.triggers.take(keyOf(found));
    this.scope = { ...scope, signal: this.#controller.signal };
  }

  get key(): string {
    return keyOf(this.found);
  }

  get owner(): { readonly name: string; readonly namespace: string } {
    const { name, namespace = '' } = this.found.metadata;
    return { name, namespace };
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** Writes the status where it differs from the last one. */
  async write(report: Report, ifUnchanged = false): Promise<void> {
    // An inventory in status, be it empty, says that nothing else is to be looked for, also to whom comes after a crash.
    const inventory = this.installation.mayHaveUnrecorded ? undefined : this.installation.inventory;
    const after = await writeStatus(this.resource, { report, inventory, ifUnchanged }, this.deps, this.scope);
    if (after !== this.resource) this.#statusWrites++;
    this.resource = after;
  }

  /** Makes sure that no other operator takes the CR for its own before something is done for it. */
  async claim(): Promise<void> {
    this.resource = await writeClaim(this.resource, this.deps, this.scope);
  }

  /** Tells what the pass came to. */
  tell(result: Pick<PassSummary, 'report' | 'outcome'> & { readonly stuck?: readonly StuckRollout[] }): void {
    this.#summary = {
      stuck: [],
      ...result,
      key: this.key,
      before: this.found,
      after: this.resource,
      triggers: this.#triggers,
    };
    this.deps.onPass?.(this.#summary);
  }

  /** Writes the status and tells what the pass came to. */
  async conclude(result: Parameters<Pass['tell']>[0]): Promise<void> {
    await this.write(result.report);
    this.tell(result);
  }

  /** Keeps the inventory, and wakes those that hold what it has let go: they may have to look after it now. */
  setInventory(inventory: Inventory): void {
    this.installation.inventory = inventory;
    for (const other of this.deps.claims.update(this.key, inventory)) this.deps.wake(other);
  }

  /** What other CRs hold that this manifest wants to be something else. */
  conflicts(manifest: DigestedManifest): readonly Issue[] {
    return conflictsOf(manifest, this.deps.claims.besides(this.key), this.#memory.wantedBy);
  }

  /** Takes into the inventory what carries this CR's labels and is not in it. */
  async findLabelled(): Promise<void> {
    await this.deps.watchKinds(INSTALLED_KINDS, this.scope);
    this.setInventory(withLabelled(this.installation.inventory, this.deps.live, this.owner));
  }

  /** What `converge` and `prune` need. */
  get convergeDeps(): ConvergeDeps {
    const { cluster, clock, live, claims } = this.deps;
    return {
      cluster,
      clock,
      live,
      fights: this.#memory.fights,
      namespaces: this.#memory.namespaces,
      onApplied: (object) => this.#see(object),
      keepInventory: (inventory) => this.setInventory(inventory),
      recordInventory: async (inventory) => {
        this.setInventory(inventory);
        await this.write({ kind: 'accepted' });
      },
      claimedBy: claims.besides(this.key),
      onLeft: (id) => claims.letGo(this.key, id),
      isOurs: (object) => this.#isOurs(object),
    };
  }

  /**
   * Ours by its labels, or left to us by the CR that they name. There may be no such CR: somebody can have changed the label
   * before it was on record that we had applied the object, which our ownership of its fields still tells.
   */
  #isOurs(object: LiveObject): boolean {
    const { labels = {} } = object.metadata;
    if (isLabelledFor({ labels }, this.owner)) return true;
    const other = labelledOwner(labels);
    if (this.deps.claims.hasLeft(other, idOf(object))) return true;
    // only of its own namespace it is certain that the CRs there are known
    const isNobody = splitKey(other).namespace === this.owner.namespace && this.deps.resources.get(other) === undefined;
    return isNobody && ownedFieldsOf(object.metadata) !== undefined;
  }

  /** What has been applied; where it is gone again already, no event is to come that would wake the CR for it. */
  #see(object: LiveObject): void {
    const { live, wake } = this.deps;
    if (live.isGone(object.metadata)) wake(this.key);
    else live.observe(object);
  }

  /** One line a pass: what led to it and what it did. A pass that did nothing is of interest only to who looks for it. */
  log(durationMs: number): void {
    const sent = this.#summary?.outcome?.applied ?? [];
    const applied = sent.filter(({ action }) => action !== 'failed' && action !== 'skipped').length;
    const deleted = this.#summary?.outcome?.deleted.length ?? 0;
    const isQuiet = applied + deleted + this.#statusWrites === 0;
    const fields = {
      trigger: this.#triggers.length === 0 ? ['timer'] : this.#triggers.map(triggerText),
      result: this.#summary?.report.kind ?? 'interrupted',
      writes: { applied, deleted, status: this.#statusWrites },
      durationMs: Math.round(durationMs),
    };
    if (isQuiet) this.scope.log.debug(fields, 'reconciled');
    else this.scope.log.info(fields, 'reconciled');
  }
}
