import { addAbortListener } from 'node:events';
import { ANNOTATIONS, readStatus } from '../api/index.ts';
import {
  type Claims,
  type Cluster,
  type ComponentState,
  type ConvergeDeps,
  conflictsOf,
  converge,
  deletionOrder,
  FightDetector,
  INSTALLED_KINDS,
  type Inventory,
  isLabelledFor,
  type LiveObject,
  type LiveStore,
  leftOver,
  type Observed,
  type Outcome,
  prune,
  type ResourceKind,
  sameObjects,
  withLabelled,
  withManifest,
} from '../apply/index.ts';
import {
  type Clock,
  type ClusterFacts,
  type ComponentName,
  type Issue,
  idKey,
  isAbort,
  issuesOf,
  OperatorError,
  type Scope,
  withFields,
} from '../core/index.ts';
import { Installation, type Render, type Rendering } from './installation.ts';
import { logPass, type PassSummary, type RunningPass } from './pass.ts';
import { earliest, requeueAfter } from './requeue-after.ts';
import { ensureFinalizer, hasFinalizer, removeFinalizer, writeStatus } from './resource-writer.ts';
import { keyOf, type ResourceStore, splitKey } from './resources.ts';
import { type SkipReason, skipReason } from './skip-reason.ts';
import type { Report } from './status.ts';
import type { Triggers } from './triggers.ts';
import type { Requeue } from './work-queue.ts';

/** What the reconciler works with. */
export interface ReconcilerDeps {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly facts: ClusterFacts;
  readonly render: Render;
  readonly resources: ResourceStore;
  readonly live: LiveStore;
  readonly claims: Claims;
  /** Puts another CR in line, because something it shares with this one has changed. */
  readonly wake: (key: string) => void;
  /** Makes sure that objects of these kinds are seen; resolves when they have been listed once. */
  readonly watchKinds: (kinds: Iterable<ResourceKind>) => Promise<void>;
  /** What has changed for each CR; said in the log, and in Events on what was put back. */
  readonly triggers: Triggers;
  /** Told of the end of each pass, for events and metrics. */
  readonly onPass?: (pass: PassSummary) => void;
}

/** Tuning of the reconciler. */
export interface ReconcilerOptions {
  /** How long a component may take to become ready, in milliseconds. */
  readonly readinessTimeoutMs: number;
  /** Only CRs of this revision are worked on; undefined means all. */
  readonly revision?: string | undefined;
}

/** How long a deletion waits at most to see what it is about to delete. */
const LOOK_MS = 2_000;

/** How soon a deletion that waits for finalizers is looked at again, besides when the watch tells. */
const DELETION_POLL_MS = 2_000;

/**
 * Brings the cluster to what one CR asks for, one pass at a time: a key goes in, never an event. A pass reads what is
 * known, plans, acts, and reports in the CR's status; it never waits for health, the watches wake it.
 */
export class Reconciler {
  readonly #installations = new Map<string, Installation>();
  readonly #namespaces = new Set<string>();
  readonly #fights: FightDetector;
  readonly #passes = new Map<string, RunningPass>();
  readonly #options: ReconcilerOptions;
  readonly #deps: ReconcilerDeps;

  constructor(options: ReconcilerOptions, deps: ReconcilerDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#fights = new FightDetector(deps.clock);
  }

