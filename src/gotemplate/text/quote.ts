import { textOf } from './utf8.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};
const UNESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 0x5c };
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\x20]$/u;

/** Whether Go counts a character as printable: letters, marks, numbers, punctuation, symbols and the ASCII space. */
export function isPrintable(rune: string): boolean {
  return PRINTABLE.test(rune);
}

/** The text as a Go string literal in double quotes. */
export function quote(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : quoteWith(text, '"', false);
}

/** The text as a Go literal between quotes of any kind; `asciiOnly` escapes everything else, like `%+q`. */
export function quoteWith(text: string, mark: '"' | "'", asciiOnly: boolean): string {
  let quoted = mark as string;
  for (const rune of text) quoted += quotedRune(rune, mark, asciiOnly);
  return quoted + mark;
}

function quotedRune(rune: string, mark: string, asciiOnly: boolean): string {
  if (rune === mark || rune === '\\') return `\\${rune}`;
  const code = rune.codePointAt(0) ?? 0;
  if (code >= 0x20 && code < 0x7f) return rune;
  if (!asciiOnly && code > 0x7f && isPrintable(rune)) return rune;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  const known = ESCAPES[rune];
  if (known !== undefined) return known;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  if (code >= 0xd800 && code <= 0xdfff) return asciiOnly ? '\\ufffd' : '\ufffd';
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

/** What a Go string literal stands for, in double quotes or backquotes; undefined when its syntax is wrong. */
export function unquote(literal: string): string | undefined {
  const mark = literal[0];
  const body = literal.slice(1, -1);
  if (mark === '`') return body.includes('`') ? undefined : body.replaceAll('\r', '');
  if (mark !== '"' || literal.length < 2 || body.includes('\n')) return undefined;
  if (!body.includes('\\')) return body.includes('"') ? undefined : body;
  return unquoteBody(body, '"');
}

/** The code point of a character literal such as `'a'`; undefined when it is not one character. */
export function unquoteCharacter(literal: string): number | undefined {
  const body = unquoteBody(literal.slice(1, -1), "'");
  if (body === undefined) return undefined;
  const [rune, more] = [...body];
  if (rune === undefined || more !== undefined) return undefined;
  const code = rune.codePointAt(0) ?? 0;
  return code >= 0xdc80 && code <= 0xdcff ? code - 0xdc00 : code;
}

function unquoteBody(body: string, mark: string): string | undefined {
  let text = '';
  // escaped bytes can form characters together, so they are decoded as a run
  let bytes: number[] = [];
  const flush = () => {
    if (bytes.length > 0) text += textOf(Uint8Array.from(bytes));
    bytes = [];
  };
  for (let i = 0; i < body.length; ) {
    const char = body[i] ?? '';
    if (char === mark) return undefined;
    if (char !== '\\') {
      flush();
      text += char;
      i += 1;
      continue;
    }
    const known = readEscape(body, i + 1, mark);
    if (known === undefined) return undefined;
    if (known.isByte) bytes.push(known.code);
    else {
      flush();
      text += String.fromCodePoint(known.code);
    }
    i = known.end;
  }
  flush();
  return text;
}

interface Escape {
  readonly code: number;
  readonly isByte: boolean;
  readonly end: number;
}

function readEscape(body: string, at: number, mark: string): Escape | undefined {
  const char = body[at] ?? '';
  const simple = char === mark ? mark.charCodeAt(0) : Object.hasOwn(UNESCAPES, char) ? UNESCAPES[char] : undefined;
  if (simple !== undefined) return { code: simple, isByte: false, end: at + 1 };
  const digits = { x: 2, u: 4, U: 8 }[char];
  if (digits !== undefined) {
    const text = body.slice(at + 1, at + 1 + digits);
    if (text.length < digits || !/^[0-9a-fA-F]+$/.test(text)) return undefined;
    const code = Number.parseInt(text, 16);
    if (char !== 'x' && (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))) return undefined;
    return { code, isByte: char === 'x', end: at + 1 + digits };
  }
  const octal = /^[0-3][0-7]{2}/.exec(body.slice(at, at + 3));
  return octal === null ? undefined : { code: Number.parseInt(octal[0], 8), isByte: true, end: at + 3 };
}
