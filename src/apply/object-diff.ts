import { isObject, type Json, type JsonObject, jsonEqual } from '../core/index.ts';

/** One field that differs between two versions of an object; `before` or `after` is absent where the field is. */
export interface FieldChange {
  /** Where in the object: `spec.template.spec.containers[name=discovery].image`. */
  readonly path: string;
  readonly before?: Json;
  readonly after?: Json;
}

/** What the API server keeps in `metadata` for itself. */
const SERVER_METADATA: ReadonlySet<string> = new Set([
  'managedFields',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'uid',
]);

/** Deeper than any Kubernetes object; below it values are compared as a whole. */
const MAX_DEPTH = 64;

/** The object without its status and what the API server adds to `metadata`: what somebody wrote, and defaults. */
export function withoutServerFields(object: JsonObject): JsonObject {
  const { status: _status, metadata, ...rest } = object;
  if (!isObject(metadata)) return rest;
  const kept = Object.entries(metadata).filter(([key]) => !SERVER_METADATA.has(key));
  return { ...rest, metadata: Object.fromEntries(kept) };
}

/**
 * The fields in which two objects differ, in the order of their paths. Entries of a list that all have a name of their
 * own are matched by it, all others by position.
 */
export function diffObjects(before: JsonObject, after: JsonObject): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  compare(before, after, '', { changes, depth: 0 });
  return changes;
}

interface Walk {
  readonly changes: FieldChange[];
  readonly depth: number;
}

function compare(before: Json | undefined, after: Json | undefined, path: string, walk: Walk): void {
  const inner = { ...walk, depth: walk.depth + 1 };
  if (walk.depth < MAX_DEPTH && isObject(before) && isObject(after)) {
    for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
      compare(ownField(before, key), ownField(after, key), fieldPath(path, key), inner);
    }
    return;
  }
  if (walk.depth < MAX_DEPTH && Array.isArray(before) && Array.isArray(after)) {
    if (compareLists(before, after, path, inner)) return;
  }
  if (jsonEqual(before, after)) return;
  walk.changes.push({
    path: path === '' ? '.' : path,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });
}

/** @returns false where the lists are better shown as a whole: nothing but scalars in them, or of different lengths. */
function compareLists(before: readonly Json[], after: readonly Json[], path: string, walk: Walk): boolean {
  const [olds, news] = [byName(before), byName(after)];
  if (olds !== undefined && news !== undefined) {
    for (const name of new Set([...olds.keys(), ...news.keys()])) {
      compare(olds.get(name), news.get(name), `${path}[name=${name}]`, walk);
    }
    return true;
  }
  if (before.length !== after.length || !before.every(isObject)) return false;
  before.forEach((item, index) => {
    compare(item, after[index], `${path}[${index}]`, walk);
  });
  return true;
}

/** The entries by name; undefined when one has none or two have the same. */
function byName(list: readonly Json[]): ReadonlyMap<string, Json> | undefined {
  const entries = new Map<string, Json>();
  for (const item of list) {
    const name = isObject(item) ? ownField(item, 'name') : undefined;
    if (typeof name !== 'string' || entries.has(name)) return undefined;
    entries.set(name, item);
  }
  return entries;
}

function fieldPath(path: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${path}["${key}"]`;
  return path === '' ? key : `${path}.${key}`;
}

function ownField(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
