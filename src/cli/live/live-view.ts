import { addAbortListener } from 'node:events';
import { LABELS } from '../../api/index.ts';
import { type Cluster, HEALTH_KINDS, type LiveObject, LiveStore, type ResourceKind } from '../../apply/index.ts';
import { type Clock, groupOf, idOf, type Scope } from '../../core/index.ts';

/** The live state of some kinds, kept current by watches for as long as a scope lasts. */
export class LiveView implements AsyncDisposable {
  readonly store = new LiveStore();
  readonly #cluster: Cluster;
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  readonly #listener: Disposable;
  readonly #running: Promise<void>[] = [];
  #version = 0;
  #changed = Promise.withResolvers<void>();

  constructor(deps: { readonly cluster: Cluster; readonly clock: Clock }, { signal }: Scope) {
    this.#cluster = deps.cluster;
    this.#clock = deps.clock;
    this.#listener = addAbortListener(signal, () => this.#stop.abort(signal.reason));
  }

  /** Counts the changes that were seen. */
  get version(): number {
    return this.#version;
  }

  /**
   * Starts watching kinds and resolves when each has been listed once.
   * @throws {OperatorError} why a kind cannot be listed.
   */
  async watch(kinds: Iterable<ResourceKind>, scope: Scope): Promise<void> {
    const distinct = new Map([...kinds].map((kind) => [`${kind.apiVersion}/${kind.kind}`, kind]));
    await Promise.all([...distinct.values()].map((kind) => this.#watchKind(kind, scope)));
  }

  async #watchKind(kind: ResourceKind, scope: Scope): Promise<void> {
    const served = await this.#cluster.serves(kind, scope);
    const synced = Promise.withResolvers<void>();
    const handler = {
      onSync: (objects: readonly LiveObject[], resourceVersion: string | undefined) => {
        this.store.replaceKind({ group: groupOf(kind.apiVersion), kind: kind.kind }, objects, resourceVersion);
        this.#pulse();
        synced.resolve();
      },
      onEvent: (type: string, object: LiveObject) => {
        if (type === 'DELETED') this.store.remove(idOf(object), object.metadata);
        else this.store.observe(object);
        this.#pulse();
      },
      onError: synced.reject,
    };
    const selection = { labelSelector: LABELS.component, metadataOnly: !HEALTH_KINDS.has(kind.kind) };
    synced.promise.catch(() => undefined); // nobody waits for a kind that is not served
    const run = this.#cluster.watch(kind, selection, handler, { ...scope, signal: this.#stop.signal });
    this.#running.push(run.finally(() => synced.reject(this.#stop.signal.reason)));
    if (served) await synced.promise;
  }

  #pulse(): void {
    this.#version++;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** Resolves when there is a newer version than this one, after `timeoutMs` at the latest. */
  async changedSince(version: number, timeoutMs: number, scope: Scope): Promise<void> {
    if (this.#version > version) return;
    const over = Promise.withResolvers<void>();
    using _timer = this.#clock.after(timeoutMs, over.resolve);
    using _listener = addAbortListener(scope.signal, () => over.reject(scope.signal.reason));
    await Promise.race([this.#changed.promise, over.promise]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener[Symbol.dispose]();
    this.#stop.abort();
    await Promise.allSettled(this.#running);
  }
}
