import { ignoringCase, posixClass } from './char-class.ts';
import { readEscape } from './escapes.ts';
import { type CharTest, type Expression, type Flags, RegexpProblem } from './syntax.ts';

/** How deep groups may stand in each other: Go's own bound. */
const MAX_NESTING = 1000;
/** The largest count in `{n,m}`: Go's own bound. */
const MAX_REPEAT = 1000;

/** A pattern that can be compiled. `names[i]` is the name of group i, empty for one without. */
export interface ParsedPattern {
  readonly expression: Expression;
  readonly names: readonly string[];
}

/**
 * Parses Go's regular expressions (RE2's syntax).
 * @throws {RegexpProblem}
 */
export function parsePattern(pattern: string): ParsedPattern {
  const parser = new Parser([...pattern]);
  return { expression: parser.parse(), names: parser.names };
}

class Parser {
  readonly #runes: readonly string[];
  readonly names: string[] = [''];
  #at = 0;
  #nesting = 0;
  #flags: Flags = { ignoreCase: false, dotAll: false, multiLine: false, ungreedy: false };

  constructor(runes: readonly string[]) {
    this.#runes = runes;
  }

  parse(): Expression {
    const expression = this.#alternatives();
    if (this.#at < this.#runes.length) throw new RegexpProblem('unexpected )', this.#text(0));
    return expression;
  }

  #peek(): string | undefined {
    return this.#runes[this.#at];
  }

