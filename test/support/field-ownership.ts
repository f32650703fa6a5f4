import { isObject, type Json, type JsonObject, jsonEqual, withoutUndefined } from '../../src/core/index.ts';

/**
 * Server-side apply as the fake cluster does it. An object is a map from path to value ("leaves"), an owner a set of paths.
 * A path is a list of steps as managedFields spells them: `f:spec`, `f:replicas`, `k:{"name":"istiod"}`, `v:"a-finalizer"`.
 *
 * Simpler than the real thing: a list is keyed by `name` when all its items have one, finalizers are a set, and every
 * other list is one value.
 */
export type Leaves = ReadonlyMap<string, Json>;

/** Which fields a manager owns. */
export interface Owner {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly subresource?: 'status' | 'scale';
  readonly time: string;
  readonly paths: ReadonlySet<string>;
}

/** A field that somebody else owns. */
export interface OwnershipConflict {
  readonly field: string;
  readonly manager: string;
}

/** An object's fields and who owns them. */
export interface OwnedFields {
  readonly leaves: Leaves;
  readonly owners: readonly Owner[];
}

/** Metadata that the server keeps for itself and nobody owns. */
const SERVER_METADATA = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
]);

/** The fields of an object that can have owners. */
export function leavesOf(object: JsonObject): Leaves {
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = withoutUndefined(object);
  const leaves = new Map<string, Json>();
  for (const [key, value] of Object.entries(isObject(metadata) ? metadata : {})) {
    if (value !== undefined && !SERVER_METADATA.has(key)) collect(value, ['f:metadata', `f:${key}`], leaves);
  }
  for (const [key, value] of Object.entries(rest)) if (value !== undefined) collect(value, [`f:${key}`], leaves);
  return leaves;
}

/** The object that has these fields, without apiVersion, kind and the server's metadata. */
export function objectOf(leaves: Leaves): JsonObject {
  const root = {};
  for (const [path, value] of leaves) place(root, JSON.parse(path) as string[], value);
  return root;
}

/**
 * What an apply makes of an object: `desired` is set, what this manager applied before and no longer wants goes, unless
 * others own it too.
 * @returns the conflicts instead, when others own fields that would change and `force` is false.
 */
export function applyFields(
  live: OwnedFields,
  desired: Leaves,
  by: Omit<Owner, 'paths'>,
  force: boolean,
): OwnedFields | { readonly conflicts: readonly OwnershipConflict[] } {
  const isOurs = (owner: Owner) =>
    owner.manager === by.manager && owner.operation === 'Apply' && owner.subresource === by.subresource;
  const before = live.owners.find(isOurs);
  const others = live.owners.filter((owner) => !isOurs(owner));
  const changed = new Set(
    [...desired].filter(([path, value]) => !jsonEqual(live.leaves.get(path), value)).map(([path]) => path),
  );
  const conflicts = others.flatMap(({ manager, paths }) =>
    [...changed].filter((path) => paths.has(path)).map((path) => ({ field: fieldName(path), manager })),
  );
  if (conflicts.length > 0 && !force) return { conflicts };

  const leaves = new Map(live.leaves);
  for (const path of before?.paths ?? []) {
    if (!desired.has(path) && !others.some((owner) => owner.paths.has(path))) leaves.delete(path);
  }
  for (const [path, value] of desired) leaves.set(path, value);
  const ours: Owner = { ...by, time: before?.time ?? by.time, paths: new Set(desired.keys()) };
  const isSame = before !== undefined && sameKeys(before.paths, ours.paths) && changed.size === 0;
  const remaining = others.map((owner) => without(owner, changed)).filter((owner) => owner.paths.size > 0);
  return { leaves, owners: [...remaining, isSame ? before : { ...ours, time: by.time }] };
}

/** What an ordinary write makes of an object: whoever changes a field owns it alone. */
export function updateFields(live: OwnedFields, next: Leaves, by: Omit<Owner, 'paths'>): OwnedFields {
  const changed = new Set(
    [...next].filter(([path, value]) => !jsonEqual(live.leaves.get(path), value)).map(([p]) => p),
  );
  const gone = new Set([...live.leaves.keys()].filter((path) => !next.has(path)));
  if (changed.size === 0 && gone.size === 0) return live;
  const isOurs = (owner: Owner) =>
    owner.manager === by.manager && owner.operation === 'Update' && owner.subresource === by.subresource;
  const lost = new Set([...changed, ...gone]);
  const kept = live.owners.map((owner) => without(owner, lost));
  const ours = kept.find(isOurs)?.paths ?? [];
  const owners = [...kept.filter((owner) => !isOurs(owner)), { ...by, paths: new Set([...ours, ...changed]) }];
  return { leaves: next, owners: owners.filter((owner) => owner.paths.size > 0) };
}

