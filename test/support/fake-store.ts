import type {
  ApplyOptions,
  DeleteOptions,
  Deletion,
  LiveObject,
  ObjectRef,
  PatchOptions,
  ResourceKind,
} from '../../src/apply/index.ts';
import { builtInResource } from '../../src/cluster/built-in-kinds.ts';
import {
  asJson,
  idKey,
  type Json,
  type JsonObject,
  type KubernetesObject,
  type ObjectId,
  valueAt,
} from '../../src/core/index.ts';
import {
  definedKinds,
  failure,
  finalizersOf,
  hasOtherSelector,
  idOfRef,
  isNewGeneration,
  isSameKind,
  isUnchanged,
  liveObject,
  mergePatch,
  otherPartOf,
  ownerFor,
  partOf,
  refOf,
  type ServedKind,
  type StoredObject,
  timeOf,
} from './fake-object.ts';
import { applyFields, leavesOf, type OwnedFields, type Owner, updateFields } from './field-ownership.ts';
import { finishedRollout } from './finished-rollout.ts';

/** How a store behaves. */
export interface FakeStoreOptions {
  readonly kinds: readonly ServedKind[];
  readonly workloadsBecomeReady: boolean;
  readonly onChange: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: LiveObject) => void;
}

const NOTHING: OwnedFields = { leaves: new Map(), owners: [] };

const CRD = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };

/** The objects of a fake cluster, with the rules of a real API server for versions, owners and deletion. */
export class FakeStore {
  readonly #options: FakeStoreOptions;
  readonly #objects = new Map<string, StoredObject>();
  #version = 100;

  constructor(options: FakeStoreOptions) {
    this.#options = options;
  }

