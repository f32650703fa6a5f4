import { typeOf } from '../values/types.ts';
import { GoInteger, GoMap, GoNil, GoObject, GoSlice, type Value } from '../values/values.ts';

/** Go's reflect.DeepEqual: the same type and the same contents. */
export function deepEqual(a: Value, b: Value): boolean {
  const [left, right] = [a ?? null, b ?? null];
  if (left === right) return true;
  if (left === null || right === null || typeOf(left) !== typeOf(right)) return false;
  if (left instanceof GoInteger && right instanceof GoInteger) return left.value === right.value;
  if (left instanceof GoSlice && right instanceof GoSlice) return equalItems(left, right);
  if (left instanceof GoMap && right instanceof GoMap) {
    return left.isNil === right.isNil && equalEntries(left.entries, right.entries);
  }
  if (left instanceof GoObject && right instanceof GoObject) return equalEntries(left.fields, right.fields);
  return left instanceof GoNil && right instanceof GoNil;
}

function equalItems(a: GoSlice, b: GoSlice): boolean {
  if (a.isNil !== b.isNil || a.items.length !== b.items.length) return false;
  return a.items.every((item, index) => deepEqual(item, b.items[index]));
}

function equalEntries(a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.has(key) && deepEqual(value, b.get(key)));
}
