import type { Frame } from '../exec/frame.ts';
import { formatValue } from '../fmt/format-value.ts';
import { TemplateProblem } from '../template-error.ts';
import { quote } from '../text/quote.ts';
import { byteLength, byteSlice, compareText } from '../text/utf8.ts';
import { allReadWhole, type FunctionTable, fn, framed, variadic } from '../values/go-function.ts';
import { GoMap, GoSlice, stringSlice, type Value } from '../values/values.ts';
import { textOfValue, textsOf } from './convert.ts';
import { connectedCase, pascalCase } from './word-case.ts';
import {
  abbreviated,
  initialsOf,
  lowerText,
  swappedCase,
  titled,
  untitled,
  upperText,
  withoutSpace,
  wrapped,
} from './words.ts';

/** sprig's functions on strings. */
export function stringFunctions(): FunctionTable {
  return { ...caseFunctions(), ...trimFunctions(), ...partFunctions(), ...layoutFunctions(), ...splitFunctions() };
}

function caseFunctions(): FunctionTable {
  return {
    upper: fn(['string'], upperText),
    lower: fn(['string'], lowerText),
    title: fn(['string'], titled),
    untitle: fn(['string'], untitled),
    swapcase: fn(['string'], swappedCase),
    snakecase: fn(['string'], (text) => connectedCase(text, '_')),
    kebabcase: fn(['string'], (text) => connectedCase(text, '-')),
    camelcase: fn(['string'], pascalCase),
    initials: fn(['string'], initialsOf),
    hello: fn([], () => 'Hello!'),
  };
}

/** Go's idea of white space, which has no U+FEFF. */
const SPACES =
  '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000';

function trimFunctions(): FunctionTable {
  const trimAll = fn(['string', 'string'], (cutset, text) => trimmed(text, cutset));
  return {
    trim: fn(['string'], (text) => trimmed(text, SPACES)),
    trimAll,
    trimall: trimAll,
    trimPrefix: fn(['string', 'string'], (prefix, text) =>
      text.startsWith(prefix) ? text.slice(prefix.length) : text,
    ),
    trimSuffix: fn(['string', 'string'], (suffix, text) =>
      text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
    ),
    nospace: fn(['string'], withoutSpace),
  };
}

function trimmed(text: string, cutset: string): string {
  const set = new Set(cutset);
  const runes = [...text];
  let start = 0;
  let end = runes.length;
  while (start < end && set.has(runes[start] ?? '')) start++;
  while (end > start && set.has(runes[end - 1] ?? '')) end--;
  return runes.slice(start, end).join('');
}

function partFunctions(): FunctionTable {
  return {
    trunc: fn(['int', 'string'], truncated),
    substr: fn(['int', 'int', 'string'], substring),
    abbrev: fn(['int', 'string'], (width, text) => (width < 4n ? text : abbreviated(text, 0, Number(width)))),
    abbrevboth: fn(['int', 'int', 'string'], (left, right, text) =>
      right < 4n || (left > 0n && right < 7n) ? text : abbreviated(text, Number(left), Number(right)),
    ),
    contains: fn(['string', 'string'], (part, text) => text.includes(part)),
    hasPrefix: fn(['string', 'string'], (prefix, text) => text.startsWith(prefix)),
    hasSuffix: fn(['string', 'string'], (suffix, text) => text.endsWith(suffix)),
    plural: fn(['string', 'string', 'int'], (one, many, count) => (count === 1n ? one : many)),
  };
}

function truncated(count: bigint, text: string): string {
  const [size, length] = [Number(count), byteLength(text)];
  if (size < 0 && length + size > 0) return byteSlice(text, length + size, length);
  return size >= 0 && length > size ? byteSlice(text, 0, size) : text;
}

