import { isObject, type JsonObject, valueAt } from '../core/index.ts';

/** The object at a path, or an empty one. */
export function objectAt(values: JsonObject, ...path: readonly string[]): JsonObject {
  const value = valueAt(values, ...path);
  return isObject(value) ? value : {};
}
