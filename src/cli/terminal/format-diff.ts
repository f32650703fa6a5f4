import { type FieldChange, lineDiff } from '../../apply/index.ts';
import type { Json } from '../../core/index.ts';
import type { Paint } from './paint.ts';

/** Values longer than this are cut. */
const MAX_VALUE = 240;

/** The changes of one object, a line or a few each, indented. */
export function formatChanges(changes: readonly FieldChange[], paint: Paint): string {
  return changes.map((change) => formatChange(change, paint)).join('');
}

function formatChange({ path, before, after }: FieldChange, paint: Paint): string {
  if (isText(before) && isText(after)) {
    return `    ${path}:\n${lineDiff(before, after)
      .map((line) => `      ${colour(line, paint)}\n`)
      .join('')}`;
  }
  if (before === undefined) return `    ${paint('green', `+ ${path}: ${shortValue(after)}`)}\n`;
  if (after === undefined) return `    ${paint('red', `- ${path}: ${shortValue(before)}`)}\n`;
  return `    ${paint('yellow', '~')} ${path}: ${paint('red', shortValue(before))} → ${paint('green', shortValue(after))}\n`;
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value.includes('\n');
}

function shortValue(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 1)}…` : text;
}

function colour(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint('green', line);
  return line.startsWith('-') ? paint('red', line) : paint('dim', line);
}
