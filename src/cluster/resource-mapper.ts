import type { ResourceKind } from '../apply/index.ts';
import { type Clock, isObject, type Json, OperatorError, type Scope, untilAborted } from '../core/index.ts';
import { builtInResource } from './built-in-kinds.ts';
import type { Resource } from './resource.ts';

/** Asks the server for the resources of one group and version; undefined when it has no such version. */
export type Discover = (apiVersion: string, scope: Scope) => Promise<Json | undefined>;

interface GroupVersion {
  readonly kinds: ReadonlyMap<string, Resource>;
  readonly loadedAtMs: number;
}

/** A kind that is missing is looked for again after this time, not sooner. */
const MISSING_MS = 100;

/** For how long `serves` believes an answer: CRDs come and go. */
const FRESH_MS = 5_000;

/**
 * Finds the resource behind a kind. Built-in kinds are known; for others it reads the discovery document of just their
 * group and version, one small request that every server answers, and keeps it until the kind turns out to be gone.
 */
export class ResourceMapper {
  readonly #discover: Discover;
  readonly #clock: Clock;
  readonly #scope: Scope;
  readonly #known = new Map<string, GroupVersion>();
  readonly #loading = new Map<string, Promise<GroupVersion>>();
  readonly #awaited = new Set<{ readonly kind: ResourceKind; readonly resolve: () => void }>();

  /** @param scope - the life of the client: what several callers wait for must not end with the first of them. */
  constructor(discover: Discover, clock: Clock, scope: Scope) {
    this.#discover = discover;
    this.#clock = clock;
    this.#scope = scope;
  }

  /** The resource of a kind, or undefined when the server does not serve it. */
  async find(kind: ResourceKind, scope: Scope): Promise<Resource | undefined> {
    const builtIn = builtInResource(kind);
    if (builtIn !== undefined) return builtIn;
    const known = this.#known.get(kind.apiVersion);
    const resource = known?.kinds.get(kind.kind);
    if (resource !== undefined) return resource;
    return (await this.#newerThan(MISSING_MS, kind.apiVersion, scope)).kinds.get(kind.kind);
  }

  /** @throws {OperatorError} `KindNotServed` */
  async resourceOf(kind: ResourceKind, scope: Scope): Promise<Resource> {
    const resource = await this.find(kind, scope);
    if (resource === undefined) throw kindNotServed(kind);
    return resource;
  }

  /** Whether the server has the kind now. */
  async serves(kind: ResourceKind, scope: Scope): Promise<boolean> {
    if (builtInResource(kind) !== undefined) return true;
    const known = this.#known.get(kind.apiVersion);
    const limitMs = known?.kinds.has(kind.kind) === true ? FRESH_MS : MISSING_MS;
    return (await this.#newerThan(limitMs, kind.apiVersion, scope)).kinds.has(kind.kind);
  }

  /** The server did not know the path of this kind: ask again next time. */
  forget(kind: ResourceKind): void {
    this.#known.delete(kind.apiVersion);
  }

  /** Resolves when anybody's question finds that the kind is served, or when the signal is aborted. */
  async appearance(kind: ResourceKind, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const entry = { kind, resolve };
    this.#awaited.add(entry);
    signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    this.#awaited.delete(entry);
  }

  async #newerThan(ageMs: number, apiVersion: string, scope: Scope): Promise<GroupVersion> {
    const known = this.#known.get(apiVersion);
    if (known !== undefined && this.#clock.monotonicMs() - known.loadedAtMs < ageMs) return known;
    let loading = this.#loading.get(apiVersion);
    if (loading === undefined) {
      loading = this.#load(apiVersion).finally(() => this.#loading.delete(apiVersion));
      this.#loading.set(apiVersion, loading);
    }
    return await untilAborted(loading, scope.signal);
  }

  async #load(apiVersion: string): Promise<GroupVersion> {
    const document = await this.#discover(apiVersion, this.#scope);
    const kinds = new Map(resourcesIn(document, apiVersion).map((resource) => [resource.kind, resource]));
    const loaded = { kinds, loadedAtMs: this.#clock.monotonicMs() };
    this.#known.set(apiVersion, loaded);
    for (const { kind, resolve } of this.#awaited) {
      if (kind.apiVersion === apiVersion && kinds.has(kind.kind)) resolve();
    }
    return loaded;
  }
}

/** The error for a kind that the cluster does not know. */
export function kindNotServed({ kind, apiVersion }: ResourceKind): OperatorError {
  return new OperatorError(`The cluster does not serve ${kind} of ${apiVersion}.`, {
    code: 'KindNotServed',
    hint: `Look with kubectl api-resources whether the CustomResourceDefinition of ${kind} is installed.`,
  });
}

function resourcesIn(document: Json | undefined, apiVersion: string): Resource[] {
  const entries = isObject(document) && Array.isArray(document.resources) ? (document.resources as Json[]) : [];
  return entries.flatMap((entry) => {
    if (!isObject(entry)) return [];
    const { name, kind, namespaced } = entry;
    if (typeof name !== 'string' || typeof kind !== 'string' || name.includes('/')) return []; // pods/exec and the like
    return [{ apiVersion, kind, plural: name, namespaced: namespaced === true }];
  });
}
