import { RESOURCE_KIND } from '../api/index.ts';
import { Claims, type Cluster, type LiveObject, LiveStore } from '../apply/index.ts';
import { type Clock, type ClusterFacts, idOf, OperatorError, pause, type Scope } from '../core/index.ts';
import type { Render } from './passes/installation.ts';
import type { PassSummary } from './passes/pass.ts';
import { revisionOf } from './passes/revision-use.ts';
import { Reconciler } from './reconciler.ts';
import { checkRights, neededRights } from './self-check.ts';
import { EventRecorder } from './telemetry/event-recorder.ts';
import { eventsOf } from './telemetry/pass-events.ts';
import { KindWatches, type ObjectChange } from './watches/kind-watches.ts';
import { changeOf, keyOf, ResourceStore } from './watches/resources.ts';
import { RevisionWatch } from './watches/revision-watch.ts';
import { Triggers } from './watches/triggers.ts';
import { type QueueEvent, WorkQueue } from './work-queue.ts';

/** Tuning of the operator. */
export interface OperatorOptions {
  /** Namespaces whose IstioOperators are looked after; empty means all. */
  readonly watchNamespaces: readonly string[];
  /** Only CRs of this revision; undefined means all. */
  readonly revision?: string | undefined;
  /** Whether a CR that is deleted waits until what it installed is gone. Default: true; else all of that stays. */
  readonly usesFinalizer?: boolean;
  /** The lock that this operator holds, as `namespace/name`; it marks what the operator looks after. Default: none. */
  readonly lock?: string | undefined;
  /** CRs that are worked on at the same time. Default 4. */
  readonly maxConcurrentReconciles?: number;
  /** How long a component may take to become ready, in milliseconds. Default 300,000. */
  readonly readinessTimeoutMs?: number;
  /** Whether Events on the CRs tell what happens to them. Default: false. */
  readonly emitsEvents?: boolean;
}

/** What the operator works with; only `cli` makes the real ones. */
export interface OperatorDeps {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly render: Render;
  /** Told when the CRs have been listed: from then on the operator is ready. */
  readonly onReady?: () => void;
  readonly onPass?: (pass: PassSummary) => void;
  /** Told of a CR that is gone, or left to somebody else. */
  readonly onForget?: (key: string) => void;
  readonly onQueue?: (event: QueueEvent) => void;
}

/** Between attempts to learn the cluster's version at start, when it is not there yet. */
const FACTS_RETRY_MS = 2_000;

/** Looks after the IstioOperators of a cluster until the scope is aborted; resolves when everything has stopped. */
export async function runOperator(options: OperatorOptions, deps: OperatorDeps, scope: Scope): Promise<void> {
  try {
    const facts = await learnFacts(deps, scope);
    scope.log.info({ kubernetesVersion: facts.kubernetesVersion, platform: facts.platform }, 'operator started');
    await new Operator(options, deps, facts, scope).run();
  } catch (error) {
    if (!scope.signal.aborted) throw error;
  }
}

async function learnFacts(deps: OperatorDeps, scope: Scope): Promise<ClusterFacts> {
  for (;;) {
    try {
      return await deps.cluster.facts(scope);
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      scope.log.warn({ code: error.detail.code, err: error }, 'API server not reachable, trying again');
      await pause(FACTS_RETRY_MS, deps.clock, scope);
    }
  }
}

/** The wiring of watches, queue and reconciler. */
class Operator {
  readonly #options: OperatorOptions;
  readonly #deps: OperatorDeps;
  readonly #scope: Scope;
  readonly #resources = new ResourceStore((object, before) => this.#onChange(object, before));
  readonly #claims = new Claims();
  readonly #triggers = new Triggers();
  readonly #watches: KindWatches;
  readonly #users: RevisionWatch;
  readonly #events: EventRecorder | undefined;
  readonly #reconciler: Reconciler;
  readonly #queue: WorkQueue;

