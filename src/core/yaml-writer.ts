import { isObject, type Json, type JsonObject } from './json.ts';

/** Fields that people look for at the top of an object, in that order; all others follow by name. */
const LEADING_FIELDS = ['apiVersion', 'kind', 'metadata', 'spec'] as const;

/** YAML limits a plain `key:` to 1024 characters; a longer one needs the `? key` form. */
const MAX_SIMPLE_KEY = 1000;

/**
 * Text that reads as itself without quotes under YAML 1.1 and 1.2: printable ASCII that begins with none of YAML's
 * indicators. What the pattern cannot say (`: `, ` #`, words, numbers) is checked beside it.
 */
const PLAIN_START = /^(?:[A-Za-z0-9_/.$(+;^\\]|-(?=[A-Za-z0-9_/.$(+-]))/;
const PLAIN_CHARS = /^[\x20-\x7e]+$/;
const PLAIN_BREAKS = /: | #|[: ]$|^---|^\.\.\./;
const RESERVED_WORDS = /^(?:y|n|yes|no|on|off|true|false|null|~|=|<<)$/i;
/** Integers in every base, sexagesimal numbers, floats, infinities; dates (`2026-01-31`) are text with a time's look. */
const NUMBER_LIKE =
  /^[-+]?(?:0[box][0-9a-f_]*|[0-9][0-9_]*(?::[0-9_]+)*(?:\.[0-9_]*)?(?:e[-+]?[0-9]*)?|\.?[0-9_]*e[-+]?[0-9]+|\.[0-9_]*|\.(?:inf|nan))$/i;
const DATE_LIKE = /^\d{4}-\d/;

/** What a literal block cannot hold: control characters, line breaks of YAML 1.1, blank lines made of spaces. */
const NOT_LITERAL = /[^\n\t\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]|(?:^|\n)[\t ]+(?:\n|$)/;

/** What a double-quoted text must escape beyond what JSON escapes. */
const NEEDS_ESCAPE =
  /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * Writes JSON objects as a YAML stream that readers of YAML 1.1 and 1.2 understand alike. Keys are sorted, except that
 * apiVersion, kind, metadata and spec lead; equal objects give equal bytes.
 */
export function writeYaml(documents: readonly JsonObject[]): string {
  return documents.map((document) => blockMap(document, '', LEADING_FIELDS) || '{}\n').join('---\n');
}

/** Any value as YAML, for texts inside objects: keys sorted, a line break at the end. */
export function yamlText(value: Json): string {
  if (Array.isArray(value) && value.length > 0) return blockList(value, '');
  const body = isObject(value) ? blockMap(value, '') : '';
  return body === '' ? `${leafText(value, '')}\n` : body;
}

function blockMap(map: JsonObject, indent: string, leading: readonly string[] = []): string {
  let text = '';
  for (const key of sortedKeys(map, leading)) {
    const name = scalarText(key);
    const lead = name.length > MAX_SIMPLE_KEY ? `? ${name}\n${indent}:` : `${name}:`;
    text += `${indent}${lead}${fieldText(map[key] ?? null, indent)}`;
  }
  return text;
}

/** What follows `key:`, up to and including the line break. */
function fieldText(value: Json, indent: string): string {
  if (Array.isArray(value) && value.length > 0) return `\n${blockList(value, indent)}`;
  if (isObject(value)) {
    const body = blockMap(value, `${indent}  `);
    if (body !== '') return `\n${body}`;
  }
  return ` ${leafText(value, indent)}\n`;
}

/** Lists stand at the indentation of their key, as kubectl prints them. */
function blockList(list: readonly Json[], indent: string): string {
  let text = '';
  const inner = `${indent}  `;
  for (const item of list) {
    const body =
      Array.isArray(item) && item.length > 0 ? blockList(item, inner) : isObject(item) ? blockMap(item, inner) : '';
    // the first line of the entry stands right after its dash
    text += body === '' ? `${indent}- ${leafText(item, indent)}\n` : `${indent}- ${body.slice(inner.length)}`;
  }
  return text;
}

/** A scalar or an empty collection. */
function leafText(value: Json, indent: string): string {
  if (typeof value === 'string') return value.includes('\n') ? multiLineText(value, indent) : scalarText(value);
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) return '[]';
  return isObject(value) ? '{}' : String(value);
}

function sortedKeys(map: JsonObject, leading: readonly string[]): readonly string[] {
  const keys = Object.keys(map)
    .filter((key) => map[key] !== undefined)
    .sort();
  const first = leading.filter((key) => keys.includes(key));
  return first.length === 0 ? keys : [...first, ...keys.filter((key) => !leading.includes(key))];
}

/** A literal block where the text can stand in one, so that scripts and configuration stay readable. */
function multiLineText(text: string, indent: string): string {
  const body = text.replace(/\n+$/, '');
  if (body === '' || NOT_LITERAL.test(text)) return quotedText(text);
  const lineBreaks = text.length - body.length;
  const chomping = lineBreaks === 0 ? '-' : lineBreaks === 1 ? '' : '+';
  // readers find the indentation by the first line, so it must be told where that line begins with a space
  const indicator = /^[ \t\n]/.test(text) ? '2' : '';
  const lines = body.split('\n').map((line) => (line === '' ? '' : `${indent}  ${line}`));
  return `|${indicator}${chomping}\n${lines.join('\n')}${'\n'.repeat(Math.max(0, lineBreaks - 1))}`;
}

function scalarText(text: string): string {
  return isPlain(text) ? text : quotedText(text);
}

function isPlain(text: string): boolean {
  if (!PLAIN_START.test(text) || !PLAIN_CHARS.test(text) || PLAIN_BREAKS.test(text)) return false;
  return !RESERVED_WORDS.test(text) && !NUMBER_LIKE.test(text) && !DATE_LIKE.test(text);
}

function quotedText(text: string): string {
  return JSON.stringify(text).replace(NEEDS_ESCAPE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** YAML 1.1 reads an exponent only after a decimal point. */
function numberText(value: number): string {
  const text = JSON.stringify(value);
  return text.includes('e') && !text.includes('.') ? text.replace('e', '.0e') : text;
}
