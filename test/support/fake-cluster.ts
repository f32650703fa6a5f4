import type {
  ApplyOptions,
  Cluster,
  DeleteOptions,
  Deletion,
  LiveObject,
  ObjectRef,
  PatchOptions,
  ResourceKind,
  Right,
  Selection,
  WatchHandler,
} from '../../src/apply/index.ts';
import {
  asJson,
  type ClusterFacts,
  type ErrorCode,
  type JsonObject,
  type KubernetesObject,
  OperatorError,
  type Scope,
} from '../../src/core/index.ts';
import { refOf } from './fake-object.ts';
import { FakeStore } from './fake-store.ts';
import { FakeWatches } from './fake-watches.ts';
import { matches, metadataOf } from './selection.ts';

/** One call that the fake received. */
export interface FakeRequest {
  readonly verb: 'facts' | 'serves' | 'get' | 'list' | 'apply' | 'create' | 'replace' | 'patch' | 'delete' | 'watch';
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** What was sent: the object or the patch. */
  readonly body?: JsonObject;
  readonly options?: object;
}

/** Which calls `failNext` means; a field that is left out matches all. */
export type RequestMatcher = Partial<Pick<FakeRequest, 'verb' | 'kind' | 'namespace' | 'name'>>;

/** How a fake cluster behaves. */
export interface FakeClusterOptions {
  readonly facts?: ClusterFacts;
  /** What `may` says no to; nothing else looks at it. Default: nothing. */
  readonly denied?: readonly Pick<Right, 'verb' | 'resource'>[];
  /** Kinds beyond the built-in ones and those of applied CRDs. */
  readonly kinds?: readonly (ResourceKind & { readonly namespaced: boolean })[];
  /** Namespaces that exist, besides `default` and `kube-system`. Default: `istio-system`. */
  readonly namespaces?: readonly string[];
  /** Whether workloads get the status of a finished rollout as soon as they are written. Default: true. */
  readonly workloadsBecomeReady?: boolean;
}

/** A cluster in memory, with what tests need to look into it and to disturb it. */
export interface FakeCluster extends Cluster {
  /** All calls so far, in order. */
  readonly requests: readonly FakeRequest[];
  /** The calls that change something, dry runs aside. */
  readonly writes: readonly FakeRequest[];
  /** Forgets the calls so far. */
  clearRequests(): void;
  /** The next `times` calls that match reject with this. */
  failNext(matcher: RequestMatcher, error: ErrorCode | Error, times?: number): void;
  /** The object now, without a call. */
  peek(ref: ObjectRef): LiveObject | undefined;
  /** All objects of a kind now, without a call. */
  peekAll(kind: string): readonly LiveObject[];
  /** Somebody else writes the object; without a manager, `kubectl`. */
  edit(object: KubernetesObject, manager?: string): LiveObject;
  /** A controller writes the status. */
  setStatus(ref: ObjectRef, status: JsonObject, manager?: string): LiveObject;
  /** An autoscaler sets the replicas. */
  scale(ref: ObjectRef, replicas: number, manager: string): LiveObject;
  /** Somebody else deletes the object. */
  remove(ref: ObjectRef): void;
  /** Every watch reports this error, then lists again. */
  breakWatches(error?: Error): void;
  /** How many watches run. */
  readonly watchCount: number;
}

const READ_VERBS: ReadonlySet<FakeRequest['verb']> = new Set(['facts', 'serves', 'get', 'list', 'watch']);

/** Makes a cluster in memory. */
export function fakeCluster(options: FakeClusterOptions = {}): FakeCluster {
  return new InMemoryCluster(options);
}

class InMemoryCluster implements FakeCluster {
  readonly #facts: ClusterFacts;
  readonly #denied: readonly Pick<Right, 'verb' | 'resource'>[];
  readonly #store: FakeStore;
  readonly #watches: FakeWatches;
  readonly #failures: { matcher: RequestMatcher; error: Error; times: number }[] = [];
  #requests: FakeRequest[] = [];

