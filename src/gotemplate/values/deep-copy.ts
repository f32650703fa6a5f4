import { GoMap, GoSlice, type Value } from './values.ts';

/** A copy that shares no map with the original. */
export function deepCopy(value: Value): Value {
  if (value instanceof GoSlice) {
    return new GoSlice(value.items.map(deepCopy), value.elem, optionsOf(value));
  }
  if (!(value instanceof GoMap)) return value;
  const entries = new Map<string, Value>();
  for (const [key, field] of value.entries) entries.set(key, deepCopy(field));
  return new GoMap(entries, value.elem, optionsOf(value));
}

function optionsOf(value: GoMap | GoSlice) {
  return value.named === undefined ? { isNil: value.isNil } : { isNil: value.isNil, named: value.named };
}
