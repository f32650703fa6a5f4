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
} from '../apply/index.ts';
import {
  type Clock,
  type ClusterFacts,
  type ErrorCode,
  type Json,
  type JsonObject,
  type KubernetesObject,
  OperatorError,
  type Scope,
  valueAt,
} from '../core/index.ts';
import type { ApiClient } from './api-client.ts';
import type { Call } from './call.ts';
import { type Listing, listAll } from './list.ts';
import {
  applyCall,
  createCall,
  deleteCall,
  getCall,
  patchCall,
  replaceCall,
  type WriteOptions,
} from './object-calls.ts';
import { readObject } from './object-reader.ts';
import type { Resource } from './resource.ts';
import { ResourceMapper } from './resource-mapper.ts';
import { fetchFacts, fetchResources, reviewAccess } from './server-info.ts';
import { WatchLoop, type WatchSource, type WatchTimes } from './watch-loop.ts';
import { streamEvents } from './watch-stream.ts';

/** What a `HttpCluster` works with. */
export interface HttpClusterDeps {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly watchTimes: WatchTimes;
}

/** The `Cluster` port over HTTP: raw JSON both ways, nothing dropped and nothing added. */
export class HttpCluster implements Cluster {
  readonly #deps: HttpClusterDeps;
  readonly #mapper: ResourceMapper;

  /** @param life - lasts as long as the client: for requests that several callers share. */
  constructor(deps: HttpClusterDeps, life: Scope) {
    this.#deps = deps;
    this.#mapper = new ResourceMapper(
      (apiVersion, scope) => fetchResources(deps.api, apiVersion, scope),
      deps.clock,
      life,
    );
  }

  async facts(scope: Scope): Promise<ClusterFacts> {
    return await fetchFacts(this.#deps.api, scope);
  }

  async may(right: Right, scope: Scope): Promise<boolean> {
    return await reviewAccess(this.#deps.api, right, scope);
  }

  async serves(kind: ResourceKind, scope: Scope): Promise<boolean> {
    return await this.#mapper.serves(kind, scope);
  }

  async get(ref: ObjectRef, scope: Scope): Promise<LiveObject | undefined> {
    const call = (resource: Resource) => getCall(resource, ref);
    return await unlessAbsent(undefined, this.#object(ref, call, scope));
  }

  async list(kind: ResourceKind, selection: Selection, scope: Scope): Promise<readonly LiveObject[]> {
    const work = async () => (await this.#list(kind, selection, scope)).items;
    return await unlessAbsent([], work());
  }

  async apply(object: KubernetesObject, options: ApplyOptions, scope: Scope): Promise<LiveObject> {
    return await this.#object(object, (resource) => applyCall(resource, object, options), scope);
  }

  async create(object: KubernetesObject, options: WriteOptions, scope: Scope): Promise<LiveObject> {
    return await this.#object(object, (resource) => createCall(resource, object, options), scope);
  }

  async replace(object: LiveObject, options: WriteOptions, scope: Scope): Promise<LiveObject> {
    return await this.#object(object, (resource) => replaceCall(resource, object, options), scope);
  }

  async patch(ref: ObjectRef, patch: JsonObject, options: PatchOptions, scope: Scope): Promise<LiveObject> {
    return await this.#object(ref, (resource) => patchCall(resource, ref, patch, options), scope);
  }

  async delete(ref: ObjectRef, options: DeleteOptions, scope: Scope): Promise<Deletion> {
    const deletion = this.#send(ref, (resource) => deleteCall(resource, ref, options), scope);
    const done = await unlessAbsent(undefined, deletion);
    if (done === undefined) return 'absent';
    // Some kinds answer with the object although it is gone; only one that stays for a while has a deletionTimestamp.
    return valueAt(done.answer, 'metadata', 'deletionTimestamp') === undefined ? 'deleted' : 'deleting';
  }

  async watch(kind: ResourceKind, selection: Selection, handler: WatchHandler, scope: Scope): Promise<void> {
    const { api, clock, watchTimes } = this.#deps;
    const mapper = this.#mapper;
    const source: WatchSource = {
      list: (inner) => this.#list(kind, selection, inner),
      appearance: (signal) => mapper.appearance(kind, signal),
      async *stream(options, inner) {
        const resource = await mapper.resourceOf(kind, inner);
        yield* streamEvents({ api, clock }, { resource, selection }, options, inner);
      },
    };
    await new WatchLoop(source, handler, clock, watchTimes).run(scope);
  }

  async #list(kind: ResourceKind, selection: Selection, scope: Scope): Promise<Listing> {
    const resource = await this.#mapper.resourceOf(kind, scope);
    return await this.#forgetting(kind, listAll(this.#deps.api, resource, selection, scope));
  }

  async #object(kind: ResourceKind, callFor: CallFor, scope: Scope): Promise<LiveObject> {
    const { call, answer } = await this.#send(kind, callFor, scope);
    return readObject(call, answer);
  }

  async #send(kind: ResourceKind, callFor: CallFor, scope: Scope): Promise<{ call: Call; answer: Json }> {
    const call = callFor(await this.#mapper.resourceOf(kind, scope));
    return { call, answer: await this.#forgetting(kind, this.#deps.api.send(call, scope)) };
  }

  /** Forgets where a kind was when the server says that it no longer has it. */
  async #forgetting<T>(kind: ResourceKind, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (codeOf(error) === 'KindNotServed') this.#mapper.forget(kind);
      throw error;
    }
  }
}

type CallFor = (resource: Resource) => Call;

/** An object that does not exist, of a kind that perhaps does not exist either, is an answer and not a failure. */
async function unlessAbsent<T, U>(absent: U, work: Promise<T>): Promise<T | U> {
  try {
    return await work;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'NotFound' || code === 'KindNotServed') return absent;
    throw error;
  }
}

function codeOf(error: unknown): ErrorCode | undefined {
  return error instanceof OperatorError ? error.detail.code : undefined;
}
