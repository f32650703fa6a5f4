import { TemplateProblem } from '../template-error.ts';
import { quoteWith } from '../text/quote.ts';
import { GoMap, GoSlice, type Value } from '../values/values.ts';

/** How deep Go reads. */
const MAX_DEPTH = 1000;

/** What a JSON text gives: a value, or the problem in Go's words. */
export interface JsonReading {
  readonly value: Value;
  readonly problem: TemplateProblem | undefined;
}

/** Reads JSON as Go's encoding/json does into `interface {}`: numbers are `float64`, the last of equal keys counts. */
export function readJson(text: string): JsonReading {
  try {
    return { value: new Reader(text).read(), problem: undefined };
  } catch (error) {
    if (error instanceof TemplateProblem) return { value: null, problem: error };
    throw error;
  }
}

const SPACE = /[ \t\r\n]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none inside strings
const PLAIN = /[^"\\\0-\x1f]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Value {
    const value = this.#value('looking for beginning of value');
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected('after top-level value');
    return value;
  }

  #value(context: string): Value {
    this.#skipSpace();
    const char = this.#text[this.#at];
    if (char === '"') return this.#string();
    if (char === '{') return this.#nested(() => this.#object());
    if (char === '[') return this.#nested(() => this.#array());
    if (char === 't') return this.#word('true', true);
    if (char === 'f') return this.#word('false', false);
    if (char === 'n') return this.#word('null', null);
    if (char !== undefined && /[-0-9]/.test(char)) return this.#number();
    throw this.#unexpected(context);
  }

  #nested(read: () => Value): Value {
    if (++this.#depth > MAX_DEPTH) throw new TemplateProblem('exceeded max depth');
    const value = read();
    this.#depth--;
    return value;
  }

  #object(): GoMap {
    const entries = new Map<string, Value>();
    this.#at++;
    this.#skipSpace();
    if (this.#take('}')) return new GoMap(entries);
    for (;;) {
      this.#skipSpace();
      if (this.#text[this.#at] !== '"') throw this.#unexpected('looking for beginning of object key string');
      const key = this.#string();
      this.#skipSpace();
      if (!this.#take(':')) throw this.#unexpected('after object key');
      entries.set(key, this.#value('looking for beginning of value'));
      this.#skipSpace();
      if (this.#take('}')) return new GoMap(entries);
      if (!this.#take(',')) throw this.#unexpected('after object key:value pair');
    }
  }

  #array(): GoSlice {
    const items: Value[] = [];
    this.#at++;
    this.#skipSpace();
    if (this.#take(']')) return new GoSlice(items);
    for (;;) {
      items.push(this.#value('looking for beginning of value'));
      this.#skipSpace();
      if (this.#take(']')) return new GoSlice(items);
      if (!this.#take(',')) throw this.#unexpected('after array element');
    }
  }

  #string(): string {
    let text = '';
    this.#at++;
    for (;;) {
      PLAIN.lastIndex = this.#at;
      const plain = PLAIN.exec(this.#text)?.[0] ?? '';
      text += plain;
      this.#at += plain.length;
      if (this.#take('"')) return text.toWellFormed();
      if (this.#text[this.#at] !== '\\') throw this.#inString();
      this.#at++;
      text += this.#escape();
    }
  }

  #inString(): TemplateProblem {
    if (this.#at >= this.#text.length) return new TemplateProblem('unexpected end of JSON input');
    return this.#unexpected('in string literal');
  }

  #escape(): string {
    const char = this.#text[this.#at] ?? '';
    if (char === 'u') return this.#unicodeEscape();
    const known = Object.hasOwn(ESCAPES, char) ? ESCAPES[char] : undefined;
    if (known === undefined) throw this.#unexpected('in string escape code');
    this.#at++;
    return known;
  }

  #unicodeEscape(): string {
    for (let i = 1; i <= 4; i++) {
      if (/[0-9a-fA-F]/.test(this.#text[this.#at + i] ?? '')) continue;
      this.#at += i;
      throw this.#unexpected('in \\u hexadecimal character escape');
    }
    const code = Number.parseInt(this.#text.slice(this.#at + 1, this.#at + 5), 16);
    this.#at += 5;
    return String.fromCharCode(code);
  }

  #number(): number {
    const start = this.#at;
    this.#take('-');
    if (!this.#take('0')) this.#digits('in numeric literal');
    if (this.#take('.')) this.#digits('after decimal point in numeric literal');
    if (this.#take('e') || this.#take('E')) {
      if (!this.#take('+')) this.#take('-');
      this.#digits('in exponent of numeric literal');
    }
    const literal = this.#text.slice(start, this.#at);
    const value = Number(literal);
    if (Number.isFinite(value)) return value;
    throw new TemplateProblem(`json: cannot unmarshal number ${literal} into Go value of type float64`);
  }

  #digits(context: string): void {
    const start = this.#at;
    while (/[0-9]/.test(this.#text[this.#at] ?? '')) this.#at++;
    if (this.#at === start) throw this.#unexpected(context);
  }

  #word<T extends Value>(word: string, value: T): T {
    for (let i = 1; i < word.length; i++) {
      if (this.#text[this.#at + i] === word[i]) continue;
      this.#at += i;
      throw this.#unexpected(`in literal ${word} (expecting '${word[i]}')`);
    }
    this.#at += word.length;
    return value;
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    SPACE.lastIndex = this.#at;
    this.#at += SPACE.exec(this.#text)?.[0].length ?? 0;
  }

  #unexpected(context: string): TemplateProblem {
    const code = this.#text.codePointAt(this.#at);
    // Go reads a space behind the end, which is wrong only inside a word, number or escape
    if (code === undefined && !/^(?:in|after decimal)/.test(context))
      return new TemplateProblem('unexpected end of JSON input');
    return new TemplateProblem(`invalid character ${shownByte(code ?? 0x20)} ${context}`);
  }
}

/** Go looks at bytes, so the first byte of a character stands for it. */
function shownByte(code: number): string {
  const byte =
    code < 0x80 ? code : code < 0x800 ? 0xc0 | (code >> 6) : code < 0x10000 ? 0xe0 | (code >> 12) : 0xf0 | (code >> 18);
  if (byte === 0x27) return "'\\''";
  if (byte === 0x22) return "'\"'";
  return quoteWith(String.fromCharCode(byte), "'", false);
}
