import type { ClusterFacts, Json, JsonObject, KubernetesObject, Scope } from '../core/index.ts';

/** A kind of object as manifests name it; the client finds the resource behind it by discovery. */
export interface ResourceKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** One object of a kind. `namespace` is '' for cluster-scoped objects. */
export interface ObjectRef extends ResourceKind {
  readonly namespace: string;
  readonly name: string;
}

/** Who owns which fields of a live object. `fieldsV1` is absent where the server left it out. */
export interface ManagedFields {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly subresource?: string;
  readonly time?: string;
  readonly fieldsV1?: JsonObject;
}

/** An object that another one belongs to; `controller` where that one looks after it. */
export interface OwnerReference {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

/** Metadata as the server returns it. */
export interface LiveMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly ManagedFields[];
}

/** An object as it is in the cluster: raw JSON, nothing dropped. */
export interface LiveObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: LiveMeta;
  readonly spec?: Json;
  readonly status?: Json;
}

/** Which objects of a kind; `namespace` '' or absent means all. */
export interface Selection {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** At most so many, whichever come first; for a look that does not need all of them. Lists only. Default: all. */
  readonly limit?: number;
  /** Metadata only (PartialObjectMetadata): spec and status stay on the server. */
  readonly metadataOnly?: boolean;
}

/** Options of a server-side apply. */
export interface ApplyOptions {
  readonly fieldManager: string;
  /** Take fields over from other managers. Without it a field that another manager owns is a `FieldConflict`. */
  readonly force: boolean;
  readonly dryRun?: boolean;
  readonly subresource?: 'status';
  /** Answer with the metadata only: spec and status stay on the server. */
  readonly metadataOnly?: boolean;
  /** Status and Lease writes go before everything that waits for a free connection. */
  readonly priority?: 'high';
}

/** Options of a deletion. With `uid`, another object of the same name is left alone (`WriteConflict`). */
export interface DeleteOptions {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
  readonly dryRun?: boolean;
}

/** What a deletion came to. `absent`: there was nothing to delete. */
export type Deletion = 'absent' | 'deleted' | 'deleting';

/** Options of a merge patch (RFC 7386). */
export interface PatchOptions {
  readonly fieldManager: string;
  readonly subresource?: 'status';
  readonly priority?: 'high';
}

/** Something that an account may do or not. `resource` is a plural, perhaps with a subresource; namespace '' means all. */
export interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace: string;
}

/** What a watch reports. After every (re)list comes `sync` with all objects, then single events. */
export interface WatchHandler {
  /** @param resourceVersion - the state of the collection that the list shows; undefined when the kind is not served. */
  readonly onSync: (objects: readonly LiveObject[], resourceVersion: string | undefined) => void;
  readonly onEvent: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: LiveObject) => void;
  /** The watch does not get through at present; it goes on trying. */
  readonly onError?: (error: Error) => void;
}

/**
 * The one port through which the operator sees and changes a cluster. Every call has a deadline, retries what is safe to
 * retry (dropped connections, 429 with Retry-After, 5xx) and rejects with an `OperatorError` that carries the server's
 * reason: `NotFound`, `Forbidden`, `Unauthorized`, `WriteConflict`, `FieldConflict`, `AlreadyExists`, `ObjectRejected`
 * (400 and 422), `ImmutableField`, `NamespaceTerminating`, `TooManyRequests`, `ApiUnavailable`, `ApiTimeout`, `KindNotServed`, `ApiError`.
 */
export interface Cluster {
  /** Server version and platform. */
  facts(scope: Scope): Promise<ClusterFacts>;
  /** Whether the account that we use has this right. */
  may(right: Right, scope: Scope): Promise<boolean>;
  /** Whether the server serves this kind now; asks discovery again when the kind is unknown. */
  serves(kind: ResourceKind, scope: Scope): Promise<boolean>;
  /** The object, or undefined when there is none (also when its kind is not served). */
  get(ref: ObjectRef, scope: Scope): Promise<LiveObject | undefined>;
  /** All selected objects, in pages; an empty list when the kind is not served. */
  list(kind: ResourceKind, selection: Selection, scope: Scope): Promise<readonly LiveObject[]>;
  /** Server-side apply; returns the object after it. The namespace must exist. */
  apply(object: KubernetesObject, options: ApplyOptions, scope: Scope): Promise<LiveObject>;
  /** Creates the object; `AlreadyExists` when there is one. */
  create(
    object: KubernetesObject,
    options: { fieldManager: string; priority?: 'high' },
    scope: Scope,
  ): Promise<LiveObject>;
  /** Replaces the whole object; its `metadata.resourceVersion` is the precondition (`WriteConflict`). */
  replace(object: LiveObject, options: { fieldManager: string; priority?: 'high' }, scope: Scope): Promise<LiveObject>;
  /** JSON merge patch. */
  patch(ref: ObjectRef, patch: JsonObject, options: PatchOptions, scope: Scope): Promise<LiveObject>;
  /** Deletes the object; `deleting` when it stays until its finalizers or its grace period are through. */
  delete(ref: ObjectRef, options: DeleteOptions, scope: Scope): Promise<Deletion>;
  /**
   * Lists and watches until the scope is aborted, then resolves: bookmarks, reconnects and relists are its business, and
   * so is waiting for a kind that is not served yet. Handlers are called in order and must not throw.
   */
  watch(kind: ResourceKind, selection: Selection, handler: WatchHandler, scope: Scope): Promise<void>;
}