function substring(start: bigint, end: bigint, text: string): string {
  const length = byteLength(text);
  const from = start < 0n ? 0 : Number(start);
  const to = start >= 0n && (end < 0n || end > BigInt(length)) ? length : Number(end);
  if (to < 0 || to > length) {
    throw new TemplateProblem(
      `runtime error: slice bounds out of range [:${end}]${to < 0 ? '' : ` with length ${length}`}`,
    );
  }
  if (from > to) throw new TemplateProblem(`runtime error: slice bounds out of range [${from}:${to}]`);
  return byteSlice(text, from, to);
}

function layoutFunctions(): FunctionTable {
  return {
    repeat: framed(['int', 'string'], repeated),
    indent: framed(['int', 'string'], indented),
    nindent: framed(['int', 'string'], (frame, spaces, text) => `\n${indented(frame, spaces, text)}`),
    replace: framed(['string', 'string', 'string'], replaced),
    wrap: fn(['int', 'string'], (width, text) => wrapped(text, Number(width), '\n', false)),
    wrapWith: framed(['int', 'string', 'string'], (frame, width, lineBreak, text) => {
      frame.run.spend(text.length * (1 + lineBreak.length));
      return wrapped(text, Number(width), lineBreak === '' ? '\n' : lineBreak, true);
    }),
    ...allReadWhole({
      quote: variadic([], 'interface {}', (...values) => joined(values, (value) => quote(textOfValue(value)))),
      squote: variadic([], 'interface {}', (...values) => joined(values, (value) => `'${formatValue(value)}'`)),
      cat: variadic([], 'interface {}', (...values) => joined(values, formatValue)),
    }),
  };
}

function repeated(frame: Frame, count: bigint, text: string): string {
  if (count < 0n) throw new TemplateProblem('strings: negative Repeat count');
  frame.run.spend(Number(count) * text.length);
  return text.repeat(Number(count));
}

function indented(frame: Frame, spaces: bigint, text: string): string {
  if (spaces < 0n) throw new TemplateProblem('strings: negative Repeat count');
  const lines = text.split('\n');
  frame.run.spend(Number(spaces) * lines.length);
  const pad = ' '.repeat(Number(spaces));
  return lines.map((line) => pad + line).join('\n');
}

function replaced(frame: Frame, old: string, fresh: string, text: string): string {
  const parts = old === '' ? ['', ...text, ''] : text.split(old);
  frame.run.spend(text.length + parts.length * fresh.length);
  return parts.join(fresh);
}

function joined(values: readonly Value[], shown: (value: Value) => string): string {
  return values
    .filter((value) => value !== null && value !== undefined)
    .map(shown)
    .join(' ');
}

function splitFunctions(): FunctionTable {
  return {
    split: fn(['string', 'string'], (separator, text) => numbered(splitText(text, separator))),
    splitn: fn(['string', 'int', 'string'], (separator, count, text) =>
      numbered(splitText(text, separator, Number(count))),
    ),
    splitList: fn(['string', 'string'], (separator, text) => stringSlice(splitText(text, separator))),
    ...allReadWhole(listTextFunctions()),
  };
}

function listTextFunctions(): FunctionTable {
  return {
    join: fn(['string', 'interface {}'], (separator, value) => textsOf(value).join(separator)),
    toStrings: fn(['interface {}'], (value) => stringSlice(textsOf(value))),
    toString: fn(['interface {}'], textOfValue),
    sortAlpha: fn(['interface {}'], (value) =>
      stringSlice(value instanceof GoSlice ? textsOf(value).sort(compareText) : [textOfValue(value)]),
    ),
  };
}

/** Splits as Go does: by characters when there is no separator; into at most `limit` parts when that is positive. */
export function splitText(text: string, separator: string, limit = -1): string[] {
  if (limit === 0) return [];
  const parts = separator === '' ? [...text] : text.split(separator);
  if (limit < 0 || parts.length <= limit) return parts;
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

function numbered(parts: readonly string[]): GoMap {
  return new GoMap(new Map(parts.map((part, index) => [`_${index}`, part])), 'string');
}
