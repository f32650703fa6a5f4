import type { Frame } from '../exec/frame.ts';
import { TemplateProblem } from '../template-error.ts';
import { compareText } from '../text/utf8.ts';
import { deepCopy } from '../values/deep-copy.ts';
import { allReadWhole, type FunctionTable, fn, framedVariadic, variadic } from '../values/go-function.ts';
import { typeOf } from '../values/types.ts';
import { ANY, GoMap, GoSlice, stringSlice, type Value } from '../values/values.ts';
import { textOfValue } from './convert.ts';
import { withMust } from './lists.ts';
import { mergeInto } from './merge.ts';

const MAP = 'map[string]interface {}';

/** sprig's functions on maps. `set`, `unset` and `merge` change the map that they are given, as in Go. */
export function dictFunctions(): FunctionTable {
  return {
    dict: framedVariadic([], 'interface {}', dictOf),
    dig: variadic([], 'interface {}', dug),
    ...entryFunctions(),
    ...selectFunctions(),
    ...allReadWhole(wholeFunctions()),
  };
}

function wholeFunctions(): FunctionTable {
  return {
    ...withMust({
      deepCopy: fn(['interface {}'], (value) => deepCopy(value)),
      merge: variadic([MAP], MAP, (target, ...sources) => merged(target, sources, false)),
      mergeOverwrite: variadic([MAP], MAP, (target, ...sources) => merged(target, sources, true)),
    }),
  };
}

function dictOf(frame: Frame, ...values: readonly Value[]): GoMap {
  const entries = new Map<string, Value>();
  for (let i = 0; i < values.length; i += 2) {
    // almost always text; of anything else its text is made
    if (typeof values[i] !== 'string') frame.spendOnWhole(values[i]);
    entries.set(textOfValue(values[i]), i + 1 < values.length ? values[i + 1] : '');
  }
  return new GoMap(entries);
}

function entryFunctions(): FunctionTable {
  return {
    get: fn([MAP, 'string'], ({ entries }, key) => (entries.has(key) ? entries.get(key) : '')),
    hasKey: fn([MAP, 'string'], ({ entries }, key) => entries.has(key)),
    set: fn([MAP, 'string', 'interface {}'], (map, key, value) => {
      writable(map).set(key, value);
      return map;
    }),
    unset: fn([MAP, 'string'], (map, key) => {
      map.entries.delete(key);
      return map;
    }),
  };
}

function writable({ entries, isNil }: GoMap): Map<string, Value> {
  if (isNil) throw new TemplateProblem('assignment to entry in nil map');
  return entries;
}

/** Where Go's order is random, ours is that of the keys. */
function selectFunctions(): FunctionTable {
  return {
    keys: variadic([], MAP, (...maps) => stringSlice(maps.flatMap(sortedKeys))),
    values: fn([MAP], (map) => new GoSlice(sortedKeys(map).map((key) => map.entries.get(key)))),
    pluck: variadic(['string'], MAP, (key, ...maps) => {
      return new GoSlice(maps.filter(({ entries }) => entries.has(key)).map(({ entries }) => entries.get(key)));
    }),
    pick: variadic([MAP], 'string', ({ entries }, ...keys) => {
      return new GoMap(new Map(keys.filter((key) => entries.has(key)).map((key) => [key, entries.get(key)])));
    }),
    omit: variadic([MAP], 'string', ({ entries }, ...keys) => {
      const omitted = new Set(keys);
      return new GoMap(new Map([...entries].filter(([key]) => !omitted.has(key))));
    }),
  };
}

function sortedKeys({ entries }: GoMap): readonly string[] {
  return [...entries.keys()].sort(compareText);
}

function dug(...args: readonly Value[]): Value {
  if (args.length < 3) throw new TemplateProblem('dig needs at least three arguments');
  const fallback = args.at(-2);
  let map: Value = asMap(args.at(-1));
  const keys = args.slice(0, -2).map(asKey);
  for (const [index, key] of keys.entries()) {
    const { entries }: GoMap = asMap(map);
    if (!entries.has(key)) return fallback;
    const value = entries.get(key);
    if (index === keys.length - 1) return value;
    map = value;
  }
  return fallback;
}

function asMap(value: Value): GoMap {
  if (value instanceof GoMap && value.elem === ANY && value.named === undefined) return value;
  throw conversionProblem(value, MAP);
}

function asKey(value: Value): string {
  if (typeof value === 'string') return value;
  throw conversionProblem(value, 'string');
}

function conversionProblem(value: Value, wanted: string): TemplateProblem {
  const found = value === null || value === undefined ? 'nil' : typeOf(value);
  return new TemplateProblem(`interface conversion: interface {} is ${found}, not ${wanted}`);
}

/** A nil target becomes a map of its own as soon as a source is one. */
function merged(given: GoMap, sources: readonly GoMap[], isOverwrite: boolean): GoMap {
  const target = given.isNil && sources.some(({ isNil }) => !isNil) ? new GoMap() : given;
  for (const source of sources) mergeInto(target, source, isOverwrite);
  return target;
}
