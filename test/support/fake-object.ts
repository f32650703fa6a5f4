import type { ApplyOptions, LiveObject, ObjectRef, ResourceKind } from '../../src/apply/index.ts';
import {
  type ErrorCode,
  formatId,
  groupOf,
  isObject,
  type Json,
  type JsonObject,
  jsonEqual,
  type KubernetesObject,
  type ObjectId,
  OperatorError,
  valueAt,
} from '../../src/core/index.ts';
import { type Leaves, managedFieldsOf, type OwnedFields, type Owner, objectOf } from './field-ownership.ts';

/** An object as the fake cluster keeps it. */
export interface StoredObject extends OwnedFields {
  readonly id: ObjectId;
  readonly apiVersion: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly isDeleting: boolean;
}

/** A kind that a server serves. */
export type ServedKind = ResourceKind & { readonly namespaced: boolean };

/** When everything in a fake cluster is created and deleted. */
const TIME = '2026-01-01T00:00:00Z';

/** When a fake cluster writes this version of an object: managedFields tells writes apart by the second. */
export function timeOf(version: number): string {
  return new Date(Date.parse(TIME) + version * 1_000).toISOString().replace('.000Z', 'Z');
}

/** Kinds whose objects have no generation. */
const WITHOUT_GENERATION = /^(ConfigMap|Secret|ServiceAccount|Namespace|Service|Node|Event|(Cluster)?Role(Binding)?)$/;

/** What an object is. */
export function refOf({ apiVersion, kind, metadata }: KubernetesObject): ObjectRef {
  return { apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name };
}

/** Its identity across versions. */
export function idOfRef({ apiVersion, kind, namespace, name }: ObjectRef): ObjectId {
  return { group: groupOf(apiVersion), kind, namespace, name };
}

/** The object as a client gets it: a copy of its own. */
export function liveObject(stored: StoredObject): LiveObject {
  const { id, apiVersion, uid, resourceVersion, generation, isDeleting, leaves, owners } = stored;
  const { metadata, ...content } = objectOf(leaves);
  const live = {
    apiVersion,
    kind: id.kind,
    metadata: {
      ...(isObject(metadata) ? metadata : {}),
      name: id.name,
      ...(id.namespace === '' ? {} : { namespace: id.namespace }),
      uid,
      resourceVersion,
      ...(WITHOUT_GENERATION.test(id.kind) ? {} : { generation }),
      creationTimestamp: TIME,
      ...(isDeleting ? { deletionTimestamp: TIME } : {}),
      managedFields: managedFieldsOf(owners, apiVersion),
    },
    ...content,
  };
  return structuredClone(live) as unknown as LiveObject;
}

/** A field owner that has no fields yet. */
export function ownerFor(
  manager: string,
  operation: Owner['operation'],
  subresource: ApplyOptions['subresource'],
  time: string,
): Omit<Owner, 'paths'> {
  return { manager, operation, time, ...(subresource === undefined ? {} : { subresource }) };
}

/** The fields that a write to this subresource is about: the status or everything else. */
export function partOf(leaves: Leaves, subresource: 'status' | undefined): Leaves {
  return new Map([...leaves].filter(([path]) => isStatus(path) === (subresource === 'status')));
}

/** The fields that a write to this subresource leaves alone. */
export function otherPartOf(leaves: Leaves, subresource: 'status' | undefined): Leaves {
  return partOf(leaves, subresource === 'status' ? undefined : 'status');
}

/** Whether a change of fields gives the object a new generation. */
export function isNewGeneration(before: Leaves, after: Leaves): boolean {
  return !sameLeaves(contentOf(before), contentOf(after));
}

/** Whether a write would change nothing, so that there is no new version. */
export function isUnchanged(before: OwnedFields, after: OwnedFields): boolean {
  if (!sameLeaves(before.leaves, after.leaves) || before.owners.length !== after.owners.length) return false;
  return before.owners.every((owner) => after.owners.some((other) => isSameOwner(owner, other)));
}

/** Whether a write would change the selector of a workload, which no API server lets change. */
export function hasOtherSelector({ id, leaves }: StoredObject, after: OwnedFields): boolean {
  if (!/^(Deployment|DaemonSet|StatefulSet)$/.test(id.kind)) return false;
  const selectorOf = (fields: Leaves) =>
    new Map([...fields].filter(([path]) => path.startsWith('["f:spec","f:selector"')));
  return !sameLeaves(selectorOf(leaves), selectorOf(after.leaves));
}

/** The finalizers of an object. */
export function finalizersOf(stored: StoredObject): readonly Json[] {
  return liveObject(stored).metadata.finalizers ?? [];
}

/** Whether two kinds are the same kind in the same version. */
export function isSameKind(a: ResourceKind, b: ResourceKind): boolean {
  return a.kind === b.kind && a.apiVersion === b.apiVersion;
}

/** The kinds that a CustomResourceDefinition defines. */
export function definedKinds(definition: LiveObject): readonly ServedKind[] {
  const group = valueAt(definition.spec, 'group');
  const kind = valueAt(definition.spec, 'names', 'kind');
  const versions = valueAt(definition.spec, 'versions');
  if (typeof kind !== 'string' || !Array.isArray(versions)) return [];
  const served = (versions as readonly Json[]).filter((version) => valueAt(version, 'served') !== false);
  return served.map((version) => ({
    apiVersion: `${String(group)}/${String(valueAt(version, 'name'))}`,
    kind,
    namespaced: valueAt(definition.spec, 'scope') !== 'Cluster',
  }));
}

/** An error as the real client words it. */
export function failure(code: ErrorCode, verb: string, id: ObjectId, explanation: string): OperatorError {
  return new OperatorError(`Cannot ${verb} ${formatId(id)}: ${explanation}`, { code, objects: [id] });
}

/** JSON merge patch (RFC 7386). */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const merged: Record<string, Json | undefined> = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    const old = merged[key];
    if (value === null) delete merged[key];
    else merged[key] = isObject(value) ? mergePatch(isObject(old) ? old : {}, value) : value;
  }
  return merged;
}

function isStatus(path: string): boolean {
  return path.startsWith('["f:status"');
}

function contentOf(leaves: Leaves): Leaves {
  return new Map([...leaves].filter(([path]) => !path.startsWith('["f:metadata"') && !isStatus(path)));
}

function sameLeaves(a: Leaves, b: Leaves): boolean {
  return a.size === b.size && [...a].every(([path, value]) => b.has(path) && jsonEqual(value, b.get(path)));
}

function isSameOwner(a: Owner, b: Owner): boolean {
  const isSame = a.manager === b.manager && a.operation === b.operation && a.subresource === b.subresource;
  return isSame && a.paths.size === b.paths.size && [...a.paths].every((path) => b.paths.has(path));
}
