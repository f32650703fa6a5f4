import { readJson } from '../json/read-json.ts';
import { writeJson } from '../json/write-json.ts';
import { allReadWhole, type FunctionTable, fn, type GoFunction, readsWhole, variadic } from '../values/go-function.ts';
import { kindOf, typeOf } from '../values/types.ts';
import type { Value } from '../values/values.ts';
import { isEmpty } from './convert.ts';
import { deepEqual } from './deep-equal.ts';

/** sprig's functions on defaults, types and JSON. */
export function defaultFunctions(): FunctionTable {
  return { ...choiceFunctions(), ...typeFunctions(), ...allReadWhole(jsonFunctions()) };
}

function choiceFunctions(): FunctionTable {
  return {
    default: variadic(['interface {}'], 'interface {}', (fallback, given) => (isEmpty(given) ? fallback : given)),
    empty: fn(['interface {}'], isEmpty),
    coalesce: variadic([], 'interface {}', (...values) => values.find((value) => !isEmpty(value)) ?? null),
    all: variadic([], 'interface {}', (...values) => !values.some(isEmpty)),
    any: variadic([], 'interface {}', (...values) => values.some((value) => !isEmpty(value))),
    ternary: fn(['interface {}', 'interface {}', 'bool'], (yes, no, condition) => (condition ? yes : no)),
  };
}

function typeFunctions(): FunctionTable {
  return {
    typeOf: fn(['interface {}'], typeOf),
    kindOf: fn(['interface {}'], kindOf),
    typeIs: fn(['string', 'interface {}'], (type, value) => typeOf(value) === type),
    typeIsLike: fn(['string', 'interface {}'], (type, value) => [type, `*${type}`].includes(typeOf(value))),
    kindIs: fn(['string', 'interface {}'], (kind, value) => kindOf(value) === kind),
    deepEqual: readsWhole(fn(['interface {}', 'interface {}'], deepEqual)),
  };
}

function jsonFunctions(): FunctionTable {
  const write = (indent: string, escapeHtml: boolean): GoFunction =>
    fn(['interface {}'], (value) => writeJson(value, { indent, escapeHtml }));
  const [toJson, toPrettyJson, toRawJson] = [write('', true), write('  ', true), write('', false)];
  return {
    toJson,
    mustToJson: toJson,
    toPrettyJson,
    mustToPrettyJson: toPrettyJson,
    toRawJson,
    mustToRawJson: toRawJson,
    fromJson: fn(['string'], (text) => readJson(text).value ?? null),
    mustFromJson: fn(['string'], (text) => readJsonOrFail(text)),
  };
}

function readJsonOrFail(text: string): Value {
  const { value, problem } = readJson(text);
  if (problem !== undefined) throw problem;
  return value ?? null;
}
