import { LABELS } from '../api/index.ts';
import type { Cluster, LiveObject, LiveStore, Observed, ResourceKind } from '../apply/index.ts';
import { groupOf, idKey, idOf, type ObjectId, OperatorError, type Scope } from '../core/index.ts';

/** What the watches need. */
export interface KindWatchesDeps {
  readonly cluster: Cluster;
  readonly live: LiveStore;
  /** Told when an object changed in a way that may ask for work: gone, drifted, healthy or not. */
  readonly onChange: (change: ObjectChange) => void;
}

/** A change of an object that carries an owner's labels. `owner` is the CR, as `namespace/name`. */
export interface ObjectChange {
  readonly id: ObjectId;
  readonly owner: string;
  readonly what: 'gone' | 'fields' | 'health';
}

/** Kinds watched with their status, because their health counts; of all others metadata is enough. */
const WITH_STATUS: ReadonlySet<string> = new Set([
  'Deployment',
  'DaemonSet',
  'StatefulSet',
  'CustomResourceDefinition',
]);

/**
 * One watch for each kind that any CR installs, of the objects that carry a component label only. Watches start when a
 * kind is first needed and run until the scope ends.
 */
export class KindWatches {
  readonly #deps: KindWatchesDeps;
  readonly #synced = new Map<string, Promise<void>>();
  readonly #running = new Set<Promise<void>>();

  constructor(deps: KindWatchesDeps) {
    this.#deps = deps;
  }

  /**
   * Starts the watches that are missing and resolves when each of these kinds has been listed once.
   * @param lifetime - how long the watches run, not just this call.
   */
  async ensure(kinds: Iterable<ResourceKind>, lifetime: Scope): Promise<void> {
    const wanted = new Map([...kinds].map((kind) => [`${kind.apiVersion}/${kind.kind}`, kind]));
    const waits = [...wanted].map(([key, kind]) => {
      const known = this.#synced.get(key) ?? this.#start(kind, lifetime);
      this.#synced.set(key, known);
      return known;
    });
    await Promise.all(waits);
  }

  /** Resolves when every watch has stopped, which they do when their lifetime ends. */
  async stopped(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  async #start(kind: ResourceKind, lifetime: Scope): Promise<void> {
    // A kind that the server does not serve has no objects; applying one will say so, and the watch picks it up later.
    const served = await this.#deps.cluster.serves(kind, lifetime);
    const { promise: synced, resolve } = Promise.withResolvers<void>();
    const selection = { labelSelector: LABELS.component, metadataOnly: !WITH_STATUS.has(kind.kind) };
    const handler = {
      onSync: (objects: readonly LiveObject[]) => {
        this.#onSync(kind, objects);
        resolve();
      },
      onEvent: (type: string, object: LiveObject) => this.#onEvent(type, object),
      onError: (error: Error) => lifetime.log.warn({ kind: kind.kind, code: codeOf(error) }, 'watch interrupted'),
    };
    const run: Promise<void> = this.#deps.cluster.watch(kind, selection, handler, lifetime).finally(() => {
      this.#running.delete(run);
      resolve();
    });
    this.#running.add(run);
    if (served) await synced;
    lifetime.signal.throwIfAborted();
  }

  #onSync(kind: ResourceKind, objects: readonly LiveObject[]): void {
    const before = new Map(objects.map((object) => [idKey(idOf(object)), this.#deps.live.get(idOf(object))]));
    const gone = this.#deps.live.replaceKind({ group: groupOf(kind.apiVersion), kind: kind.kind }, objects);
    for (const known of gone) this.#report(known, 'gone');
    for (const object of objects) this.#compare(object, before.get(idKey(idOf(object))));
  }

  #onEvent(type: string, object: LiveObject): void {
    if (type === 'DELETED') {
      const known = this.#deps.live.remove(idOf(object), object.metadata);
      if (known !== undefined) this.#report(known, 'gone');
      return;
    }
    const before = this.#deps.live.get(idOf(object));
    if (this.#deps.live.observe(object) !== undefined) this.#compare(object, before);
  }

  #compare(object: LiveObject, before: Observed | undefined): void {
    const after = this.#deps.live.get(idOf(object));
    if (after === undefined) return;
    if (before?.uid !== after.uid || before.ownedFields !== after.ownedFields || before.deleting !== after.deleting) {
      this.#report(after, 'fields');
    } else if (healthText(before) !== healthText(after)) this.#report(after, 'health');
  }

  #report(observed: Observed, what: ObjectChange['what']): void {
    const name = observed.labels[LABELS.owner];
    const namespace = observed.labels[LABELS.ownerNamespace];
    if (name === undefined || namespace === undefined) return;
    this.#deps.onChange({ id: observed.id, owner: `${namespace}/${name}`, what });
  }
}

function healthText(observed: Observed | undefined): string {
  return JSON.stringify(observed?.readiness ?? null);
}

function codeOf(error: unknown): string {
  return error instanceof OperatorError ? error.detail.code : 'Unexpected';
}
