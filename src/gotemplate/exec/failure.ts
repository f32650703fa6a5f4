import type { OperatorError } from '../../core/index.ts';
import { nodeText } from '../parse/node-text.ts';
import type { Source } from '../parse/nodes.ts';
import { templateError } from '../template-error.ts';
import { quote } from '../text/quote.ts';
import { byteLength } from '../text/utf8.ts';
import type { Frame } from './frame.ts';

/** How much of a node an error quotes; a whole branch can be a file long. */
const MAX_CONTEXT = 2000;

/** The error for a template that fails at the node it is at. */
export function failure({ node, template }: Frame, message: string, cause?: unknown): OperatorError {
  if (node === undefined) return templateError(`template: ${template.name}: ${message}`, template.source.name, cause);
  const context = nodeText(node);
  const shown = context.length > MAX_CONTEXT ? `${context.slice(0, MAX_CONTEXT)}...` : context;
  return templateError(
    `template: ${placeOf(template.source, node.pos)}: executing ${quote(template.name)} at <${shown}>: ${message}`,
    template.source.name,
    cause,
  );
}

/** `name:line:column` as Go counts: lines from 1, columns in bytes from 0. */
function placeOf({ name, text }: Source, pos: number): string {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < pos; at = text.indexOf('\n', at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return `${name}:${line}:${byteLength(text.slice(lineStart, pos))}`;
}
