import { PLAIN } from '../fmt/directive.ts';
import { formatValue, formatVerb } from '../fmt/format-value.ts';
import { TemplateProblem } from '../template-error.ts';
import { compareText } from '../text/utf8.ts';
import { GoFunction } from '../values/go-function.ts';
import { integerOf, isUnsigned, kindOf, typeOf } from '../values/types.ts';
import { GoMap, GoNil, GoObject, GoSlice, type Value } from '../values/values.ts';

type Basic = 'bool' | 'int' | 'uint' | 'float' | 'string' | 'other';

function basicKind(value: Value): Basic {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'number':
      return 'float';
    case 'string':
      return 'string';
    case 'bigint':
      return 'int';
    default:
      if (integerOf(value) === undefined) return 'other';
      return isUnsigned(value) ? 'uint' : 'int';
  }
}

/** Whether the first value equals one of the others. Values of different kinds are an error, as in Go. */
export function areEqual(first: Value, ...others: readonly Value[]): boolean {
  if (others.length === 0) throw new TemplateProblem('missing argument for comparison');
  const one = first ?? undefined;
  return others.some((other) => isEqual(one, other ?? undefined));
}

function isEqual(a: Value, b: Value): boolean {
  const [left, right] = [basicKind(a), basicKind(b)];
  if (left === 'other' && right === 'other') return isSameObject(a, b);
  const [leftInteger, rightInteger] = [integerOf(a), integerOf(b)];
  if (leftInteger !== undefined && rightInteger !== undefined) return leftInteger === rightInteger;
  if (left === right) return a === b;
  if (a === undefined || b === undefined) return false;
  throw incompatible(a, b);
}

/** Go compares pointers and structs, and anything with nil; it does not compare lists, maps and functions. */
function isSameObject(a: Value, b: Value): boolean {
  if (a !== undefined && b !== undefined && kindOf(a) !== kindOf(b)) {
    throw new TemplateProblem(`non-comparable types ${asText(a)}: ${typeOf(a)}, ${typeOf(b)}: ${formatValue(b)}`);
  }
  if (isNil(a) || isNil(b)) return isNil(a) && isNil(b);
  if (b instanceof GoMap || b instanceof GoSlice || b instanceof GoFunction) {
    throw new TemplateProblem(`non-comparable type ${asText(b)}: ${typeOf(b)}`);
  }
  return a === b || isSameStruct(a, b);
}

/** Go prints the first value with `%s` in these messages. */
function asText(value: Value): string {
  return formatVerb(value, 's', PLAIN);
}

function isSameStruct(a: Value, b: Value): boolean {
  if (!(a instanceof GoObject && b instanceof GoObject) || a.typeName !== b.typeName) return false;
  if (a.typeName.startsWith('*')) return false;
  return [...a.fields].every(([name, field]) => field === b.fields.get(name));
}

function isNil(value: Value): boolean {
  if (value === undefined || value instanceof GoNil) return true;
  return (value instanceof GoMap || value instanceof GoSlice) && value.isNil;
}

/** Whether the first value is smaller: numbers of one kind, or strings. */
export function isLess(a: Value, b: Value): boolean {
  const [left, right] = [basicKind(a), basicKind(b)];
  if (left === 'other' || right === 'other') throw new TemplateProblem('invalid type for comparison');
  const [leftInteger, rightInteger] = [integerOf(a), integerOf(b)];
  if (leftInteger !== undefined && rightInteger !== undefined) return leftInteger < rightInteger;
  if (left !== right) throw incompatible(a, b);
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b) < 0;
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  throw new TemplateProblem('invalid type for comparison');
}

/** Whether the first value is smaller or equal. */
export function isLessOrEqual(a: Value, b: Value): boolean {
  return isLess(a, b) || areEqual(a, b);
}

function incompatible(a: Value, b: Value): TemplateProblem {
  return new TemplateProblem(`incompatible types for comparison: ${typeOf(a)} and ${typeOf(b)}`);
}