/** Owners as `metadata.managedFields` shows them. */
export function managedFieldsOf(owners: readonly Owner[], apiVersion: string): JsonObject[] {
  return owners.map(({ paths, ...owner }) => ({
    ...owner,
    apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: fieldTree(paths),
  }));
}

function collect(value: Json, path: readonly string[], leaves: Map<string, Json>): void {
  const items = itemsOf(value, path);
  if (items !== undefined) {
    for (const [step, item] of items) {
      leaves.set(JSON.stringify([...path, step, '.']), isObject(item) ? {} : item);
      if (isObject(item)) collectFields(item, [...path, step], leaves);
    }
  } else if (isObject(value) && Object.keys(value).length > 0) {
    collectFields(value, path, leaves);
  } else {
    leaves.set(JSON.stringify(path), value);
  }
}

function collectFields(object: JsonObject, path: readonly string[], leaves: Map<string, Json>): void {
  for (const [key, field] of Object.entries(object))
    if (field !== undefined) collect(field, [...path, `f:${key}`], leaves);
}

/** The items of a list that is merged item by item, with the step that stands for each; undefined for other values. */
function itemsOf(value: Json, path: readonly string[]): readonly (readonly [string, Json])[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const items = value as readonly Json[];
  if (path.join('/') === 'f:metadata/f:finalizers') return items.map((item) => [`v:${JSON.stringify(item)}`, item]);
  if (!items.every((item) => isObject(item) && typeof item.name === 'string')) return undefined;
  const named = items.map((item) => [`k:${JSON.stringify({ name: isObject(item) ? item.name : '' })}`, item] as const);
  // names that occur twice are no keys: the inventory in a status holds a Service and a Deployment of one name
  return new Set(named.map(([step]) => step)).size === named.length ? named : undefined;
}

function place(object: JsonObject, path: readonly string[], value: Json): void {
  const node = object as Record<string, Json>;
  const [step = '', next, ...rest] = path;
  const key = step.slice(2);
  if (next === undefined) node[key] = isObject(value) && isObject(node[key]) ? node[key] : value;
  else if (next.startsWith('f:')) place(child(node, key, {}) as JsonObject, [next, ...rest], value);
  else placeItem(child(node, key, []) as Json[], next, rest, value);
}

function placeItem(items: Json[], step: string, rest: readonly string[], value: Json): void {
  if (step.startsWith('v:')) {
    items.push(value);
    return;
  }
  const key = JSON.parse(step.slice(2)) as { name: string };
  let item = items.find((candidate) => isObject(candidate) && candidate.name === key.name);
  if (item === undefined) {
    item = { ...key };
    items.push(item);
  }
  if (rest[0] !== '.') place(item as JsonObject, rest, value);
}

function child(node: Record<string, Json>, key: string, empty: Json): Json {
  if (typeof node[key] !== 'object' || node[key] === null) node[key] = empty;
  return node[key];
}

function fieldTree(paths: Iterable<string>): JsonObject {
  const root: Record<string, Json> = {};
  for (const path of paths) {
    let node = root;
    for (const step of JSON.parse(path) as string[]) node = child(node, step, {}) as Record<string, Json>;
  }
  return root;
}

function without(owner: Owner, lost: ReadonlySet<string>): Owner {
  const paths = new Set([...owner.paths].filter((path) => !lost.has(path)));
  return paths.size === owner.paths.size ? owner : { ...owner, paths };
}

function sameKeys(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((key) => b.has(key));
}

/** `.spec.template.spec.containers[name="istiod"].image`, as the API server writes it. */
function fieldName(path: string): string {
  const steps = (JSON.parse(path) as string[]).filter((step) => step !== '.');
  return steps.map((step) => (step.startsWith('f:') ? `.${step.slice(2)}` : itemName(step))).join('');
}

function itemName(step: string): string {
  if (step.startsWith('v:')) return `[=${step.slice(2)}]`;
  const [[key, value] = ['', '']] = Object.entries(JSON.parse(step.slice(2)) as Record<string, string>);
  return `[${key}=${JSON.stringify(value)}]`;
}
