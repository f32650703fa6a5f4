import type { Frame } from '../exec/frame.ts';
import { formatValue } from '../fmt/format-value.ts';
import { TemplateProblem } from '../template-error.ts';
import { readInt64 } from '../text/number-syntax.ts';
import { type FunctionTable, fn, framed, framedVariadic, readsWhole, variadic } from '../values/go-function.ts';
import { GoSlice, int64, type Value } from '../values/values.ts';
import { toFloat64, toInt64 } from './convert.ts';
import { addDecimals, divideDecimals, multiplyDecimals, subtractDecimals } from './decimal.ts';

/** sprig's functions on numbers. Integers come out as `int64`. */
export function mathFunctions(): FunctionTable {
  return { ...integerFunctions(), ...floatFunctions(), ...conversionFunctions(), ...sequenceFunctions() };
}

type Pair = (a: bigint, b: bigint) => bigint;

function integerFunctions(): FunctionTable {
  const fold = (combine: Pair) =>
    variadic(['interface {}'], 'interface {}', (first, ...rest) =>
      int64(rest.reduce((result: bigint, value) => combine(result, toInt64(value)), toInt64(first))),
    );
  const pair = (combine: Pair) =>
    fn(['interface {}', 'interface {}'], (a, b) => int64(combine(toInt64(a), toInt64(b))));
  const max = fold((a, b) => (b > a ? b : a));
  return {
    add: variadic([], 'interface {}', (...values) =>
      int64(values.reduce((sum: bigint, value) => sum + toInt64(value), 0n)),
    ),
    add1: fn(['interface {}'], (value) => int64(toInt64(value) + 1n)),
    sub: pair((a, b) => a - b),
    mul: fold((a, b) => BigInt.asIntN(64, a * b)),
    div: pair((a, b) => a / nonZero(b)),
    mod: pair((a, b) => a % nonZero(b)),
    max,
    biggest: max,
    min: fold((a, b) => (b < a ? b : a)),
  };
}

function nonZero(value: bigint): bigint {
  if (value === 0n) throw new TemplateProblem('runtime error: integer divide by zero');
  return value;
}

function floatFunctions(): FunctionTable {
  const fold = (combine: (a: number, b: number) => number) =>
    variadic(['interface {}'], 'interface {}', (first, ...rest) =>
      rest.reduce((result: number, value) => combine(result, toFloat64(value)), toFloat64(first)),
    );
  const decimals = (combine: (values: readonly number[]) => number) =>
    variadic(['interface {}'], 'interface {}', (first, ...rest) => combine([first, ...rest].map(toFloat64)));
  return {
    maxf: fold(Math.max),
    minf: fold(Math.min),
    ceil: fn(['interface {}'], (value) => Math.ceil(toFloat64(value))),
    floor: fn(['interface {}'], (value) => Math.floor(toFloat64(value))),
    round: variadic(['interface {}', 'int'], 'float64', (value, places, from = 0.5) =>
      rounded(toFloat64(value), Number(places), from),
    ),
    addf: variadic([], 'interface {}', (...values) => addDecimals([0, ...values.map(toFloat64)])),
    add1f: fn(['interface {}'], (value) => addDecimals([toFloat64(value), 1])),
    subf: decimals(subtractDecimals),
    mulf: decimals(multiplyDecimals),
    divf: decimals(divideDecimals),
  };
}

function rounded(value: number, places: number, from: number): number {
  const power = 10 ** places;
  const digits = power * value;
  const fraction = digits - Math.trunc(digits);
  return (fraction >= from ? Math.ceil(digits) : Math.floor(digits)) / power;
}

function conversionFunctions(): FunctionTable {
  return {
    int: fn(['interface {}'], toInt64),
    int64: fn(['interface {}'], (value) => int64(toInt64(value))),
    float64: fn(['interface {}'], toFloat64),
    atoi: fn(['string'], (text) => readInt64(text, 10) ?? 0n),
    toDecimal: readsWhole(fn(['interface {}'], (value) => int64(octal(formatValue(value))))),
  };
}

function octal(text: string): bigint {
  const match = /^([+-]?)([0-7]{1,22})$/.exec(text);
  if (match === null) return 0n;
  const value = BigInt(`0o${match[2]}`) * (match[1] === '-' ? -1n : 1n);
  return BigInt.asIntN(64, value) === value ? value : 0n;
}

function sequenceFunctions(): FunctionTable {
  return {
    until: framed(['int'], (frame, count) => ints(steps(frame, 0n, count, count < 0n ? -1n : 1n))),
    untilStep: framed(['int', 'int', 'int'], (frame, start, stop, step) => ints(steps(frame, start, stop, step))),
    seq: framedVariadic([], 'int', sequence),
  };
}

function ints(items: readonly Value[]): GoSlice {
  return new GoSlice(items, 'int');
}

function steps(frame: Frame, start: bigint, stop: bigint, step: bigint): readonly bigint[] {
  if (stop < start ? step >= 0n : step <= 0n) return [];
  const distance = stop < start ? start - stop : stop - start;
  const size = step < 0n ? -step : step;
  const count = (distance + size - 1n) / size;
  frame.run.spend(Number(count));
  return Array.from({ length: Number(count) }, (_unused, index) => start + BigInt(index) * step);
}

function sequence(frame: Frame, ...params: readonly bigint[]): string {
  const [first, second, third] = params;
  if (first === undefined || params.length > 3) return '';
  const [start, end] = [second === undefined ? 1n : first, third ?? second ?? first];
  const direction = end < start ? -1n : 1n;
  const step = third === undefined ? direction : (second ?? direction);
  if (third !== undefined && direction < 0n && step > 0n) return '';
  return steps(frame, start, end + direction, step).join(' ');
}
