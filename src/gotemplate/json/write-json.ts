import { bytesText } from '../fmt/format-value.ts';
import { TemplateProblem } from '../template-error.ts';
import { encodeBase64 } from '../text/base64.ts';
import { compareText } from '../text/utf8.ts';
import { integerOf, typeOf } from '../values/types.ts';
import { GoMap, GoNil, GoObject, GoSlice, type Value } from '../values/values.ts';

export interface JsonStyle {
  /** What one level is indented with; empty for one line. */
  readonly indent: string;
  /** Whether `<`, `>` and `&` are escaped, as Go does unless told otherwise. */
  readonly escapeHtml: boolean;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/**
 * A value as Go's encoding/json writes it, with sorted keys.
 * @throws {TemplateProblem} for functions and numbers that JSON does not have.
 */
export function writeJson(value: Value, style: JsonStyle): string {
  return write(value, style, '\n');
}

function write(value: Value, style: JsonStyle, lineBreak: string): string {
  if (value === undefined || value === null || value instanceof GoNil) return 'null';
  if (typeof value === 'string') return jsonString(value, style.escapeHtml);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return jsonNumber(value);
  const integer = integerOf(value);
  if (integer !== undefined) return integer.toString();
  if (value instanceof GoSlice) return writeList(value, style, lineBreak);
  if (value instanceof GoMap) return value.isNil ? 'null' : writeEntries(sorted(value.entries), style, lineBreak);
  if (value instanceof GoObject) return writeObject(value, style, lineBreak);
  throw new TemplateProblem(`json: unsupported type: ${typeOf(value)}`);
}

function jsonNumber(value: number): string {
  if (!Number.isFinite(value))
    throw new TemplateProblem(`json: unsupported value: ${value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'NaN'}`);
  return Object.is(value, -0) ? '-0' : String(value);
}

function writeList(value: GoSlice, style: JsonStyle, lineBreak: string): string {
  if (value.isNil) return 'null';
  if (value.elem === 'uint8') return `"${encodeBase64(bytesText(value))}"`;
  if (value.items.length === 0) return '[]';
  const inner = lineBreak + style.indent;
  const items = value.items.map((item) => write(item, style, inner));
  return style.indent === '' ? `[${items.join(',')}]` : `[${inner}${items.join(`,${inner}`)}${lineBreak}]`;
}

type Entries = readonly (readonly [string, Value])[];

function sorted(entries: ReadonlyMap<string, Value>): Entries {
  return [...entries].sort(([a], [b]) => compareText(a, b));
}

function writeEntries(entries: Entries, style: JsonStyle, lineBreak: string): string {
  if (entries.length === 0) return '{}';
  const inner = lineBreak + style.indent;
  const colon = style.indent === '' ? ':' : ': ';
  const fields = entries.map(
    ([key, value]) => `${jsonString(key, style.escapeHtml)}${colon}${write(value, style, inner)}`,
  );
  return style.indent === '' ? `{${fields.join(',')}}` : `{${inner}${fields.join(`,${inner}`)}${lineBreak}}`;
}

/** A struct writes its fields in their order; one with a `MarshalJSON` or text of its own writes that. */
function writeObject(value: GoObject, style: JsonStyle, lineBreak: string): string {
  const own = value.methods.get('MarshalJSON')?.implementation([], undefined as never);
  if (typeof own === 'string') return own;
  return writeEntries([...value.fields], style, lineBreak);
}

function jsonString(text: string, escapeHtml: boolean): string {
  const pattern = escapeHtml ? HTML_SPECIAL : SPECIAL;
  return `"${text.isWellFormed() && !pattern.test(text) ? text : [...text].map((rune) => escaped(rune, escapeHtml)).join('')}"`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be escaped
const SPECIAL = /["\\\0-\x1f\u2028\u2029]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be escaped
const HTML_SPECIAL = /["\\\0-\x1f\u2028\u2029<>&]/;

function escaped(rune: string, escapeHtml: boolean): string {
  const known = ESCAPES[rune];
  if (known !== undefined) return known;
  const code = rune.charCodeAt(0);
  if (rune.length === 1 && code >= 0xd800 && code <= 0xdfff) return '\\ufffd';
  const isSpecial = code < 0x20 || code === 0x2028 || code === 0x2029 || (escapeHtml && '<>&'.includes(rune));
  return isSpecial ? `\\u${code.toString(16).padStart(4, '0')}` : rune;
}