  constructor(options: FakeClusterOptions) {
    this.#denied = options.denied ?? [];
    this.#facts = options.facts ?? { kubernetesVersion: '1.34.4' };
    this.#store = new FakeStore({
      kinds: options.kinds ?? [],
      workloadsBecomeReady: options.workloadsBecomeReady ?? true,
      onChange: (type, object) => this.#watches.report(type, object),
    });
    this.#watches = new FakeWatches(
      (kind, selection) => this.#select(kind, selection),
      () => this.#store.version,
    );
    for (const name of ['default', 'kube-system', ...(options.namespaces ?? ['istio-system'])]) {
      this.#store.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, 'kubectl');
    }
  }

  async facts(scope: Scope): Promise<ClusterFacts> {
    await this.#receive({ verb: 'facts', kind: '', namespace: '', name: '' }, scope);
    return this.#facts;
  }

  async may(right: Right, _scope: Scope): Promise<boolean> {
    return !this.#denied.some(({ verb, resource }) => verb === right.verb && resource === right.resource);
  }

  async serves(kind: ResourceKind, scope: Scope): Promise<boolean> {
    await this.#receive({ verb: 'serves', kind: kind.kind, namespace: '', name: '' }, scope);
    return this.#store.resourceOf(kind) !== undefined;
  }

  async get(ref: ObjectRef, scope: Scope): Promise<LiveObject | undefined> {
    await this.#receive(requestFor('get', ref), scope);
    return this.#store.get(ref);
  }

  async list(kind: ResourceKind, selection: Selection, scope: Scope): Promise<readonly LiveObject[]> {
    const namespace = selection.namespace ?? '';
    await this.#receive({ verb: 'list', kind: kind.kind, namespace, name: '', options: selection }, scope);
    return (this.#select(kind, selection) ?? []).slice(0, selection.limit);
  }

  async apply(object: KubernetesObject, options: ApplyOptions, scope: Scope): Promise<LiveObject> {
    await this.#receive(requestFor('apply', refOf(object), { body: asJson(object), options }), scope);
    const live = this.#store.apply(object, options);
    return options.metadataOnly === true ? metadataOf(live) : live;
  }

  async create(object: KubernetesObject, options: { fieldManager: string }, scope: Scope): Promise<LiveObject> {
    await this.#receive(requestFor('create', refOf(object), { body: asJson(object), options }), scope);
    return this.#store.create(object, options.fieldManager);
  }

  async replace(object: LiveObject, options: { fieldManager: string }, scope: Scope): Promise<LiveObject> {
    await this.#receive(requestFor('replace', refOf(object), { body: asJson(object), options }), scope);
    return this.#store.replace(object, options.fieldManager);
  }

  async patch(ref: ObjectRef, patch: JsonObject, options: PatchOptions, scope: Scope): Promise<LiveObject> {
    await this.#receive(requestFor('patch', ref, { body: patch, options }), scope);
    return this.#store.patch(ref, patch, options);
  }

  async delete(ref: ObjectRef, options: DeleteOptions, scope: Scope): Promise<Deletion> {
    await this.#receive(requestFor('delete', ref, { options }), scope);
    return this.#store.delete(ref, options);
  }

  async watch(kind: ResourceKind, selection: Selection, handler: WatchHandler, scope: Scope): Promise<void> {
    const namespace = selection.namespace ?? '';
    this.#requests.push({ verb: 'watch', kind: kind.kind, namespace, name: '', options: selection });
    await this.#watches.run(kind, selection, handler, scope);
  }

  get requests(): readonly FakeRequest[] {
    return this.#requests;
  }

  get writes(): readonly FakeRequest[] {
    return this.#requests.filter(({ verb, options }) => !READ_VERBS.has(verb) && !isDryRun(options));
  }

  get watchCount(): number {
    return this.#watches.count;
  }

  clearRequests(): void {
    this.#requests = [];
  }

  failNext(matcher: RequestMatcher, error: ErrorCode | Error, times = 1): void {
    const failure = typeof error === 'string' ? new OperatorError(`injected ${error}`, { code: error }) : error;
    this.#failures.push({ matcher, error: failure, times });
  }

  peek(ref: ObjectRef): LiveObject | undefined {
    return this.#store.get(ref);
  }

  peekAll(kind: string): readonly LiveObject[] {
    return this.#store.all().filter((object) => object.kind === kind);
  }

  edit(object: KubernetesObject, manager = 'kubectl'): LiveObject {
    return this.#store.put(object, manager);
  }

  setStatus(ref: ObjectRef, status: JsonObject, manager = 'controller'): LiveObject {
    return this.#store.patch(ref, { status }, { fieldManager: manager, subresource: 'status' });
  }

  scale(ref: ObjectRef, replicas: number, manager: string): LiveObject {
    return this.#store.scale(ref, replicas, manager);
  }

  remove(ref: ObjectRef): void {
    this.#store.delete(ref, {});
  }

  breakWatches(error: Error = new OperatorError('injected', { code: 'ApiUnavailable' })): void {
    this.#watches.breakAll(error);
  }

  /** Every call takes at least one turn of the event loop, as on a network, and can be made to fail. */
  async #receive(request: FakeRequest, scope: Scope): Promise<void> {
    scope.signal.throwIfAborted();
    this.#requests.push(structuredClone(request));
    await Promise.resolve();
    scope.signal.throwIfAborted();
    const failure = this.#failures.find(({ matcher, times }) => times > 0 && matchesRequest(matcher, request));
    if (failure === undefined) return;
    failure.times--;
    throw failure.error;
  }

  /** The selected objects; undefined when the kind is not served. */
  #select(kind: ResourceKind, selection: Selection): readonly LiveObject[] | undefined {
    if (this.#store.resourceOf(kind) === undefined) return undefined;
    const found = this.#store.all(kind).filter((object) => matches(object, selection));
    return selection.metadataOnly === true ? found.map(metadataOf) : found;
  }
}

function requestFor(
  verb: FakeRequest['verb'],
  { kind, namespace, name }: ObjectRef,
  sent: { readonly body?: JsonObject; readonly options?: object } = {},
): FakeRequest {
  return { verb, kind, namespace, name, ...sent };
}

function matchesRequest(matcher: RequestMatcher, request: FakeRequest): boolean {
  return Object.entries(matcher).every(([key, value]) => request[key as keyof RequestMatcher] === value);
}

function isDryRun(options: object | undefined): boolean {
  return options !== undefined && 'dryRun' in options && options.dryRun === true;
}