  #text(from: number, to = this.#runes.length): string {
    return this.#runes.slice(from, to).join('');
  }

  #startsWith(text: string): boolean {
    return this.#text(this.#at, this.#at + text.length) === text;
  }

  #alternatives(): Expression {
    const parts = [this.#sequence()];
    while (this.#peek() === '|') {
      this.#at++;
      parts.push(this.#sequence());
    }
    const [only] = parts;
    return only !== undefined && parts.length === 1 ? only : { kind: 'alternatives', parts };
  }

  #sequence(): Expression {
    const parts: Expression[] = [];
    for (let char = this.#peek(); char !== undefined && char !== '|' && char !== ')'; char = this.#peek()) {
      if (this.#startsWith('\\Q')) {
        parts.push(...this.#quoted());
        continue;
      }
      const start = this.#at;
      const atom = this.#atom(char);
      if (atom !== undefined) parts.push(this.#repeated(atom, start));
    }
    return { kind: 'sequence', parts };
  }

  /** `\Q…\E` takes everything inside as it is. */
  #quoted(): readonly Expression[] {
    const end = this.#text(this.#at + 2).indexOf('\\E');
    const runes = end < 0 ? this.#runes.slice(this.#at + 2) : [...this.#text(this.#at + 2).slice(0, end)];
    this.#at += 2 + runes.length + (end < 0 ? 0 : 2);
    return runes.map((rune) => this.#char((other) => other === rune));
  }

  #char(test: CharTest): Expression {
    return { kind: 'char', accepts: this.#flags.ignoreCase ? ignoringCase(test) : test };
  }

  /** One thing that can be repeated; undefined for flags, which match nothing. */
  #atom(char: string): Expression | undefined {
    switch (char) {
      case '(':
        return this.#group();
      case '[':
        return this.#class();
      case '\\':
        return this.#escape();
      case '.':
        this.#at++;
        return { kind: 'char', accepts: this.#flags.dotAll ? () => true : (rune) => rune !== '\n' };
      case '^':
        this.#at++;
        return { kind: 'assert', assertion: this.#flags.multiLine ? 'lineStart' : 'textStart' };
      case '$':
        this.#at++;
        return { kind: 'assert', assertion: this.#flags.multiLine ? 'lineEnd' : 'textEnd' };
      case '*':
      case '+':
      case '?':
        throw new RegexpProblem('missing argument to repetition operator', char);
      default:
        this.#at++;
        return this.#char((rune) => rune === char);
    }
  }

  #repeated(atom: Expression, start: number): Expression {
    let body = atom;
    let before = start;
    for (let isFirst = true; ; isFirst = false) {
      const operatorStart = this.#at;
      const counts = this.#counts();
      if (counts === undefined) return body;
      if (!isFirst) throw new RegexpProblem('invalid nested repetition operator', this.#text(before, this.#at));
      let isGreedy = !this.#flags.ungreedy;
      if (this.#peek() === '?') {
        this.#at++;
        isGreedy = !isGreedy;
      }
      body = { kind: 'repeat', body, ...counts, isGreedy };
      before = operatorStart;
    }
  }

  #counts(): { min: number; max: number | undefined } | undefined {
    const char = this.#peek();
    if (char === '*' || char === '+' || char === '?') {
      this.#at++;
      return { min: char === '+' ? 1 : 0, max: char === '?' ? 1 : undefined };
    }
    const match = char === '{' ? /^\{(\d+)(?:(,)(\d*))?\}/.exec(this.#text(this.#at, this.#at + 40)) : null;
    if (match === null) return undefined;
    const [whole, least, comma, most] = match;
    const min = Number(least);
    const max = comma === undefined ? min : most === '' ? undefined : Number(most);
    if (min > MAX_REPEAT || (max !== undefined && (max > MAX_REPEAT || max < min))) {
      throw new RegexpProblem('invalid repeat count', whole);
    }
    this.#at += whole.length;
    return { min, max };
  }

  #group(): Expression | undefined {
    const start = this.#at;
    if (++this.#nesting > MAX_NESTING) throw new RegexpProblem('expression nests too deeply', this.#text(0));
    this.#at++;
    const outer = this.#flags;
    let index: number | undefined;
    if (this.#peek() === '?') {
      const name = this.#groupName(start);
      if (name !== undefined) index = this.names.push(name) - 1;
      else if (this.#groupFlags(start) === ')') {
        this.#nesting--;
        return undefined;
      }
    } else index = this.names.push('') - 1;
    const body = this.#alternatives();
    if (this.#peek() !== ')') throw new RegexpProblem('missing closing )', this.#text(0));
    this.#at++;
    this.#flags = outer;
    this.#nesting--;
    return index === undefined ? body : { kind: 'group', index, body };
  }

  #groupName(start: number): string | undefined {
    const head = /^\?P?<([^>]*)(>?)/.exec(this.#text(this.#at));
    if (head === null) return undefined;
    const [whole, name = '', close] = head;
    if (close === '') throw new RegexpProblem('invalid named capture', this.#text(start));
    this.#at += [...whole].length;
    if (!/^\w+$/.test(name)) throw new RegexpProblem('invalid named capture', this.#text(start, this.#at));
    return name;
  }

  /** Reads `?flags:` or `?flags)`, and sets the flags. */
  #groupFlags(start: number): ':' | ')' {
    const match = /^\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(this.#text(this.#at));
    if (match === null) throw this.#badFlags(start);
    const [whole, on = '', off = '', end] = match;
    if (end === ')' && on === '' && off === '') throw new RegexpProblem('missing argument to repetition operator', '?');
    this.#at += whole.length;
    const value = (flag: string, old: boolean) => (on.includes(flag) ? true : off.includes(flag) ? false : old);
    this.#flags = {
      ignoreCase: value('i', this.#flags.ignoreCase),
      multiLine: value('m', this.#flags.multiLine),
      dotAll: value('s', this.#flags.dotAll),
      ungreedy: value('U', this.#flags.ungreedy),
    };
    return end === ')' ? ')' : ':';
  }

  #badFlags(start: number): RegexpProblem {
    const head = /^\?(?:<?[^imsU]?|[imsU-]*.?)/s.exec(this.#text(this.#at))?.[0] ?? '?';
    if (this.#at + [...head].length >= this.#runes.length && !/[^imsU?-]/.test(head)) {
      return new RegexpProblem('missing closing )', this.#text(0));
    }
    return new RegexpProblem('invalid or unsupported Perl syntax', this.#text(start, this.#at + [...head].length));
  }

  #escape(): Expression {
    const found = readEscape(this.#runes, this.#at);
    this.#at = found.end;
    if (found.assertion !== undefined) return { kind: 'assert', assertion: found.assertion };
    return this.#char(found.accepts);
  }

  #class(): Expression {
    const start = this.#at++;
    const isNegated = this.#peek() === '^';
    if (isNegated) this.#at++;
    const tests: CharTest[] = [];
    for (let isFirst = true; this.#peek() !== ']' || isFirst; isFirst = false) {
      if (this.#peek() === undefined) throw new RegexpProblem('missing closing ]', this.#text(start));
      tests.push(this.#classItem(start));
    }
    this.#at++;
    const accepts: CharTest = (rune) => tests.some((test) => test(rune));
    const positive = this.#flags.ignoreCase ? ignoringCase(accepts) : accepts;
    return { kind: 'char', accepts: isNegated ? (rune) => !positive(rune) : positive };
  }

  #classItem(classStart: number): CharTest {
    const posix = /^\[:(\^?\w+):\]/.exec(this.#text(this.#at, this.#at + 20));
    if (posix !== null) {
      const test = posixClass(posix[1] ?? '');
      if (test === undefined) throw new RegexpProblem('invalid character class range', posix[0]);
      this.#at += posix[0].length;
      return test;
    }
    const start = this.#at;
    const low = this.#classChar(classStart);
    if (typeof low !== 'string') return low;
    if (this.#peek() !== '-' || this.#runes[this.#at + 1] === ']' || this.#runes[this.#at + 1] === undefined) {
      return (rune) => rune === low;
    }
    this.#at++;
    const high = this.#classChar(classStart);
    const [from, to] = [low.codePointAt(0) ?? 0, typeof high === 'string' ? (high.codePointAt(0) ?? 0) : -1];
    if (to < from) throw new RegexpProblem('invalid character class range', this.#text(start, this.#at));
    return (rune) => {
      const code = rune.codePointAt(0) ?? 0;
      return code >= from && code <= to;
    };
  }

  /** A character in a class, or the test of `\d` and the like. */
  #classChar(classStart: number): string | CharTest {
    const char = this.#peek();
    if (char === undefined) throw new RegexpProblem('missing closing ]', this.#text(classStart));
    if (char !== '\\') {
      this.#at++;
      return char;
    }
    const found = readEscape(this.#runes, this.#at, true);
    this.#at = found.end;
    return found.rune ?? found.accepts;
  }
}
