import { isPrintable, quote } from '../text/quote.ts';

/** Words that are not names of functions. `break` and `continue` are words only where no function has that name. */
const KEYWORDS: ReadonlySet<string> = new Set([
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'range',
  'nil',
  'template',
  'with',
]);

export type TokenKind =
  | 'error'
  | 'eof'
  | 'text'
  | 'leftDelim'
  | 'rightDelim'
  | 'leftParen'
  | 'rightParen'
  | 'space'
  | 'assign'
  | 'declare'
  | 'pipe'
  | 'char'
  | 'string'
  | 'rawString'
  | 'character'
  | 'number'
  | 'bool'
  | 'identifier'
  | 'field'
  | 'variable'
  | 'dot'
  | 'keyword';

/** A piece of a template. For `error` the text is the message. */
export interface Token {
  readonly kind: TokenKind;
  readonly pos: number;
  readonly text: string;
  /** The line that the token begins on, from 1. */
  readonly line: number;
}

const SPACES = ' \t\r\n';
const SPACE = /[ \t\r\n]+/y;
const WORD = /[\p{L}\p{Nd}_]+/uy;
const LETTER = /[\p{L}\p{Nd}_]/uy;
const NUMBER =
  /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)/y;
const NAME_END = new Set(['', ' ', '\t', '\r', '\n', '.', ',', '|', ':', ')', '(']);

