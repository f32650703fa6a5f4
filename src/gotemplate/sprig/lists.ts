import type { Frame } from '../exec/frame.ts';
import { TemplateProblem } from '../template-error.ts';
import {
  allReadWhole,
  type FunctionTable,
  fn,
  framed,
  framedVariadic,
  type GoFunction,
  variadic,
} from '../values/go-function.ts';
import { kindOf } from '../values/types.ts';
import { ANY, GoInteger, GoMap, GoSlice, type Value } from '../values/values.ts';
import { isEmpty, itemsOf, toInt64 } from './convert.ts';
import { deepEqual } from './deep-equal.ts';

/** sprig's functions on lists; each also under its name with `must`, which fails in the same words here. */
export function listFunctions(): FunctionTable {
  const list = variadic([], 'interface {}', (...items) => new GoSlice(items));
  return { list, tuple: list, concat: variadic([], 'interface {}', concatenated), ...withMust(baseFunctions()) };
}

/** Functions under their own name and under `mustName`. */
export function withMust(table: FunctionTable): FunctionTable {
  const must = Object.entries(table).map(([name, callee]): [string, GoFunction] => [
    `must${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    callee,
  ]);
  return { ...table, ...Object.fromEntries(must) };
}

function baseFunctions(): FunctionTable {
  const { append, ...rest } = changeFunctions();
  return { ...partFunctions(), ...allReadWhole(filterFunctions()), ...rest, ...(append && { append, push: append }) };
}

function changeFunctions(): FunctionTable {
  return {
    append: fn(['interface {}', 'interface {}'], (list, value) => {
      return new GoSlice([...itemsOf(list, 'Cannot push on type'), value]);
    }),
    prepend: fn(['interface {}', 'interface {}'], (list, value) => {
      return new GoSlice([value, ...itemsOf(list, 'Cannot prepend on type')]);
    }),
    reverse: fn(['interface {}'], (list) => {
      return new GoSlice([...itemsOf(list, 'Cannot find reverse on type')].reverse());
    }),
    chunk: fn(['int', 'interface {}'], chunked),
  };
}

function partFunctions(): FunctionTable {
  return {
    first: fn(['interface {}'], (list) => itemsOf(list, 'Cannot find first on type')[0] ?? null),
    last: fn(['interface {}'], (list) => itemsOf(list, 'Cannot find last on type').at(-1) ?? null),
    rest: fn(['interface {}'], (list) => orNil(itemsOf(list, 'Cannot find rest on type'), (items) => items.slice(1))),
    initial: fn(['interface {}'], (list) =>
      orNil(itemsOf(list, 'Cannot find initial on type'), (items) => items.slice(0, -1)),
    ),
    slice: variadic(['interface {}'], 'interface {}', sliced),
  };
}

/** Parts of an empty list are nil, which prints like an empty list but is null in JSON. */
function orNil(items: readonly Value[], part: (items: readonly Value[]) => readonly Value[]): GoSlice {
  return items.length === 0 ? new GoSlice([], ANY, { isNil: true }) : new GoSlice(part(items));
}

function sliced(list: Value, ...indexes: readonly Value[]): Value {
  const items = itemsOf(list, 'list should be type of slice or array but');
  if (items.length === 0) return null;
  const from = indexes[0] === undefined ? 0 : Number(toInt64(indexes[0]));
  const to = indexes[1] === undefined ? items.length : Number(toInt64(indexes[1]));
  if (from < 0 || to > items.length || from > to) {
    throw new TemplateProblem('reflect.Value.Slice: slice index out of bounds');
  }
  return new GoSlice(items.slice(from, to), list instanceof GoSlice ? list.elem : ANY);
}

function chunked(size: bigint, list: Value): Value {
  const items = itemsOf(list, 'Cannot chunk type');
  if (size <= 0n) throw new TemplateProblem('the size of a chunk must be positive');
  const chunks: GoSlice[] = [];
  const step = Number(size);
  for (let at = 0; at < items.length; at += step) chunks.push(new GoSlice(items.slice(at, at + step)));
  return new GoSlice(chunks, '[]interface {}');
}

function filterFunctions(): FunctionTable {
  return {
    compact: fn(['interface {}'], (list) => {
      return new GoSlice(itemsOf(list, 'Cannot compact on type').filter((item) => !isEmpty(item)));
    }),
    uniq: framed(
      ['interface {}'],
      (frame, list) => new GoSlice(unique(frame, itemsOf(list, 'Cannot find uniq on type'))),
    ),
    without: framedVariadic(['interface {}'], 'interface {}', (frame, list, ...omitted) => {
      const items = itemsOf(list, 'Cannot find without on type');
      frame.run.spend(items.length * omitted.length);
      return new GoSlice(items.filter((item) => !omitted.some((one) => deepEqual(one, item))));
    }),
    has: fn(['interface {}', 'interface {}'], (needle, list) => {
      if (list === null || list === undefined) return false;
      return itemsOf(list, 'Cannot find has on type').some((item) => deepEqual(needle, item));
    }),
  };
}

/** Simple values are looked up; only lists, maps and the like are compared with each other. */
function unique(frame: Frame, items: readonly Value[]): readonly Value[] {
  const simple = new Set<Value>();
  const complex: Value[] = [];
  return items.filter((item) => {
    if (item instanceof GoSlice || item instanceof GoMap || item instanceof GoInteger) {
      frame.run.spend(complex.length);
      if (complex.some((other) => deepEqual(other, item))) return false;
      complex.push(item);
      return true;
    }
    if (simple.has(item)) return false;
    simple.add(item);
    return true;
  });
}

function concatenated(...lists: readonly Value[]): Value {
  const items: Value[] = [];
  for (const list of lists) {
    if (list === null || list === undefined) itemsOf(list, '');
    if (!(list instanceof GoSlice)) throw new TemplateProblem(`Cannot concat type ${kindOf(list)} as list`);
    for (const item of list.items) items.push(item);
  }
  return items.length === 0 ? new GoSlice([], ANY, { isNil: true }) : new GoSlice(items);
}
