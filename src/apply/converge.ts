import { type ComponentName, type Issue, idKey, type ObjectId, type Scope, throwIssues } from '../core/index.ts';
import { type HeldBack, holdBack } from './adoption.ts';
import {
  type Applied,
  type ApplyDeps,
  type ApplySettings,
  applyComponent,
  failuresOf,
  isInTheWay,
} from './apply-objects.ts';
import { findTakenReplicas } from './autoscalers.ts';
import type { LiveObject } from './cluster.ts';
import type { DigestedManifest } from './digested-manifest.ts';
import { isContested } from './fight-detector.ts';
import { ownedFieldsOf } from './fingerprint.ts';
import { entryFor, type Inventory, type InventoryEntry, leftOver } from './inventory.ts';
import type { LiveStore } from './live-store.ts';
import { type ComponentPlan, isRepair, type PlannedObject, planManifest } from './plan.ts';
import { isKept, type PruneDeps, type Pruned, prune } from './prune.ts';
import type { Readiness } from './readiness.ts';
import { recreateRefused, withOrphansReplicas } from './recreate.ts';
import { waitsFor } from './waves.ts';

/**
 * Where a component stands:
 * - `ready`: applied and healthy
 * - `progressing`: applied, not healthy yet
 * - `waiting`: held back until other components are ready
 * - `failed`: objects could not be applied
 */
export type Phase = 'ready' | 'progressing' | 'waiting' | 'failed';

/** One object whose health counts, as it is now. */
export interface ObjectHealth extends Readiness {
  readonly id: ObjectId;
}

/** Where one component stands after a pass. */
export interface ComponentState {
  readonly component: ComponentName;
  readonly phase: Phase;
  /** What could not be applied. */
  readonly issues: readonly Issue[];
  /** The components that it waits for. */
  readonly waitingFor: readonly ComponentName[];
  /** The workloads, and every object that is not ready. */
  readonly objects: readonly ObjectHealth[];
}

/** The result of one pass. */
export interface Outcome {
  readonly components: readonly ComponentState[];
  readonly inventory: Inventory;
  readonly applied: readonly Applied[];
  readonly deleted: readonly InventoryEntry[];
  /** Left-over objects that are on their way out. */
  readonly deleting: readonly InventoryEntry[];
  /** What could not be removed. */
  readonly pruneIssues: readonly Issue[];
  /** What an earlier operator left behind and nobody has confirmed yet. */
  readonly held?: HeldBack;
  /** What is left over and stays, because nothing is to be removed. */
  readonly stays: readonly InventoryEntry[];
  /** When to look again although nothing that is watched has changed. */
  readonly lookAgainMs?: number;
}

/** What a pass works on. */
export interface ConvergeInput {
  readonly manifest: DigestedManifest;
  readonly inventory: Inventory;
  readonly settings: ApplySettings;
  /** Only what was applied before and is missing or changed is sent, and nothing is removed. Default: false. */
  readonly repairsOnly?: boolean;
}

/** What a pass works with. */
export interface ConvergeDeps extends ApplyDeps, PruneDeps {
  readonly live: LiveStore;
  /** The kinds whose health counts are seen with their status; see `HEALTH_KINDS`. */
  readonly onProgress?: (state: ComponentState) => void;
  /** Resolves when this is on record where a crash cannot lose it. */
  readonly recordInventory: (inventory: Inventory) => Promise<void>;
  /** Given what has been applied so far, also when the pass is aborted halfway. */
  readonly keepInventory: (inventory: Inventory) => void;
}

/**
 * One pass towards the manifest: applies what may go out now, component by component, and prunes when everything is
 * applied and ready. It never waits for health; call it again when something live has changed.
 */
export async function converge(input: ConvergeInput, deps: ConvergeDeps, scope: Scope): Promise<Outcome> {
  const replicas = await findTakenReplicas(input.manifest, deps.live, deps.cluster, scope);
  const pass = new Pass(input, replicas.abandoned, deps, scope);
  const components = await pass.run().finally(() => deps.keepInventory(pass.inventory));
  const pruned = await pruneWhenDone(input, components, pass.inventory, deps, scope);
  return {
    components,
    inventory: pruned?.inventory ?? pass.inventory,
    applied: pass.applied,
    deleted: pruned?.deleted ?? [],
    deleting: pruned?.deleting ?? [],
    pruneIssues: pruned?.issues ?? [],
    stays: pruned?.stays ?? [],
    ...(replicas.lookAgainMs === undefined ? {} : { lookAgainMs: replicas.lookAgainMs }),
    ...(pruned?.held === undefined ? {} : { held: pruned.held }),
  };
}

