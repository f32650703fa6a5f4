import { TemplateProblem } from '../template-error.ts';
import { byteLength, byteSlice, bytesOf, isAscii } from '../text/utf8.ts';
import { integerOf, typeOf, zeroOf } from '../values/types.ts';
import { GoInteger, GoMap, GoNil, GoSlice, type Value } from '../values/values.ts';

/** Go's `index`: `index x 1 "a"` is `x[1]["a"]`. */
export function goIndex(collection: Value, ...indexes: readonly Value[]): Value {
  if (collection === undefined || collection === null) throw new TemplateProblem('index of untyped nil');
  return indexes.reduce(itemAt, collection);
}

function itemAt(item: Value, index: Value): Value {
  if (item === undefined || item === null || item instanceof GoNil) throw new TemplateProblem('index of nil pointer');
  if (item instanceof GoMap) return entryAt(item, index);
  if (item instanceof GoSlice) return item.items[checkedIndex(index, item.items.length, true)] ?? null;
  if (typeof item === 'string') {
    const at = checkedIndex(index, byteLength(item), true);
    return new GoInteger('uint8', BigInt(isAscii(item) ? item.charCodeAt(at) : (bytesOf(item)[at] ?? 0)));
  }
  throw new TemplateProblem(`can't index item of type ${typeOf(item).replace('*', '')}`);
}

function entryAt(map: GoMap, key: Value): Value {
  if (key === undefined || key === null) throw new TemplateProblem('value is nil; should be of type string');
  if (typeof key !== 'string') throw new TemplateProblem(`value has type ${typeOf(key)}; should be string`);
  const value = map.entries.get(key);
  if (value !== undefined || map.entries.has(key)) return value ?? null;
  return zeroOf(map.elem);
}

/** An index up to `limit`, or below it for an item: Go's own check stops at the limit and its panic at the item. */
function checkedIndex(index: Value, limit: number, isItem: boolean): number {
  if (index === undefined || index === null) throw new TemplateProblem('cannot index slice/array with nil');
  const integer = integerOf(index);
  if (integer === undefined) throw new TemplateProblem(`cannot index slice/array with type ${typeOf(index)}`);
  if (integer < 0n || integer > BigInt(limit)) throw new TemplateProblem(`index out of range: ${integer}`);
  if (isItem && integer === BigInt(limit)) throw new TemplateProblem('reflect: slice index out of range');
  return Number(integer);
}

/** Go's `slice`: `slice x 1 2` is `x[1:2]`. */
export function goSlice(item: Value, ...indexes: readonly Value[]): Value {
  if (item === undefined || item === null) throw new TemplateProblem('slice of untyped nil');
  if (item instanceof GoNil) throw new TemplateProblem('slice of nil pointer');
  if (indexes.length > 3) throw new TemplateProblem(`too many slice indexes: ${indexes.length}`);
  const isText = typeof item === 'string';
  if (isText && indexes.length === 3) throw new TemplateProblem('cannot 3-index slice a string');
  if (!isText && !(item instanceof GoSlice))
    throw new TemplateProblem(`can't slice item of type ${typeOf(item).replace('*', '')}`);
  const length = isText ? byteLength(item) : item.items.length;
  const [from = 0, to = length, capacity] = indexes.map((index) => checkedIndex(index, length, false));
  if (from > to) throw new TemplateProblem(`invalid slice index: ${from} > ${to}`);
  if (capacity !== undefined && to > capacity) throw new TemplateProblem(`invalid slice index: ${to} > ${capacity}`);
  return isText ? byteSlice(item, from, to) : new GoSlice(item.items.slice(from, to), item.elem);
}

/** Go's `len`, of strings in bytes. */
export function goLength(item: Value): bigint {
  if (typeof item === 'string') return BigInt(byteLength(item));
  if (item instanceof GoSlice) return BigInt(item.items.length);
  if (item instanceof GoMap) return BigInt(item.entries.size);
  if (item === null || item instanceof GoNil) throw new TemplateProblem('len of nil pointer');
  // Go asks an invalid value for its type here, which panics with this text
  if (item === undefined) throw new TemplateProblem('reflect: call of reflect.Value.Type on zero Value');
  throw new TemplateProblem(`len of type ${typeOf(item).replace('*', '')}`);
}
