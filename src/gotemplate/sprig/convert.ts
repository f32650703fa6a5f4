import { bytesText, formatValue, stringerText } from '../fmt/format-value.ts';
import { TemplateProblem } from '../template-error.ts';
import { readFloat, readInteger } from '../text/number-syntax.ts';
import { integerOf, kindOf } from '../values/types.ts';
import { GoMap, GoNil, GoSlice, type Value } from '../values/values.ts';

/** A value as sprig turns it into text. */
export function textOfValue(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof GoSlice && value.elem === 'uint8') return bytesText(value);
  return stringerText(value) ?? formatValue(value);
}

/** A list of texts as sprig makes it of anything: nil items are left out, what is no list is one item. */
export function textsOf(value: Value): string[] {
  if (value === undefined || value === null) return [];
  if (!(value instanceof GoSlice)) return [textOfValue(value)];
  return value.items.filter((item) => item !== null && item !== undefined).map(textOfValue);
}

/** The items of a list, or an error in sprig's words: `Cannot <verb> type string`. */
export function itemsOf(value: Value, problem: string): readonly Value[] {
  if (value instanceof GoSlice) return value.items;
  if (value === undefined || value === null) {
    throw new TemplateProblem('runtime error: invalid memory address or nil pointer dereference');
  }
  throw new TemplateProblem(`${problem} ${kindOf(value)}`);
}

/** Whether sprig counts a value as empty: as Go's truth, but a struct never is. */
export function isEmpty(value: Value): boolean {
  switch (typeof value) {
    case 'boolean':
      return !value;
    case 'number':
      return value === 0;
    case 'bigint':
      return value === 0n;
    case 'string':
      return value === '';
    case 'undefined':
      return true;
    default:
      if (value instanceof GoSlice) return value.items.length === 0;
      if (value instanceof GoMap) return value.entries.size === 0;
      return value === null || value instanceof GoNil || integerOf(value) === 0n;
  }
}

/** An integer from anything; what is none is 0. Text may have a base's prefix and zeros behind a point. */
export function toInt64(value: Value): bigint {
  const integer = integerOf(value);
  if (integer !== undefined) return BigInt.asIntN(64, integer);
  if (typeof value === 'number') return truncated(value);
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value !== 'string') return 0n;
  const found = readInteger(value.replace(/\.0+$/, ''));
  return found === undefined || BigInt.asIntN(64, found) !== found ? 0n : found;
}

/** What Go's conversion gives on amd64, also for what does not fit. */
function truncated(value: number): bigint {
  const isInside = value >= -(2 ** 63) && value < 2 ** 63;
  return isInside ? BigInt(Math.trunc(value)) : -(1n << 63n);
}

/** A float from anything; what is none is 0. */
export function toFloat64(value: Value): number {
  const integer = integerOf(value);
  if (integer !== undefined) return Number(integer);
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'string' ? (readFloat(value) ?? 0) : 0;
}
