import { bytesText } from '../fmt/format-value.ts';
import { readJson } from '../json/read-json.ts';
import { writeJson } from '../json/write-json.ts';
import { encodeBase64 } from '../text/base64.ts';
import { formatFloat } from '../text/format-float.ts';
import { byteLength, wellFormed } from '../text/utf8.ts';
import { integerOf } from '../values/types.ts';
import { GoMap, GoObject, GoSlice, type Value } from '../values/values.ts';
import { naturalOrder } from './natural-order.ts';
import { doubleQuoted, plainText, type ScalarPlace, singleQuoted } from './quoted-text.ts';
import { scalarStyle } from './scalar-style.ts';

/** A longer key is written in the form `? key`. */
const MAX_SIMPLE_KEY = 128;
const LINE_BREAK = /[\r\n\u0085\u2028\u2029]/;

/**
 * A value as sigs.k8s.io/yaml writes it, with the line break at the end.
 * @throws {TemplateProblem} for values that JSON does not have.
 */
export function writeYaml(value: Value): string {
  const writer = new Writer();
  writer.node(value, 0, 'root');
  return writer.text();
}

type Place = 'root' | 'value' | 'item';

class Writer {
  readonly #lines: string[] = [];
  /** The line that is being written. */
  #line = '';

  text(): string {
    return this.#lines.join('') + this.#line;
  }

  #put(text: string): void {
    const lastBreak = text.lastIndexOf('\n');
    if (lastBreak < 0) {
      this.#line += text;
      return;
    }
    this.#lines.push(this.#line + text.slice(0, lastBreak + 1));
    this.#line = text.slice(lastBreak + 1);
  }

  /** Writes a value after its key or dash. `indent` is that of the collection that it would be. */
  node(value: Value, indent: number, place: Place): void {
    if (value instanceof GoSlice && value.elem !== 'uint8' && !value.isNil) this.#list(value, indent, place);
    else if (value instanceof GoMap && !value.isNil) this.#map(value, indent, place);
    else if (value instanceof GoObject) this.node(readJson(writeJson(value, JSON_STYLE)).value, indent, place);
    else this.#leaf(value, indent, place);
  }

  #leaf(value: Value, indent: number, place: Place): void {
    this.#put(place === 'root' ? '' : ' ');
    const column = [...this.#line].length;
    this.#put(`${leafText(value, { column, indent: place === 'root' ? 2 : indent, canFold: true })}\n`);
  }

  #list({ items }: GoSlice, indent: number, place: Place): void {
    if (items.length === 0) this.#empty('[]', place);
    // a list stands at the indentation of its key
    const at = place === 'value' ? indent - 2 : indent;
    items.forEach((item, index) => {
      this.#begin(at, place, index);
      this.#put('-');
      this.node(item, at + 2, 'item');
    });
  }

  #map({ entries }: GoMap, indent: number, place: Place): void {
    if (entries.size === 0) this.#empty('{}', place);
    [...entries.keys()].sort(naturalOrder).forEach((key, index) => {
      this.#begin(indent, place, index);
      const name = wellFormed(key);
      const isSimple = byteLength(name) <= MAX_SIMPLE_KEY && !LINE_BREAK.test(name);
      if (isSimple) this.#put(`${stringText(name, { column: indent, indent, canFold: false })}:`);
      else {
        const shown = stringText(name, { column: indent + 2, indent: indent + 2, canFold: true });
        this.#put(`? ${shown}\n${' '.repeat(indent)}:`);
      }
      // after `? key`, a collection stands right behind its colon, like in a list
      this.node(entries.get(key), indent + 2, isSimple ? 'value' : 'item');
    });
  }

  #empty(text: string, place: Place): void {
    this.#put(`${place === 'root' ? '' : ' '}${text}\n`);
  }

  /** Goes to where an entry begins: the first one of a list's item stands right after the dash. */
  #begin(indent: number, place: Place, index: number): void {
    if (index > 0) this.#put(' '.repeat(indent));
    else if (place === 'item') this.#put(' ');
    else if (place === 'value') this.#put(`\n${' '.repeat(indent)}`);
  }
}

const JSON_STYLE = { indent: '', escapeHtml: false };

/** A value on one line, or a literal block. */
function leafText(value: Value, place: ScalarPlace): string {
  if (typeof value === 'string') return stringText(wellFormed(value), place);
  if (value instanceof GoSlice && !value.isNil) return stringText(encodeBase64(bytesText(value)), place);
  const integer = integerOf(value);
  if (integer !== undefined) return integer.toString();
  return typeof value === 'number' ? numberText(value) : writeJson(value, JSON_STYLE);
}

/** Numbers go through JSON, where whole ones look like integers. */
function numberText(value: number): string {
  const json = writeJson(value, JSON_STYLE);
  if (json === '-0') return '0';
  const isInteger = /^-?\d+$/.test(json) && BigInt(json) < 1n << 64n && BigInt(json) >= -(1n << 63n);
  return isInteger ? json : formatFloat(value, 'g', -1);
}

function stringText(given: string, place: ScalarPlace): string {
  const text = given.replace(NEXT_LINES, (breaks) => foldedBreaks(breaks));
  switch (scalarStyle(text, !place.canFold)) {
    case 'plain':
      return plainText(text, place);
    case 'single':
      return singleQuoted(text, place);
    case 'double':
      return doubleQuoted(text, place);
    case 'literal':
      return literal(text, place.indent);
  }
}

/**
 * The original reads its own JSON as YAML, where U+0085 inside quotes is a line break that folds: one becomes a space,
 * of several the first is dropped.
 */
const NEXT_LINES = / *\u0085[ \u0085]*/g;

function foldedBreaks(breaks: string): string {
  return '\n'.repeat(breaks.replaceAll(' ', '').length - 1) || ' ';
}

/** The block without its last line break, which the caller writes. */
function literal(text: string, indent: number): string {
  const hint = /^[ \r\n\u0085\u2028\u2029]/.test(text) ? '2' : '';
  const chomp = !/[\r\n\u0085\u2028\u2029]$/.test(text)
    ? '-'
    : /^\n$|[\r\n\u0085\u2028\u2029]{2}$/.test(text)
      ? '+'
      : '';
  const lines = text.split('\n').map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
  const body = lines.join('\n');
  return `|${hint}${chomp}\n${chomp === '-' ? body : body.slice(0, -1)}`;
}
