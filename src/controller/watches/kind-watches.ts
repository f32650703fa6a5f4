import { LABELS } from '../../api/index.ts';
import {
  type Cluster,
  FIELD_MANAGER,
  fieldPathsOf,
  HANDOVER_MANAGER,
  hasNamesake,
  type LiveMeta,
  type LiveObject,
  type LiveStore,
  labelledOwner,
  type ManagedFields,
  type Observed,
  type ResourceKind,
} from '../../apply/index.ts';
import { groupOf, idKey, idOf, type ObjectId, OperatorError, type Scope, untilAborted } from '../../core/index.ts';
import { FirstList } from './first-list.ts';

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
  /** The field manager that changed it, where that can be seen, and the fields that it has set. */
  readonly by?: string;
  readonly fields?: readonly string[];
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
  readonly #lifetime: Scope;
  readonly #watched = new Map<string, FirstList>();
  readonly #running = new Set<Promise<void>>();

  /** @param lifetime - how long the watches run. */
  constructor(deps: KindWatchesDeps, lifetime: Scope) {
    this.#deps = deps;
    this.#lifetime = lifetime;
  }

  /**
   * Starts the watches that are missing and resolves when each of these kinds has been listed once.
   * @param scope - how long to wait for that; the watches go on.
   * @throws {OperatorError} why a kind cannot be listed; the watch goes on trying.
   */
  async ensure(kinds: Iterable<ResourceKind>, scope: Scope): Promise<void> {
    this.#lifetime.signal.throwIfAborted(); // watches that have ended never list again, and nobody must wait for that
    // only their names: what comes in may be a whole object, and a watch keeps what it is given
    const wanted = new Map([...kinds].map(({ apiVersion, kind }) => [`${apiVersion}/${kind}`, { apiVersion, kind }]));
    const synced = Promise.all([...wanted].map(([key, kind]) => this.#synced(key, kind)));
    await untilAborted(synced, scope.signal);
  }

  async #synced(key: string, kind: ResourceKind): Promise<void> {
    const known = this.#watched.get(key);
    if (known !== undefined) return await known.settled;
    const sync = new FirstList();
    this.#watched.set(key, sync);
    // A kind that the server does not serve has no objects; applying one will say so, and the watch picks it up later.
    const served = await this.#deps.cluster.serves(kind, this.#lifetime).catch((error: unknown) => {
      this.#watched.delete(key);
      sync.fail(error);
      throw error;
    });
    if (!served) sync.succeed();
    this.#start(kind, sync);
    await sync.settled;
  }

  /** Resolves when every watch has stopped, which they do when their lifetime ends. */
  async stopped(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  #start(kind: ResourceKind, sync: FirstList): void {
    const lifetime = this.#lifetime;
    const selection = { labelSelector: LABELS.component, metadataOnly: !WITH_STATUS.has(kind.kind) };
    const handler = {
      onSync: (objects: readonly LiveObject[], resourceVersion: string | undefined) => {
        this.#onSync(kind, objects, resourceVersion);
        sync.succeed();
      },
      onEvent: (type: string, object: LiveObject) => this.#onEvent(type, object),
      onError: (error: Error) => {
        lifetime.log.warn({ kind: kind.kind, code: codeOf(error) }, 'watch interrupted');
        sync.fail(error);
      },
    };
    const run: Promise<void> = this.#deps.cluster.watch(kind, selection, handler, lifetime).finally(() => {
      this.#running.delete(run);
      sync.fail(lifetime.signal.reason);
    });
    this.#running.add(run);
  }

  #onSync(kind: ResourceKind, objects: readonly LiveObject[], resourceVersion: string | undefined): void {
    const before = new Map(objects.map((object) => [idKey(idOf(object)), this.#deps.live.get(idOf(object))]));
    const { live } = this.#deps;
    const gone = live.replaceKind({ group: groupOf(kind.apiVersion), kind: kind.kind }, objects, resourceVersion);
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
    const isSame = before?.uid === after.uid && before.ownedFields === after.ownedFields;
    if (!isSame || before.deleting !== after.deleting || before.isIgnored !== after.isIgnored) {
      const isOurs = before === undefined || hasNamesake(before.ownedFields, after.ownedFields);
      this.#report(after, 'fields', isOurs ? undefined : lastChange(object.metadata));
    } else if (healthText(before) !== healthText(after)) this.#report(after, 'health');
  }

  #report({ id, labels }: Observed, what: ObjectChange['what'], change?: ManagedFields): void {
    const by = change && { by: change.manager, fields: fieldPathsOf(change.fieldsV1 ?? {}) };
    this.#deps.onChange({ id, owner: labelledOwner(labels), what, ...by });
  }
}

/** Of the managers that are not us the one that has set a field last, and its fields. */
function lastChange({ managedFields = [] }: LiveMeta): ManagedFields | undefined {
  const others = managedFields.filter(({ manager, subresource }) => {
    return subresource === undefined && manager !== FIELD_MANAGER && manager !== HANDOVER_MANAGER;
  });
  return others.sort((a, b) => ((a.time ?? '') < (b.time ?? '') ? 1 : -1))[0];
}

function healthText(observed: Observed | undefined): string {
  return JSON.stringify(observed?.readiness ?? null);
}

function codeOf(error: unknown): string {
  return error instanceof OperatorError ? error.detail.code : 'Unexpected';
}