  /**
   * One pass over the CR with this key. Expected failures end up in its status; aborts and bugs reject. A pass that was
   * superseded ends early without an error: whoever interrupted it has put the key in line again.
   */
  async reconcile(key: string, outer: Scope): Promise<Requeue> {
    const resource = this.#deps.resources.get(key);
    if (resource === undefined) {
      this.#installations.delete(key);
      this.#deps.triggers.take(key);
      for (const other of this.#deps.claims.update(key, new Map())) this.#deps.wake(other);
      return { kind: 'done' };
    }
    const controller = new AbortController();
    using _listener = addAbortListener(outer.signal, () => controller.abort(outer.signal.reason));
    const pass: RunningPass = { resource, controller, triggers: this.#deps.triggers.take(key), statusWrites: 0 };
    this.#passes.set(key, pass);
    const startedMs = this.#deps.clock.monotonicMs();
    const fields = { ...splitKey(key), generation: resource.metadata.generation };
    const scope = withFields({ ...outer, signal: controller.signal }, fields);
    try {
      return await this.#pass(key, resource, scope);
    } catch (error) {
      if (controller.signal.aborted && !outer.signal.aborted) return { kind: 'done' };
      if (isAbort(error, scope.signal) || !(error instanceof OperatorError)) throw error;
      return await this.#blocked(key, error, scope);
    } finally {
      this.#passes.delete(key);
      logPass(pass, this.#deps.clock.monotonicMs() - startedMs, scope);
    }
  }

  /** Tells what the pass over this CR came to. */
  #conclusion(after: LiveObject, result: Pick<PassSummary, 'report' | 'outcome' | 'stuck'>): void {
    const key = keyOf(after);
    const pass = this.#passes.get(key);
    if (pass === undefined) return;
    pass.summary = { key, before: pass.resource, after, triggers: pass.triggers, ...result };
    this.#deps.onPass?.(pass.summary);
  }

  /** A call that the whole pass depends on failed. The status says so if it can be written at all. */
  async #blocked(key: string, error: OperatorError, scope: Scope): Promise<Requeue> {
    scope.log.warn({ code: error.detail.code, err: error }, 'reconcile failed');
    const resource = this.#deps.resources.get(key);
    const installation = this.#installations.get(key);
    if (resource === undefined || installation === undefined || error.detail.code === 'WriteConflict')
      return { kind: 'backoff' };
    const report: Report = { kind: 'blocked', issues: issuesOf(error) };
    const after = await this.#write(resource, installation, report, scope).catch((err: unknown) => {
      if (!(err instanceof OperatorError)) throw err;
      scope.log.warn({ code: err.detail.code }, 'status not written');
      return resource;
    });
    this.#conclusion(after, { report, stuck: [] });
    return { kind: 'backoff' };
  }

  /** Ends the pass that is under way for this CR when it works on another generation, or on one that is being deleted. */
  interrupt(key: string): void {
    const pass = this.#passes.get(key);
    const resource = this.#deps.resources.get(key);
    if (pass === undefined) return;
    const { generation, deletionTimestamp } = pass.resource.metadata;
    // Nothing supersedes a deletion: its last write makes the resource go, and the answer to that may come after the event.
    if (deletionTimestamp !== undefined) return;
    const superseded =
      resource?.metadata.generation !== generation || resource?.metadata.deletionTimestamp !== undefined;
    if (superseded) pass.controller.abort(new Error('superseded by a newer version of the resource'));
  }

  async #pass(key: string, resource: LiveObject, scope: Scope): Promise<Requeue> {
    const installation = this.#installation(key, resource);
    if (resource.metadata.deletionTimestamp !== undefined) return await this.#delete(resource, installation, scope);
    // Deletion comes first: a CR can always be deleted.
    const skipped = skipReason(resource, this.#options.revision);
    if (skipped !== undefined) return await this.#skip(resource, installation, skipped, scope);
    return await this.#install(resource, installation, scope);
  }

  /** Makes the inventory of a CR known before its first pass, so that others do not take what it holds. */
  register(resource: LiveObject): void {
    this.#installation(keyOf(resource), resource);
  }

  #installation(key: string, resource: LiveObject): Installation {
    const known = this.#installations.get(key);
    if (known !== undefined && known.uid === resource.metadata.uid) return known;
    const fresh = new Installation(resource);
    this.#installations.set(key, fresh);
    this.#setInventory(key, fresh, fresh.inventory);
    return fresh;
  }

  async #skip(resource: LiveObject, installation: Installation, why: SkipReason, scope: Scope): Promise<Requeue> {
    const report: Report = { kind: 'skipped', ...why };
    // Where another operator looks after it, its word stands; it may come any moment, so nothing may have changed.
    const isOthers = why.reason === 'OtherRevision';
    if (isOthers && readStatus(resource.status).conditions !== undefined) return { kind: 'done' };
    const after = await this.#write(resource, installation, report, scope, isOthers);
    this.#conclusion(after, { report, stuck: [] });
    return { kind: 'done' };
  }

  async #install(resource: LiveObject, installation: Installation, scope: Scope): Promise<Requeue> {
    let current = resource;
    // Before anything that takes time: a stale HEALTHY would let Argo CD start the next sync wave.
    if (readStatus(current.status).observedGeneration !== current.metadata.generation) {
      current = await this.#write(current, installation, { kind: 'accepted' }, scope);
    }
    const rendering = installation.rendering(current, this.#deps.render, this.#deps.facts);
    if (rendering.kind === 'rejected') return await this.#reject(current, installation, rendering.error, scope);
    current = await ensureFinalizer(current, this.#deps, scope);
    await this.#deps.watchKinds(kindsOf(rendering, installation));
    await this.#adopt(current, installation);
    const conflicts = conflictsOf(rendering.digested, this.#deps.claims.besides(keyOf(current)));
    if (conflicts.length > 0) return await this.#yield(current, installation, conflicts, scope);
    current = await this.#recordIntent(current, installation, rendering, scope);
    const outcome = await this.#converge(current, installation, rendering, scope);
    this.#setInventory(keyOf(current), installation, outcome.inventory);
    return await this.#conclude(current, installation, { rendering, outcome }, scope);
  }

  /** Writes the status where it differs from the last one. @returns the CR after it. */
  async #write(
    resource: LiveObject,
    { inventory }: Installation,
    report: Report,
    scope: Scope,
    ifUnchanged = false,
  ): Promise<LiveObject> {
    const after = await writeStatus(resource, { report, inventory, ifUnchanged }, this.#deps, scope);
    const pass = this.#passes.get(keyOf(resource));
    if (pass !== undefined && after !== resource) pass.statusWrites++;
    return after;
  }

  async #reject(
    resource: LiveObject,
    installation: Installation,
    error: OperatorError,
    scope: Scope,
  ): Promise<Requeue> {
    const report: Report = { kind: 'rejected', issues: issuesOf(error) };
    scope.log.warn({ code: error.detail.code, path: error.detail.path }, 'resource rejected');
    this.#conclusion(await this.#write(resource, installation, report, scope), { report, stuck: [] });
    return { kind: 'done' };
  }

  /** What an earlier operator installed for this CR, or we did before its status was lost, is found by its labels, once. */
  async #adopt(resource: LiveObject, installation: Installation): Promise<void> {
    if (!installation.mayHaveUnrecorded) return;
    const { name, namespace = '' } = resource.metadata;
    const isLabelled = (observed: Observed) => isLabelledFor(observed, { name, namespace });
    // The kinds of the manifest have been listed; a first installation need not look at all the others.
    if ([...this.#deps.live.all()].some(isLabelled)) await this.#findLabelled(resource, installation);
    installation.mayHaveUnrecorded = false;
  }

  async #findLabelled(resource: LiveObject, installation: Installation): Promise<void> {
    const { name, namespace = '' } = resource.metadata;
    await this.#deps.watchKinds(INSTALLED_KINDS);
    const found = withLabelled(installation.inventory, this.#deps.live, { name, namespace });
    this.#setInventory(keyOf(resource), installation, found);
  }

  /** Another CR was here first: nothing is written, and it is looked at again when that one lets go. */
  async #yield(
    resource: LiveObject,
    installation: Installation,
    conflicts: readonly Issue[],
    scope: Scope,
  ): Promise<Requeue> {
    const report: Report = { kind: 'blocked', issues: conflicts };
    this.#deps.claims.waitForRelease(keyOf(resource));
    this.#conclusion(await this.#write(resource, installation, report, scope), { report, stuck: [] });
    return { kind: 'backoff' };
  }

  /** Keeps the inventory, and wakes those that hold what it has let go: they may have to look after it now. */
  #setInventory(key: string, installation: Installation, inventory: Inventory): void {
    installation.inventory = inventory;
    for (const other of this.#deps.claims.update(key, inventory)) this.#deps.wake(other);
  }

  /** Puts everything that is about to be created on record first, so that a crash orphans nothing. */
  async #recordIntent(
    resource: LiveObject,
    installation: Installation,
    rendering: Extract<Rendering, { kind: 'manifest' }>,
    scope: Scope,
  ): Promise<LiveObject> {
    const intended = withManifest(installation.inventory, rendering.digested);
    const isOnRecord = sameObjects(installation.inventory, intended);
    this.#setInventory(keyOf(resource), installation, intended);
    return isOnRecord ? resource : await this.#write(resource, installation, { kind: 'accepted' }, scope);
  }

  async #converge(
    resource: LiveObject,
    installation: Installation,
    rendering: Extract<Rendering, { kind: 'manifest' }>,
    scope: Scope,
  ): Promise<Outcome> {
    const input = {
      manifest: rendering.digested,
      inventory: installation.inventory,
      settings: {
        adopt: resource.metadata.annotations?.[ANNOTATIONS.adopt] === 'true',
        confirmAll: resource.metadata.annotations?.[ANNOTATIONS.prune] === 'report',
        confirmPrune: resource.metadata.annotations?.[ANNOTATIONS.confirmPrune],
        namespaceLabels: rendering.manifest.namespaceLabels ?? {},
      },
    };
    return await converge(input, this.#convergeDeps(resource, installation), scope);
  }

  #convergeDeps(resource: LiveObject, installation: Installation): ConvergeDeps {
    const { name, namespace = '' } = resource.metadata;
    return {
      cluster: this.#deps.cluster,
      clock: this.#deps.clock,
      fights: this.#fights,
      live: this.#deps.live,
      namespaces: this.#namespaces,
      onApplied: (object) => void this.#deps.live.observe(object),
      keepInventory: (inventory) => this.#setInventory(keyOf(resource), installation, inventory),
      claimedBy: this.#deps.claims.besides(keyOf(resource)),
      isOurs: ({ metadata }) => isLabelledFor({ labels: metadata.labels ?? {} }, { name, namespace }),
    };
  }

  async #conclude(
    resource: LiveObject,
    installation: Installation,
    { rendering, outcome }: { rendering: Extract<Rendering, { kind: 'manifest' }>; outcome: Outcome },
    scope: Scope,
  ): Promise<Requeue> {
    const timing = this.#timing(installation, outcome.components);
    const { components, stuck, nextMs } = await installation.rollouts.explain(outcome.components, this.#deps, scope);
    const wanted = rendering.digested.components.flatMap(({ objects }) => objects.map(({ id }) => idKey(id)));
    const report: Report = {
      kind: 'converging',
      components,
      timedOut: timing.timedOut,
      leftOver: leftOver(outcome.inventory, new Set(wanted)),
      ...(outcome.held === undefined ? {} : { held: outcome.held }),
      pruneIssues: outcome.pruneIssues,
      notices: rendering.manifest.notices,
      version: rendering.manifest.version,
    };
    this.#conclusion(await this.#write(resource, installation, report, scope), { report, outcome, stuck });
    const issues = [...outcome.components.flatMap((state) => state.issues), ...outcome.pruneIssues];
    const removing: Requeue =
      outcome.deleting.length > 0 ? { kind: 'after', delayMs: DELETION_POLL_MS } : { kind: 'done' };
    return earliest(issues.length > 0 ? requeueAfter(issues) : removing, timing.nextMs, nextMs);
  }

  /** Which components have been unready for too long, and in how many milliseconds the next one will have been. */
  #timing(
    installation: Installation,
    components: readonly ComponentState[],
  ): { timedOut: ReadonlySet<ComponentName>; nextMs?: number } {
    const nowMs = this.#deps.clock.monotonicMs();
    const timedOut = new Set<ComponentName>();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { component, phase } of components) {
      const unreadyMs = installation.unreadyForMs(component, phase !== 'progressing', nowMs);
      if (unreadyMs === undefined) continue;
      const leftMs = this.#options.readinessTimeoutMs - unreadyMs;
      if (leftMs <= 0) timedOut.add(component);
      else nextMs = Math.min(nextMs, leftMs);
    }
    return Number.isFinite(nextMs) ? { timedOut, nextMs } : { timedOut };
  }

  /** After a restart, what is installed has not been seen. Somebody may want some of it kept; not to see it stops nothing. */
  async #lookAt({ inventory }: Installation, scope: Scope): Promise<void> {
    const kinds = [...inventory.values()].map(({ apiVersion, kind }) => ({ apiVersion, kind }));
    const timeUp = Promise.withResolvers<void>();
    using _timer = this.#deps.clock.after(LOOK_MS, timeUp.resolve);
    const seen = this.#deps.watchKinds(kinds).catch((error: unknown) => {
      if (!(error instanceof OperatorError)) throw error;
      scope.log.warn({ code: error.detail.code }, 'installed objects not seen before their deletion');
    });
    await Promise.race([seen, timeUp.promise]);
  }

  /** Removes what the CR installed, then its finalizer. Nothing that can be wrong with the CR stands in the way. */
  async #delete(resource: LiveObject, installation: Installation, scope: Scope): Promise<Requeue> {
    if (!hasFinalizer(resource)) return { kind: 'done' };
    if (installation.mayHaveUnrecorded) await this.#findLabelled(resource, installation);
    await this.#lookAt(installation, scope);
    const entries = deletionOrder([...installation.inventory.values()]);
    const pruned = await prune(entries, installation.inventory, this.#convergeDeps(resource, installation), scope);
    this.#setInventory(keyOf(resource), installation, pruned.inventory);
    if (pruned.inventory.size === 0) {
      await removeFinalizer(resource, this.#deps, scope);
      scope.log.info({ deleted: pruned.deleted.length }, 'installation removed');
      this.#conclusion(resource, { report: { kind: 'deleting', remaining: 0, issues: [] }, stuck: [] });
      return { kind: 'done' };
    }
    const report: Report = { kind: 'deleting', remaining: pruned.inventory.size, issues: pruned.issues };
    this.#conclusion(await this.#write(resource, installation, report, scope), { report, stuck: [] });
    return pruned.issues.length > 0 ? { kind: 'backoff' } : { kind: 'after', delayMs: DELETION_POLL_MS };
  }
}

function kindsOf(
  rendering: Extract<Rendering, { kind: 'manifest' }>,
  installation: Installation,
): readonly ResourceKind[] {
  const rendered = rendering.manifest.components.flatMap(({ objects }) => objects);
  return [...rendered, ...installation.inventory.values()].map(({ apiVersion, kind }) => ({ apiVersion, kind }));
}