  /** The version that was given out last. */
  get version(): string {
    return String(this.#version);
  }

  get(ref: ObjectRef): LiveObject | undefined {
    const stored = this.#objects.get(idKey(idOfRef(ref)));
    return stored === undefined ? undefined : liveObject(stored);
  }

  all(kind?: ResourceKind): readonly LiveObject[] {
    const live = [...this.#objects.values()].map(liveObject);
    return kind === undefined ? live : live.filter((object) => isSameKind(object, kind));
  }

  /** The kind if it is served: a built-in one, one of the options, or one that a CRD defines. */
  resourceOf(kind: ResourceKind): ServedKind | undefined {
    const known = builtInResource(kind) ?? this.#options.kinds.find((other) => isSameKind(other, kind));
    return (
      known ??
      this.all(CRD)
        .flatMap(definedKinds)
        .find((other) => isSameKind(other, kind))
    );
  }

  apply(object: KubernetesObject, options: ApplyOptions): LiveObject {
    const { id, stored } = this.#locate('apply', refOf(object));
    const desired = partOf(leavesOf(asJson(object)), options.subresource);
    const owner = ownerFor(options.fieldManager, 'Apply', options.subresource, this.#now());
    const applied = applyFields(stored ?? NOTHING, desired, owner, options.force);
    if ('conflicts' in applied) {
      const fields = applied.conflicts.map(({ field, manager }) => `field ${field} is owned by manager ${manager}`);
      throw failure('FieldConflict', 'apply', id, fields.join('; '));
    }
    return this.#commit('apply', {
      id,
      apiVersion: object.apiVersion,
      stored,
      fields: applied,
      dryRun: options.dryRun === true,
    });
  }

  create(object: KubernetesObject, manager: string): LiveObject {
    const { id, stored } = this.#locate('create', refOf(object));
    if (stored !== undefined) throw failure('AlreadyExists', 'create', id, 'it exists already');
    return this.#write('create', object, stored, { fieldManager: manager });
  }

  replace(object: LiveObject, manager: string): LiveObject {
    const { id, stored } = this.#locate('update', refOf(object));
    if (stored === undefined) throw failure('NotFound', 'update', id, 'it does not exist');
    requireVersion('update', id, stored, object.metadata.resourceVersion);
    return this.#write('update', object, stored, { fieldManager: manager });
  }

  patch(ref: ObjectRef, patch: JsonObject, options: PatchOptions): LiveObject {
    const { id, stored } = this.#locate('patch', ref);
    if (stored === undefined) throw failure('NotFound', 'patch', id, 'it does not exist');
    const version = valueAt(patch, 'metadata', 'resourceVersion');
    if (typeof version === 'string') requireVersion('patch', id, stored, version);
    const patched = mergePatch(asJson(liveObject(stored)), patch);
    const owners = remainingOwners(stored, valueAt(patch, 'metadata', 'managedFields'));
    return this.#write('patch', patched as unknown as KubernetesObject, { ...stored, owners }, options);
  }

  /** Writes an object as somebody else does: without preconditions, status included. */
  put(object: KubernetesObject, manager: string): LiveObject {
    const { stored } = this.#locate('update', refOf(object));
    const written = this.#write('update', object, stored, { fieldManager: manager });
    const status = asJson(object).status;
    if (status === undefined) return written;
    return this.patch(refOf(object), { status }, { fieldManager: manager, subresource: 'status' });
  }

  /** Sets the replicas as an autoscaler does, through the scale subresource. */
  scale(ref: ObjectRef, replicas: number, manager: string): LiveObject {
    const { id, stored } = this.#locate('patch', ref);
    if (stored === undefined) throw failure('NotFound', 'patch', id, 'it does not exist');
    const next = new Map(stored.leaves).set(JSON.stringify(['f:spec', 'f:replicas']), replicas);
    const owner = { ...ownerFor(manager, 'Update', undefined, this.#now()), subresource: 'scale' as const };
    return this.#commit('patch', { id, apiVersion: ref.apiVersion, stored, fields: updateFields(stored, next, owner) });
  }

  delete(ref: ObjectRef, options: DeleteOptions): Deletion {
    const stored = this.#objects.get(idKey(idOfRef(ref)));
    if (stored === undefined) return 'absent';
    if (options.resourceVersion !== undefined) requireVersion('delete', stored.id, stored, options.resourceVersion);
    if (options.uid !== undefined && options.uid !== stored.uid) {
      throw failure('WriteConflict', 'delete', stored.id, 'the UID is another one');
    }
    const stays = finalizersOf(stored).length > 0 || ref.kind === 'Namespace' || ref.kind === CRD.kind;
    if (options.dryRun !== true) this.#startDeletion(stored);
    return stays ? 'deleting' : 'deleted';
  }

  #startDeletion(stored: StoredObject): void {
    const children = this.#childrenOf(stored);
    const mustWait = finalizersOf(stored).length > 0 || children.length > 0;
    const deleting = { ...stored, isDeleting: true };
    if (mustWait && !stored.isDeleting) this.#save(deleting);
    for (const child of children) this.#startDeletion(child);
    if (this.#objects.has(idKey(stored.id))) this.#removeIfDone(deleting); // the last child may have taken it along
  }

  /** What goes with an object: the content of a namespace, the objects of a CRD's kinds. */
  #childrenOf(stored: StoredObject): readonly StoredObject[] {
    const { kind, name } = stored.id;
    const all = [...this.#objects.values()];
    if (kind === 'Namespace') return all.filter((other) => other.id.namespace === name);
    if (kind !== CRD.kind) return [];
    const kinds = definedKinds(liveObject(stored));
    return all.filter(({ apiVersion, id }) => kinds.some((own) => isSameKind(own, { apiVersion, kind: id.kind })));
  }

  #removeIfDone(stored: StoredObject): void {
    if (!stored.isDeleting || finalizersOf(stored).length > 0 || this.#childrenOf(stored).length > 0) return;
    this.#objects.delete(idKey(stored.id));
    this.#options.onChange('DELETED', liveObject({ ...stored, resourceVersion: this.#nextVersion() }));
    for (const other of this.#objects.values()) if (other.isDeleting) this.#removeIfDone(other);
  }

  #write(verb: string, object: KubernetesObject, stored: StoredObject | undefined, options: PatchOptions): LiveObject {
    const given = leavesOf(asJson(object));
    const next = new Map([
      ...partOf(given, options.subresource),
      ...otherPartOf(stored?.leaves ?? new Map(), options.subresource),
    ]);
    const owner = ownerFor(options.fieldManager, 'Update', options.subresource, this.#now());
    const fields = updateFields(stored ?? NOTHING, next, owner);
    return this.#commit(verb, { id: idOfRef(refOf(object)), apiVersion: object.apiVersion, stored, fields });
  }

  #commit(
    verb: string,
    change: {
      readonly id: ObjectId;
      readonly apiVersion: string;
      readonly stored: StoredObject | undefined;
      readonly fields: OwnedFields;
      readonly dryRun?: boolean;
    },
  ): LiveObject {
    const { id, apiVersion, stored, fields } = change;
    if (stored === undefined) this.#requireNamespace(verb, id);
    if (stored !== undefined && isUnchanged(stored, fields)) return liveObject(stored);
    if (stored !== undefined && hasOtherSelector(stored, fields)) {
      throw failure('ImmutableField', verb, id, 'spec.selector: Invalid value: field is immutable');
    }
    const isNew = stored !== undefined && isNewGeneration(stored.leaves, fields.leaves);
    const next: StoredObject = {
      id,
      apiVersion,
      uid: stored?.uid ?? `uid-${this.#version}`,
      isDeleting: stored?.isDeleting ?? false,
      generation: (stored?.generation ?? 1) + (isNew ? 1 : 0),
      resourceVersion: String(this.#version),
      leaves: fields.leaves,
      owners: fields.owners,
    };
    if (change.dryRun === true) return liveObject(next);
    const saved = this.#save(next);
    this.#removeIfDone(saved);
    if (stored === undefined || isNew) this.#rollOut(saved);
    return liveObject(saved);
  }

  #save(stored: StoredObject): StoredObject {
    const type = this.#objects.has(idKey(stored.id)) ? 'MODIFIED' : 'ADDED';
    const saved = { ...stored, resourceVersion: this.#nextVersion() };
    this.#objects.set(idKey(stored.id), saved);
    this.#options.onChange(type, liveObject(saved));
    return saved;
  }

  /** Plays the controllers: their status comes after the write, as a change of its own. */
  #rollOut(stored: StoredObject): void {
    const isWorkload = stored.id.kind !== CRD.kind;
    const status = finishedRollout(liveObject(stored));
    if (status === undefined || (isWorkload && !this.#options.workloadsBecomeReady)) return;
    const ref = refOf(liveObject(stored));
    this.patch(ref, { status }, { fieldManager: 'kube-controller-manager', subresource: 'status' });
  }

  #locate(verb: string, ref: ObjectRef): { id: ObjectId; stored: StoredObject | undefined } {
    const kind = this.resourceOf(ref);
    const id = idOfRef(ref);
    if (kind === undefined) throw failure('KindNotServed', verb, id, `the server does not serve ${ref.kind}`);
    if (kind.namespaced && ref.namespace === '') throw failure('ObjectRejected', verb, id, 'it has no namespace');
    return { id, stored: this.#objects.get(idKey(id)) };
  }

  #requireNamespace(verb: string, id: ObjectId): void {
    if (id.namespace === '') return;
    const namespace = this.get({ apiVersion: 'v1', kind: 'Namespace', namespace: '', name: id.namespace });
    if (namespace === undefined) throw failure('NotFound', verb, id, `namespaces "${id.namespace}" not found`);
    if (namespace.metadata.deletionTimestamp !== undefined) {
      throw failure('NamespaceTerminating', verb, id, 'its namespace is being deleted');
    }
  }

  #now(): string {
    return timeOf(this.#version + 1);
  }

  #nextVersion(): string {
    return String(++this.#version);
  }
}

/** The owners that a patch of the managed fields leaves; it can take owners away and nothing else. */
function remainingOwners({ owners }: StoredObject, listed: Json | undefined): readonly Owner[] {
  if (!Array.isArray(listed)) return owners;
  return owners.filter((owner) =>
    listed.some(
      (entry) =>
        valueAt(entry, 'manager') === owner.manager &&
        valueAt(entry, 'operation') === owner.operation &&
        valueAt(entry, 'subresource') === owner.subresource,
    ),
  );
}

function requireVersion(verb: string, id: ObjectId, stored: StoredObject | undefined, version: string): void {
  if (stored?.resourceVersion === version) return;
  throw failure('WriteConflict', verb, id, 'the object has been modified');
}
