import { nodeText } from '../parse/node-text.ts';
import type { Node } from '../parse/nodes.ts';
import { canBeNil, isAssignable, nilOf, typeOf } from '../values/types.ts';
import { ANY, GoInteger, type GoType, type IntegerKind, type Value } from '../values/values.ts';
import { failure } from './failure.ts';
import type { Frame } from './frame.ts';

/** Stands for "no argument comes from the pipeline", which is not the same as no value. */
export const MISSING: unique symbol = Symbol('missing');

/** The last argument of a command, which comes from the command before it. */
export type Final = Value | typeof MISSING;

const INTEGER = /^u?int(?:8|16|32|64|ptr)?$/;
const FLOAT = /^float(?:32|64)$/;

/** The value as an argument of a declared type, or an error. */
export function checkedArgument(frame: Frame, value: Value, type: GoType): Value {
  if (type === ANY) return value ?? null;
  if (type === 'reflect.Value') return value;
  if (value === undefined) {
    if (canBeNil(type)) return nilOf(type);
    throw failure(frame, `invalid value; expected ${type}`);
  }
  if (value !== null && isAssignable(value, type)) return value;
  throw failure(frame, `wrong type for value; expected ${type}; got ${value === null ? ANY : typeOf(value)}`);
}

/** A literal as an argument of a declared type, or an error. */
export function literalArgument(frame: Frame, node: Node, type: GoType): Value {
  if (type === ANY || type === 'reflect.Value') return literalValue(frame, node);
  if (type === 'string') {
    if (node.kind === 'string') return node.text;
    throw failure(frame, `expected string; found ${nodeText(node)}`);
  }
  if (type === 'bool') {
    if (node.kind === 'bool') return node.value;
    throw failure(frame, `expected bool; found ${nodeText(node)}`);
  }
  if (INTEGER.test(type)) return integerArgument(frame, node, type);
  if (FLOAT.test(type)) {
    if (node.kind === 'number' && node.float !== undefined) return node.float;
    throw failure(frame, `expected float; found ${nodeText(node)}`);
  }
  throw failure(frame, `can't handle ${nodeText(node)} for arg of type ${type}`);
}

function integerArgument(frame: Frame, node: Node, type: GoType): Value {
  const isUnsigned = type.startsWith('u');
  const value = node.kind === 'number' ? (isUnsigned ? node.uint : node.int) : undefined;
  if (value === undefined) {
    throw failure(frame, `expected ${isUnsigned ? 'unsigned ' : ''}integer; found ${nodeText(node)}`);
  }
  return type === 'int' ? value : new GoInteger(type as IntegerKind, value);
}

/** What a literal is where no type is asked for: its syntax decides between `int` and `float64`. */
export function literalValue(frame: Frame, node: Node): Value {
  switch (node.kind) {
    case 'bool':
      return node.value;
    case 'string':
      return node.text;
    case 'number':
      if (node.float !== undefined && isFloatSyntax(node.text)) return node.float;
      if (node.int !== undefined) return node.int;
      throw failure(frame, `${node.text} overflows int`);
    default:
      throw failure(frame, `can't handle assignment of ${nodeText(node)} to empty interface argument`);
  }
}

function isFloatSyntax(text: string): boolean {
  if (text.startsWith("'")) return false;
  if (/^0[xX]/.test(text)) return /[pP]/.test(text);
  return /[.eEpP]/.test(text);
}
