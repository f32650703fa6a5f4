import { TemplateProblem } from '../template-error.ts';
import { formatFloat } from '../text/format-float.ts';
import { compareText } from '../text/utf8.ts';
import { integerOf, typeOf } from '../values/types.ts';
import { GoMap, GoSlice, type Value } from '../values/values.ts';

/** A map as TOML: simple fields first, then tables, each in the order of their keys. @throws {TemplateProblem} */
export function writeToml(value: Value): string {
  if (!(value instanceof GoMap)) throw new TemplateProblem(`toml: top-level value must be a map, not ${typeOf(value)}`);
  const lines: string[] = [];
  writeTable(value, [], lines);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function writeTable({ entries }: GoMap, path: readonly string[], lines: string[]): void {
  const fields = [...entries].filter(([, value]) => value !== null && value !== undefined);
  fields.sort(([a], [b]) => compareText(a, b));
  const indent = '  '.repeat(Math.max(path.length - 1, 0));
  for (const [key, value] of fields) {
    if (!isTable(value)) lines.push(`${path.length > 0 ? `${indent}  ` : ''}${keyText(key)} = ${inlineText(value)}`);
  }
  for (const [key, value] of fields) {
    const inner = [...path, keyText(key)];
    if (value instanceof GoMap) writeHeader(`[${inner.join('.')}]`, value, inner, lines);
    else if (isTable(value)) {
      for (const item of value.items)
        if (item instanceof GoMap) writeHeader(`[[${inner.join('.')}]]`, item, inner, lines);
    }
  }
}

function writeHeader(header: string, table: GoMap, path: readonly string[], lines: string[]): void {
  if (path.length === 1 && lines.length > 0) lines.push('');
  lines.push('  '.repeat(path.length - 1) + header);
  writeTable(table, path, lines);
}

function isTable(value: Value): value is GoMap | GoSlice {
  if (value instanceof GoMap) return true;
  return value instanceof GoSlice && value.items.length > 0 && value.items.every((item) => item instanceof GoMap);
}

function keyText(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
}

function inlineText(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number')
    return Number.isInteger(value) ? `${formatFloat(value, 'f', -1)}.0` : formatFloat(value, 'g', -1);
  if (value instanceof GoSlice) return `[${value.items.map(inlineText).join(', ')}]`;
  if (value instanceof GoMap) {
    return `{${[...value.entries].map(([key, field]) => `${keyText(key)} = ${inlineText(field)}`).join(', ')}}`;
  }
  const integer = integerOf(value);
  if (integer !== undefined) return integer.toString();
  throw new TemplateProblem(`toml: cannot encode ${typeOf(value)}`);
}
