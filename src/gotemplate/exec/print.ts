import { formatValue } from '../fmt/format-value.ts';
import { nodeText } from '../parse/node-text.ts';
import type { Node } from '../parse/nodes.ts';
import { GoFunction } from '../values/go-function.ts';
import { typeOf } from '../values/types.ts';
import { GoObject, type Value } from '../values/values.ts';
import { failure } from './failure.ts';
import type { Frame } from './frame.ts';

/** What an action writes for the value of its pipeline. */
export function printedValue(frame: Frame, node: Node, value: Value): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '<no value>';
  if (value instanceof GoFunction) throw failure(frame, `can't print ${nodeText(node)} of type ${typeOf(value)}`);
  frame.spendOnWhole(value);
  return printedText(value);
}

/** A value as text; a pointer to a struct is printed as the struct. */
export function printedText(value: Value): string {
  const text = formatValue(value);
  return value instanceof GoObject && value.typeName.startsWith('*') ? text.replace(/^&\{/, '{') : text;
}
