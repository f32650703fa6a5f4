import { isObject, type Json, type JsonObject, jsonEqual } from './json.ts';

/**
 * The merge patch (RFC 7386) that turns `from` into `to`: changed fields with their new value, removed ones as null,
 * lists whole. Undefined when nothing differs.
 */
export function mergePatchBetween(from: JsonObject, to: JsonObject): JsonObject | undefined {
  const patch: Record<string, Json> = {};
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const before = from[key];
    const after = to[key];
    if (jsonEqual(before, after)) continue;
    if (after === undefined) patch[key] = null;
    else if (isObject(before) && isObject(after)) patch[key] = mergePatchBetween(before, after) ?? {};
    else patch[key] = after;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}