/** The kind of the webhooks that inject sidecars. */
const INJECTOR_KIND = 'MutatingWebhookConfiguration';

/** The state of one run of `converge`: what is applied so far, and what each component came to. */
class Pass {
  readonly inventory: Map<string, InventoryEntry>;
  readonly applied: Applied[] = [];
  #recorded: Promise<void> = Promise.resolve();
  readonly #plans: ReadonlyMap<ComponentName, ComponentPlan>;
  readonly #installed: ReadonlySet<ComponentName>;
  readonly #states = new Map<ComponentName, Promise<ComponentState>>();
  readonly #input: ConvergeInput;
  readonly #deps: ConvergeDeps;
  readonly #scope: Scope;

  constructor(input: ConvergeInput, abandoned: ReadonlySet<string>, deps: ConvergeDeps, scope: Scope) {
    this.#input = input;
    this.#deps = deps;
    this.#scope = scope;
    this.inventory = new Map(input.inventory);
    const { manifest, inventory } = input;
    const plans = planManifest({ manifest, inventory, live: deps.live, claimedBy: deps.claimedBy, abandoned });
    this.#plans = new Map(plans.map((plan) => [plan.component, plan]));
    const appliedBefore = [...inventory.values()].filter(({ uid }) => uid !== undefined);
    this.#installed = new Set(appliedBefore.map((entry) => entry.component));
  }

