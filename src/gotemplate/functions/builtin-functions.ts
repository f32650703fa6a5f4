import { formatValue } from '../fmt/format-value.ts';
import { sprint, sprintf, sprintln } from '../fmt/printf.ts';
import { TemplateProblem } from '../template-error.ts';
import { allReadWhole, type FunctionTable, fn, GoFunction, variadic } from '../values/go-function.ts';
import { canBeNil, isAssignable, isTrue, nilOf, typeOf } from '../values/types.ts';
import type { Value } from '../values/values.ts';
import { goIndex, goLength, goSlice } from './collections.ts';
import { areEqual, isLess, isLessOrEqual } from './comparison.ts';
import { escapeHtml, escapeJavaScript, escapeQuery } from './escape.ts';

/** The functions of Go's text/template. */
export function builtinFunctions(): FunctionTable {
  // comparing is not deep, but the message for what cannot be compared shows it whole
  const whole = allReadWhole({ ...comparisonFunctions(), ...textFunctions() });
  return { ...logicFunctions(), ...whole, ...collectionFunctions() };
}

function logicFunctions(): FunctionTable {
  const unreachable = () => {
    throw new Error('the engine evaluates this function itself');
  };
  return {
    and: new GoFunction(['reflect.Value'], 'reflect.Value', unreachable, { special: 'and' }),
    or: new GoFunction(['reflect.Value'], 'reflect.Value', unreachable, { special: 'or' }),
    not: fn(['reflect.Value'], (value) => !isTrue(value)),
    call: new GoFunction(['reflect.Value'], 'reflect.Value', callFunction, { special: 'call' }),
  };
}

function comparisonFunctions(): FunctionTable {
  const value = 'reflect.Value';
  return {
    eq: variadic([value], value, areEqual),
    ne: fn([value, value], (a, b) => !areEqual(a, b)),
    lt: fn([value, value], isLess),
    le: fn([value, value], isLessOrEqual),
    gt: fn([value, value], (a, b) => !isLessOrEqual(a, b)),
    ge: fn([value, value], (a, b) => !isLess(a, b)),
  };
}

function textFunctions(): FunctionTable {
  return {
    html: variadic([], 'interface {}', (...args) => escapeHtml(textOfAll(args))),
    js: variadic([], 'interface {}', (...args) => escapeJavaScript(textOfAll(args))),
    urlquery: variadic([], 'interface {}', (...args) => escapeQuery(textOfAll(args))),
    print: variadic([], 'interface {}', (...args) => sprint(args)),
    printf: variadic(['string'], 'interface {}', (format, ...args) => sprintf(format, args)),
    println: variadic([], 'interface {}', (...args) => sprintln(args)),
  };
}

function collectionFunctions(): FunctionTable {
  const value = 'reflect.Value';
  return {
    index: variadic([value], value, goIndex),
    slice: variadic([value], value, goSlice),
    len: fn([value], goLength),
  };
}

/** What the escaping functions escape: their arguments as an action would print them. */
function textOfAll(args: readonly Value[]): string {
  const [only] = args;
  if (args.length === 1 && typeof only === 'string') return only;
  return sprint(args.map((arg) => (arg === null || arg === undefined ? '<no value>' : arg)));
}

/** `call f a b`; the engine puts the text of the first operand in front, for messages. */
function callFunction([name, callee, ...args]: readonly Value[], frame: Parameters<GoFunction['implementation']>[1]) {
  if (callee === undefined || callee === null) throw new TemplateProblem('call of nil');
  if (!(callee instanceof GoFunction)) {
    throw new TemplateProblem(`non-function ${formatValue(name)} of type ${typeOf(callee)}`);
  }
  const { params, rest } = callee;
  const isShort = args.length < params.length;
  if (isShort || (rest === undefined && args.length > params.length)) {
    const wanted = rest === undefined ? params.length : `at least ${params.length}`;
    throw new TemplateProblem(`wrong number of args for ${formatValue(name)}: got ${args.length} want ${wanted}`);
  }
  const checked = args.map((arg, index) => {
    const type = params[index] ?? rest ?? '';
    if (arg === undefined || arg === null) {
      if (canBeNil(type)) return nilOf(type);
      throw new TemplateProblem(`arg ${index}: value is nil; should be of type ${type}`);
    }
    if (isAssignable(arg, type)) return arg;
    throw new TemplateProblem(`arg ${index}: value has type ${typeOf(arg)}; should be ${type}`);
  });
  return callee.implementation(checked, frame);
}