/** Splits a template into tokens. The last one is `eof` or the first `error`. */
export class Lexer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  #pos = 0;
  #line = 1;
  /** Where the line count stands. */
  #counted = 0;
  #parentheses = 0;
  #isInside = false;

  constructor(text: string) {
    this.#text = text;
  }

  tokens(): readonly Token[] {
    while (this.#isInside ? this.#inside() : this.#outside());
    return this.#tokens;
  }

  /** Reads up to the next action, or over a comment; false at the end of the text. */
  #outside(): boolean {
    const start = this.#pos;
    const found = this.#text.indexOf('{{', start);
    const end = found < 0 ? this.#text.length : found;
    const isTrimmed = found >= 0 && this.#text[end + 2] === '-' && this.#isSpace(end + 3);
    let textEnd = end;
    while (isTrimmed && textEnd > start && SPACES.includes(this.#text[textEnd - 1] ?? '.')) textEnd--;
    if (textEnd > start) this.#emit('text', start, textEnd);
    if (found < 0) return this.#last('eof', 'EOF', end);
    const marker = isTrimmed ? 2 : 0;
    if (this.#text.startsWith('/*', end + 2 + marker)) return this.#comment(end + 2 + marker);
    this.#emit('leftDelim', end, end + 2);
    this.#pos = end + 2 + marker;
    this.#parentheses = 0;
    this.#isInside = true;
    return true;
  }

  #comment(start: number): boolean {
    const close = this.#text.indexOf('*/', start + 2);
    if (close < 0) return this.#fail('unclosed comment', start);
    const delimiter = this.#rightDelimiterAt(close + 2);
    if (delimiter === 0) return this.#fail('comment ends before closing delimiter', start);
    this.#pos = close + 2 + delimiter;
    if (delimiter > 2) this.#skipSpaces();
    return true;
  }

  /** Reads the tokens of an action and its end; false at an error. */
  #inside(): boolean {
    for (;;) {
      const delimiter = this.#rightDelimiterAt(this.#pos);
      if (delimiter > 0) {
        if (this.#parentheses > 0) return this.#fail('unclosed left paren');
        return this.#rightDelimiter(delimiter);
      }
      if (!this.#token()) return false;
    }
  }

  #rightDelimiter(size: number): boolean {
    const start = this.#pos + size - 2;
    this.#emit('rightDelim', start, start + 2);
    if (size > 2) this.#skipSpaces();
    this.#isInside = false;
    return true;
  }

  #token(): boolean {
    const start = this.#pos;
    const char = this.#text[start];
    if (char === undefined) return this.#fail('unclosed action');
    if (SPACES.includes(char)) return this.#space(start);
    switch (char) {
      case '=':
        return this.#emit('assign', start, start + 1);
      case ':':
        return this.#text[start + 1] === '=' ? this.#emit('declare', start, start + 2) : this.#fail('expected :=');
      case '|':
        return this.#emit('pipe', start, start + 1);
      case '"':
        return this.#quoted('string', char, 'unterminated quoted string');
      case "'":
        return this.#quoted('character', char, 'unterminated character constant');
      case '`':
        return this.#rawString(start);
      case '$':
        return this.#name('variable', start);
      case '(':
        this.#parentheses++;
        return this.#emit('leftParen', start, start + 1);
      case ')':
        if (--this.#parentheses < 0) return this.#fail('unexpected right paren');
        return this.#emit('rightParen', start, start + 1);
      default:
        return this.#nameOrNumber(char, start);
    }
  }

  #nameOrNumber(char: string, start: number): boolean {
    const next = this.#text[start + 1];
    if (char === '.' && next !== undefined && !isDigit(next)) return this.#name('field', start);
    if (char === '.' || char === '+' || char === '-' || isDigit(char)) return this.#number(start);
    if (this.#match(LETTER, start) !== '') return this.#identifier(start);
    if (char >= '!' && char <= '~') return this.#emit('char', start, start + 1);
    return this.#fail(`unrecognized character in action: ${this.#shownCharacter(start)}`);
  }

  #space(start: number): boolean {
    let end = start + this.#match(SPACE, start).length;
    // the last space belongs to a trim marker that follows
    if (this.#rightDelimiterAt(end - 1) > 2) end--;
    return end === start || this.#emit('space', start, end);
  }

  #identifier(start: number): boolean {
    const word = this.#match(WORD, start);
    const end = start + word.length;
    if (!this.#isNameEnd(end)) return this.#fail(`bad character ${this.#shownCharacter(end)}`, start);
    const kind = KEYWORDS.has(word) ? 'keyword' : word === 'true' || word === 'false' ? 'bool' : 'identifier';
    return this.#emit(kind, start, end);
  }

  /** A field or a variable; a lone dot is the dot, a lone dollar sign the root variable. */
  #name(kind: 'field' | 'variable', start: number): boolean {
    if (this.#isNameEnd(start + 1)) return this.#emit(kind === 'field' ? 'dot' : kind, start, start + 1);
    const end = start + 1 + this.#match(WORD, start + 1).length;
    if (!this.#isNameEnd(end)) return this.#fail(`bad character ${this.#shownCharacter(end)}`, start);
    return this.#emit(kind, start, end);
  }

  #number(start: number): boolean {
    const end = start + this.#match(NUMBER, start).length;
    const after = this.#match(LETTER, end);
    const sign = this.#text[end] ?? '';
    if (after === '' && sign !== '+' && sign !== '-') return this.#emit('number', start, end);
    const rest = after === '' ? this.#match(NUMBER, end) : after;
    return this.#fail(`bad number syntax: ${quote(this.#text.slice(start, end) + rest)}`, start);
  }

  #quoted(kind: 'string' | 'character', mark: string, problem: string): boolean {
    const start = this.#pos;
    for (let at = start + 1; ; at++) {
      let char = this.#text[at];
      if (char === '\\') char = this.#text[++at] === '\n' ? '\n' : this.#text[at] && '\\';
      if (char === undefined || char === '' || char === '\n') return this.#fail(problem, start);
      if (char === mark) return this.#emit(kind, start, at + 1);
    }
  }

  #rawString(start: number): boolean {
    const end = this.#text.indexOf('`', start + 1);
    return end < 0 ? this.#fail('unterminated raw quoted string', start) : this.#emit('rawString', start, end + 1);
  }

  /** The length of `}}` or ` -}}` at an index; 0 when neither is there. */
  #rightDelimiterAt(at: number): number {
    if (this.#text.startsWith('}}', at)) return 2;
    return this.#isSpace(at) && this.#text.startsWith('-}}', at + 1) ? 4 : 0;
  }

  #isSpace(at: number): boolean {
    const char = this.#text[at];
    return char !== undefined && SPACES.includes(char);
  }

  #isNameEnd(at: number): boolean {
    return NAME_END.has(this.#text[at] ?? '') || this.#text.startsWith('}}', at);
  }

  #skipSpaces(): void {
    this.#pos += this.#match(SPACE, this.#pos).length;
  }

  #match(pattern: RegExp, at: number): string {
    pattern.lastIndex = at;
    return pattern.exec(this.#text)?.[0] ?? '';
  }

  #shownCharacter(at: number): string {
    const code = this.#text.codePointAt(at) ?? 0;
    const rune = String.fromCodePoint(code);
    const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    return isPrintable(rune) ? `${name} '${rune}'` : name;
  }

  #emit(kind: TokenKind, start: number, end: number): true {
    this.#tokens.push({ kind, pos: start, text: this.#text.slice(start, end), line: this.#lineAt(start) });
    this.#pos = end;
    return true;
  }

  #fail(message: string, start = this.#pos): false {
    return this.#last('error', message, start);
  }

  #last(kind: 'eof' | 'error', text: string, pos: number): false {
    this.#tokens.push({ kind, pos, text, line: this.#lineAt(pos) });
    return false;
  }

  /** The line of an index; indices come in rising order, so each character is looked at once. */
  #lineAt(pos: number): number {
    for (; this.#counted < pos; this.#counted++) if (this.#text.charCodeAt(this.#counted) === 10) this.#line++;
    return this.#line;
  }
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9';
}
