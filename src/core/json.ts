/** Any JSON value; what YAML documents, custom resources and Kubernetes objects are made of. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. `undefined` stands for an absent key, so builders can write optional fields inline. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** True for a plain JSON object: not null, not a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True when two JSON values are equal as structures; the order of keys does not count, an `undefined` field is absent. */
export function jsonEqual(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => jsonEqual(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) if (!jsonEqual(a[key], b[key])) return false;
  return true;
}

/** The value at `path`, or undefined where a step is missing or not an object. */
export function valueAt(root: Json | undefined, ...path: readonly string[]): Json | undefined {
  let node = root;
  for (const key of path) {
    if (!isObject(node) || !Object.hasOwn(node, key)) return undefined;
    node = node[key];
  }
  return node;
}

/** A copy of `root` with `value` at `path`; objects on the way are created, what is not an object is replaced. */
export function withValueAt(root: JsonObject, path: readonly string[], value: Json): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return isObject(value) ? value : root;
  if (rest.length === 0) return { ...root, [key]: value };
  const child = root[key];
  return { ...root, [key]: withValueAt(isObject(child) ? child : {}, rest, value) };
}

/** A copy without the value at `path`; the same where there is none. */
export function withoutValueAt(root: JsonObject, path: readonly string[]): JsonObject {
  const [key = '', ...rest] = path;
  const { [key]: child, ...others } = root;
  if (child === undefined) return root;
  if (rest.length === 0) return others;
  return isObject(child) ? { ...root, [key]: withoutValueAt(child, rest) } : root;
}

/** A copy without `undefined` fields, at every depth: what `JSON.stringify` would keep. */
export function withoutUndefined<T extends Json>(value: T): T {
  if (Array.isArray(value)) return value.map((item) => withoutUndefined(item as Json)) as unknown as T;
  if (!isObject(value)) return value;
  const kept: Record<string, Json> = {};
  for (const [key, field] of Object.entries(value)) {
    if (field !== undefined) kept[key] = withoutUndefined(field);
  }
  return kept as unknown as T;
}

/** A copy whose object keys are in alphabetical order at every depth, so that equal values give equal text. */
export function withSortedKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withSortedKeys(item));
  if (!isObject(value)) return value;
  const sorted: Record<string, Json> = {};
  for (const key of Object.keys(value).sort()) {
    const field = value[key];
    if (field !== undefined) sorted[key] = withSortedKeys(field);
  }
  return sorted;
}
