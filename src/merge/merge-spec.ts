import { isObject, type Json, type JsonObject, OperatorError } from '../core/index.ts';

/** How deep a spec may be nested; real ones have some fifteen levels. */
export const MAX_DEPTH = 200;

/**
 * One layer over another: maps merge at every depth, lists and scalars are replaced whole, an explicit null stays null.
 * Neither argument is changed.
 * @throws {OperatorError} `InvalidValue` when the maps are nested deeper than `MAX_DEPTH`.
 */
export function mergeSpec(base: JsonObject, over: JsonObject): JsonObject {
  return mergeAt(base, over, 0);
}

function mergeAt(base: JsonObject, over: JsonObject, depth: number): JsonObject {
  if (depth > MAX_DEPTH) {
    throw new OperatorError(`The spec is nested deeper than ${MAX_DEPTH} levels.`, {
      code: 'InvalidValue',
      path: 'spec',
      hint: 'Check the indentation: no Istio setting is that deep.',
    });
  }
  const merged: Record<string, Json | undefined> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    // assigning to __proto__ would change the prototype instead of setting a field
    if (value === undefined || key === '__proto__') continue;
    const old = Object.hasOwn(merged, key) ? merged[key] : undefined;
    merged[key] = isObject(old) && isObject(value) ? mergeAt(old, value, depth + 1) : value;
  }
  return merged;
}