  /** Every component at once; each waits for those that it depends on. Settles only when all have settled. */
  async run(): Promise<readonly ComponentState[]> {
    const settled = await Promise.allSettled([...this.#plans.keys()].map((component) => this.#state(component)));
    return settled.map((result) => {
      if (result.status === 'rejected') throw result.reason;
      return result.value;
    });
  }

  #state(component: ComponentName): Promise<ComponentState> {
    const known = this.#states.get(component) ?? this.#process(component);
    this.#states.set(component, known);
    return known;
  }

  async #process(component: ComponentName): Promise<ComponentState> {
    const plan = this.#plans.get(component) ?? { component, objects: [] };
    const parents = waitsFor(component, new Set(this.#plans.keys()), this.#installed);
    const states = await Promise.all(parents.map((parent) => this.#state(parent)));
    const waitingFor = states.filter((state) => !carries(state)).map((state) => state.component);
    const results = await this.#apply(plan, waitingFor.length > 0);
    const state = stateOf(plan, waitingFor, results, this.#deps.live);
    this.#deps.onProgress?.(state);
    return state;
  }

  /** Held back is only what is new: what is installed and went missing or drifted is repaired at once. */
  async #apply(plan: ComponentPlan, heldBack: boolean): Promise<readonly Applied[]> {
    const due = heldBack || this.#input.repairsOnly === true ? plan.objects.filter(isRepair) : plan.objects;
    const onApplied: ApplyDeps['onApplied'] = (live, planned) => {
      this.#deps.onApplied(live, planned);
      this.#record(plan.component, planned, live);
    };
    const send = (objects: readonly PlannedObject[]) =>
      applyComponent(objects, this.#input.settings, { ...this.#deps, onApplied }, this.#scope);
    const plain = due.filter((planned) => !isInjector(planned));
    const sent = await send(await withOrphansReplicas(plain, this.inventory, this.#deps.cluster, this.#scope));
    const results = [...(await this.#recreate(sent, plan.component))];
    const injectors = due.filter(isInjector);
    if (!results.some(isInTheWay)) {
      if (injectors.some(({ cause }) => cause !== undefined)) await this.#retireInjectors();
      results.push(...(await send(injectors)));
    }
    this.applied.push(...results);
    return results;
  }

  async #recreate(results: readonly Applied[], component: ComponentName): Promise<readonly Applied[]> {
    const recordOrphans = (orphans: readonly InventoryEntry[]): Promise<void> => {
      for (const orphan of orphans) this.inventory.set(idKey(orphan), orphan);
      // one after the other: each record holds the one before
      this.#recorded = this.#recorded.then(() => this.#deps.recordInventory(new Map(this.inventory)));
      return this.#recorded;
    };
    const deps = { ...this.#deps, recordOrphans };
    return await recreateRefused(results, component, this.#input.settings, deps, this.#scope);
  }

  /**
   * Earlier operators left an injector for the default tag and made the one of the revision match nothing. Ours matches
   * again once it is applied, so theirs goes right before: never do two injectors match one pod.
   */
  async #retireInjectors(): Promise<void> {
    const left = leftOver(this.inventory, wantedKeys(this.#input.manifest));
    const retired = left.filter(({ kind, adopted }) => kind === INJECTOR_KIND && adopted === true);
    if (retired.length === 0) return;
    const { inventory, issues } = await prune(retired, this.inventory, this.#deps, this.#scope);
    throwIssues(issues);
    for (const entry of retired) if (!inventory.has(idKey(entry))) this.inventory.delete(idKey(entry));
  }

  #record(component: ComponentName, planned: PlannedObject, live: LiveObject): void {
    const ownedFields = ownedFieldsOf(live.metadata);
    this.inventory.set(idKey(planned.id), {
      ...entryFor(planned, component),
      uid: live.metadata.uid,
      digest: planned.digest,
      ...(ownedFields === undefined ? {} : { ownedFields }),
    });
  }
}

/** True for a component on which others can rely: ready, or with nothing wrong but somebody who fights over a part of it that is there. */
function carries({ phase, issues, objects }: ComponentState): boolean {
  const isFoughtOver = phase === 'failed' && issues.every(({ code }) => isContested(code));
  return phase === 'ready' || (isFoughtOver && objects.every(({ ready }) => ready));
}

function isInjector({ object }: PlannedObject): boolean {
  return object.kind === INJECTOR_KIND;
}

function wantedKeys(manifest: DigestedManifest): ReadonlySet<string> {
  return new Set(manifest.components.flatMap(({ objects }) => objects.map(({ id }) => idKey(id))));
}

function stateOf(
  plan: ComponentPlan,
  waitingFor: readonly ComponentName[],
  results: readonly Applied[],
  live: LiveStore,
): ComponentState {
  const issues = failuresOf(results);
  const objects = healthOf(plan, live);
  const heldBack =
    waitingFor.length > 0 && plan.objects.some((planned) => planned.cause !== undefined && !isRepair(planned));
  const phase: Phase =
    issues.length > 0
      ? 'failed'
      : heldBack
        ? 'waiting'
        : objects.every((object) => object.ready) && !results.some(isInTheWay)
          ? 'ready'
          : 'progressing';
  return { component: plan.component, phase, issues, waitingFor: phase === 'waiting' ? waitingFor : [], objects };
}

/** Workloads always, so that status can show their counts; everything else only while it is not ready. */
function healthOf(plan: ComponentPlan, live: LiveStore): readonly ObjectHealth[] {
  return plan.objects.flatMap(({ id }) => {
    const observed = live.get(id);
    const readiness = readinessNow(observed?.readiness, observed?.deleting ?? false, id, observed !== undefined);
    return readiness.ready && readiness.desired === undefined ? [] : [{ id, ...readiness }];
  });
}

function readinessNow(known: Readiness | undefined, deleting: boolean, id: ObjectId, exists: boolean): Readiness {
  if (!exists) return { ready: false, reason: 'Missing', message: 'does not exist' };
  if (deleting) return { ready: false, reason: 'Terminating', message: 'is being deleted' };
  return known ?? { ready: false, reason: 'Unknown', message: `health of ${id.kind} not seen yet` };
}

/** Prunes when every component is ready, but not what has to be confirmed first. */
async function pruneWhenDone(
  input: ConvergeInput,
  components: readonly ComponentState[],
  inventory: Inventory,
  deps: ConvergeDeps,
  scope: Scope,
): Promise<(Partial<Pruned> & Pick<Outcome, 'held' | 'stays'>) | undefined> {
  if (input.repairsOnly === true || components.some((state) => state.phase !== 'ready')) return undefined;
  const left = leftOver(inventory, wantedKeys(input.manifest));
  const removable = left.filter((entry) => !isKept(entry, deps));
  const { free, held } = holdBack(removable, input.settings);
  const gone = left.filter((entry) => isKept(entry, deps) || free.includes(entry));
  const pruned = gone.length === 0 ? {} : await prune(gone, inventory, deps, scope);
  const stays = input.settings.pruneMode === 'off' ? removable.filter((entry) => !free.includes(entry)) : [];
  return { ...pruned, ...(held === undefined ? {} : { held }), stays };
}