  constructor(options: OperatorOptions, deps: OperatorDeps, facts: ClusterFacts, scope: Scope) {
    this.#options = options;
    this.#deps = deps;
    this.#scope = scope;
    const { cluster, clock, render, onQueue } = deps;
    this.#events = options.emitsEvents === true ? new EventRecorder({ cluster, clock }) : undefined;
    const live = new LiveStore();
    this.#watches = new KindWatches({ cluster, live, onChange: (change) => this.#wakeHolders(change) }, scope);
    this.#users = new RevisionWatch({ cluster, clock, onChange: (revisions) => this.#wakeUsed(revisions) }, scope);
    this.#reconciler = new Reconciler(
      { readinessTimeoutMs: options.readinessTimeoutMs ?? 300_000, revision: options.revision },
      {
        cluster,
        clock,
        facts,
        render,
        live,
        lock: options.lock,
        watchKinds: (kinds, inner) => this.#watches.ensure(kinds, inner),
        usersOf: (revision, isOwn, inner) => this.#users.usersOf(revision, isOwn, inner),
        resources: this.#resources,
        claims: this.#claims,
        usesFinalizer: options.usesFinalizer ?? true,
        triggers: this.#triggers,
        wake: (key) => this.#wake(key),
        onPass: (pass) => this.#tell(pass),
        onForget: (key) => deps.onForget?.(key),
      },
    );
    this.#queue = new WorkQueue(
      { concurrency: options.maxConcurrentReconciles ?? 4 },
      {
        clock,
        work: (key, inner) => this.#reconciler.reconcile(key, inner),
        ...(onQueue ? { onChange: onQueue } : {}),
      },
    );
  }

  async run(): Promise<void> {
    const namespaces = this.#options.watchNamespaces.length === 0 ? [''] : this.#options.watchNamespaces;
    const pending = new Set(namespaces);
    const watches = namespaces.map((namespace) =>
      this.#watchResources(namespace, () => {
        if (pending.delete(namespace) && pending.size === 0) this.#deps.onReady?.();
      }),
    );
    await Promise.all([...watches, this.#queue.run(this.#scope), this.#events?.run(this.#scope), this.#checkRights()]);
    await Promise.all([this.#watches.stopped(), this.#users.stopped()]);
  }

  async #checkRights(): Promise<void> {
    await checkRights(neededRights(this.#options.watchNamespaces), this.#deps.cluster, this.#scope);
  }

  #tell(pass: PassSummary): void {
    for (const note of this.#events === undefined ? [] : eventsOf(pass)) this.#events?.record(pass.after, note);
    this.#deps.onPass?.(pass);
  }

  #watchResources(namespace: string, synced: () => void): Promise<void> {
    const handler = {
      onSync: (objects: readonly LiveObject[]) => {
        this.#forgetMissing(namespace, objects);
        for (const object of objects) this.#resources.observe(object);
        synced();
      },
      onEvent: (type: string, object: LiveObject) =>
        type === 'DELETED' ? this.#remove(object) : this.#resources.observe(object),
      onError: (error: Error) => {
        const code = error instanceof OperatorError ? error.detail.code : 'Unexpected';
        this.#scope.log.warn({ code, namespace, err: error }, 'watch of IstioOperators interrupted');
      },
    };
    return this.#deps.cluster.watch(RESOURCE_KIND, namespace === '' ? {} : { namespace }, handler, this.#scope);
  }

  #onChange(object: LiveObject, before: LiveObject | undefined): void {
    const key = keyOf(object);
    this.#triggers.add(key, { id: idOf(object), ...changeOf(object, before) });
    this.#reconciler.register(object);
    this.#reconciler.interrupt(key);
    this.#queue.reset(key);
    this.#queue.add(key);
  }

  #remove(object: LiveObject): void {
    this.#resources.remove(object);
    this.#reconciler.interrupt(keyOf(object));
    this.#queue.add(keyOf(object));
  }

  #forgetMissing(namespace: string, present: readonly LiveObject[]): void {
    const keys = new Set(present.map(keyOf));
    for (const known of this.#resources.values()) {
      const watched = namespace === '' || known.metadata.namespace === namespace;
      if (watched && !keys.has(keyOf(known))) this.#remove(known);
    }
  }

  /** Both who is named by its labels and who holds it: a shared object has one owner and several holders. */
  #wakeHolders({ owner, what, ...change }: ObjectChange): void {
    for (const key of new Set([owner, ...this.#claims.holders(change.id).map((claim) => claim.owner)])) {
      if (this.#resources.get(key) === undefined) continue;
      this.#triggers.add(key, { ...change, change: what });
      this.#wake(key);
    }
  }

  #wakeUsed(revisions: ReadonlySet<string>): void {
    for (const resource of this.#resources.values()) {
      const waitsForUsers = resource.metadata.deletionTimestamp !== undefined; // of what is installed, whatever it asks for
      if (!waitsForUsers && !revisions.has(revisionOf(resource))) continue;
      this.#triggers.add(keyOf(resource), { id: idOf(resource), change: 'use' });
      this.#wake(keyOf(resource));
    }
  }

  /** Something live changed; only CRs that are known have anything to do with it. */
  #wake(key: string): void {
    if (this.#resources.get(key) !== undefined) this.#queue.add(key);
  }
}
