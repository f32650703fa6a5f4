import { OperatorError } from '../../core/index.ts';
import type { Node } from '../parse/nodes.ts';
import { TemplateLimit, TemplateProblem } from '../template-error.ts';
import type { GoFunction } from '../values/go-function.ts';
import { isTrue } from '../values/types.ts';
import { GoMap, GoSlice, type Value } from '../values/values.ts';
import { checkedArgument, type Final, MISSING } from './arguments.ts';
import { failure } from './failure.ts';
import type { Frame } from './frame.ts';

/** An operand as an argument: it evaluates itself for the type that the function declares. */
export type Argument = (frame: Frame, dot: Value, type: string) => Value;

/** One call in a template. */
export interface Call {
  readonly name: string;
  /** What an error in the function is reported at. */
  readonly node: Node;
  readonly args: readonly Argument[];
  /** What the first argument is as text, for errors of `call`. */
  readonly firstText: string;
}

/** Calls a function or method with operands and, where there is one, the value that comes down the pipeline. */
export function evaluateCall(frame: Frame, dot: Value, callee: GoFunction, call: Call, final: Final): Value {
  checkCount(frame, callee, call, final);
  if (callee.special === 'and' || callee.special === 'or') return shortCircuit(frame, dot, callee, call, final);
  const { params, rest } = callee;
  const args: Value[] = [];
  for (let i = 0; i < call.args.length; i++) {
    const arg = call.args[i];
    if (arg !== undefined) args.push(arg(frame, dot, params[i] ?? rest ?? ''));
  }
  if (final !== MISSING) args.push(checkedArgument(frame, final, params[args.length] ?? rest ?? ''));
  if (callee.special === 'call') args.unshift(call.args.length > 0 ? call.firstText : '<value>');
  return guarded(frame, callee, call, args);
}

function checkCount(frame: Frame, { params, rest }: GoFunction, { name, args }: Call, final: Final): void {
  const count = args.length + (final === MISSING ? 0 : 1);
  if (rest !== undefined) {
    if (count >= params.length) return;
    throw failure(frame, `wrong number of args for ${name}: want at least ${params.length} got ${args.length}`);
  }
  if (count !== params.length) {
    throw failure(frame, `wrong number of args for ${name}: want ${params.length} got ${count}`);
  }
}

/** `and` and `or` evaluate no argument after the one that decides. */
function shortCircuit(frame: Frame, dot: Value, { special }: GoFunction, { args }: Call, final: Final): Value {
  let value: Value;
  for (const arg of args) {
    value = arg(frame, dot, 'reflect.Value');
    if (isTrue(value) === (special === 'or')) return value;
  }
  return final === MISSING ? value : final;
}

/** Runs the function; its problem becomes an error at the call. */
function guarded(frame: Frame, callee: GoFunction, { name, node }: Call, args: readonly Value[]): Value {
  try {
    for (const arg of args) {
      if (callee.readsWhole) frame.spendOnWhole(arg);
      else frame.run.spend(sizeOf(arg));
    }
    const result = callee.implementation(args, frame);
    frame.run.spend(sizeOf(result));
    return result;
  } catch (error) {
    if (error instanceof TemplateLimit) throw error;
    if (!(error instanceof TemplateProblem || error instanceof OperatorError)) throw error;
    frame.node = node;
    throw failure(frame, `error calling ${name}: ${error.message}`, error);
  }
}

function sizeOf(value: Value): number {
  if (typeof value === 'string') return 1 + value.length;
  if (value instanceof GoSlice) return 1 + value.items.length;
  return value instanceof GoMap ? 1 + value.entries.size : 1;
}
