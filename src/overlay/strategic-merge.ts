import { isObject, type Json, type JsonObject } from '../core/index.ts';
import { type FieldInfo, fieldInfo, type TypeName, typeInfo, typeOfKind } from './kubernetes-types.ts';

/**
 * Merges `patch` into an object of `kind` as a Kubernetes strategic merge patch: maps merge, null removes, lists with a
 * merge key merge entry by entry, other lists are replaced, `$patch` and `$retainKeys` are obeyed. Beyond kubectl,
 * setting one field of a union (`value` beside `valueFrom`, another probe handler) removes the other.
 */
export function strategicMerge(object: JsonObject, patch: JsonObject, kind: string): JsonObject {
  return mergeMaps(object, patch, typeOfKind(kind));
}

function mergeMaps(base: JsonObject, patch: JsonObject, type: TypeName | undefined): JsonObject {
  if (patch.$patch === 'replace') return withoutDirectives(patch);
  if (patch.$patch === 'delete') return {};
  const merged: Record<string, Json | undefined> = retained(base, patch, type);
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined || key.startsWith('$') || key === '__proto__') continue;
    if (value === null) {
      delete merged[key];
      continue;
    }
    const old = Object.hasOwn(merged, key) ? merged[key] : undefined;
    merged[key] = mergeValues(old, value, fieldInfo(type, key));
  }
  return merged;
}

function mergeValues(old: Json | undefined, value: Json, info: FieldInfo): Json {
  if (Array.isArray(value)) {
    return info.mergeKey === undefined
      ? value
      : mergeLists(Array.isArray(old) ? old : [], value, info.mergeKey, info.type);
  }
  if (!isObject(value) || info.atomic === true) return value;
  return mergeMaps(isObject(old) ? old : {}, value, info.type);
}

/** Entries that are there stay in place, new ones follow in the patch's order. */
function mergeLists(
  base: readonly Json[],
  patch: readonly Json[],
  mergeKey: string,
  type: TypeName | undefined,
): readonly Json[] {
  const replaces = patch.some(
    (entry) => isObject(entry) && entry.$patch === 'replace' && !Object.hasOwn(entry, mergeKey),
  );
  const merged: (Json | undefined)[] = replaces ? [] : [...base];
  const places = placesByKey(merged, mergeKey);
  for (const entry of patch) {
    if (!isObject(entry) || !Object.hasOwn(entry, mergeKey)) {
      if (!isObject(entry) || entry.$patch === undefined) merged.push(entry);
      continue;
    }
    const key = keyText(entry[mergeKey]);
    const place = places.get(key);
    const old = place === undefined ? undefined : merged[place];
    if (entry.$patch === 'delete') {
      if (place !== undefined) merged[place] = undefined;
      places.delete(key);
      continue;
    }
    merged[place ?? merged.length] = mergeMaps(isObject(old) ? old : {}, entry, type);
    if (place === undefined) places.set(key, merged.length - 1);
  }
  return merged.filter((entry) => entry !== undefined);
}

/** Where the first entry with each key is. */
function placesByKey(list: readonly (Json | undefined)[], mergeKey: string): Map<string, number> {
  const places = new Map<string, number>();
  for (const [index, entry] of list.entries()) {
    if (!isObject(entry)) continue;
    const key = keyText(entry[mergeKey]);
    if (!places.has(key)) places.set(key, index);
  }
  return places;
}

/** Tells `"1"` from `1`. */
function keyText(key: Json | undefined): string {
  return JSON.stringify(key) ?? '';
}

/** A copy of the base without what the patch drops by `$retainKeys` or by setting another field of a union. */
function retained(base: JsonObject, patch: JsonObject, type: TypeName | undefined): Record<string, Json | undefined> {
  const { exclusive = [], exclusiveBeside } = typeInfo(type);
  const isUnionField = (key: string) =>
    exclusiveBeside === undefined ? exclusive.includes(key) : key !== exclusiveBeside;
  const chosen = Object.keys(patch).filter((key) => isUnionField(key) && !key.startsWith('$') && patch[key] !== null);
  const keeps = Array.isArray(patch.$retainKeys) ? new Set<Json>(patch.$retainKeys) : undefined;
  const kept: Record<string, Json | undefined> = {};
  for (const [key, value] of Object.entries(base)) {
    if (keeps?.has(key) === false) continue;
    if (chosen.length > 0 && isUnionField(key) && !chosen.includes(key)) continue;
    kept[key] = value;
  }
  return kept;
}

function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith('$')));
}
