import { findMatch, type Match, type Spend } from './matcher.ts';
import { parsePattern } from './parser.ts';
import { compileProgram, type Program } from './program.ts';

/** A regular expression with Go's syntax and meaning. Its time grows with the text, never with powers of it. */
export class Regexp {
  readonly #program: Program;
  readonly #spend: Spend;

  /**
   * @param spend - is told about the work of compiling and searching, and throws when it is too much.
   * @throws {RegexpProblem}
   */
  constructor(pattern: string, spend: Spend) {
    spend(pattern.length);
    this.#program = compileProgram(parsePattern(pattern));
    this.#spend = (units) => spend(units + this.#program.instructions.length / 32);
  }

  isMatch(text: string): boolean {
    return findMatch(this.#program, text, 0, this.#spend) !== undefined;
  }

  /** The text of the first match; undefined when there is none. */
  find(text: string): string | undefined {
    const match = findMatch(this.#program, text, 0, this.#spend);
    return match === undefined ? undefined : part(text, match, 0);
  }

  /** Matches that do not overlap; at most `limit` when that is not negative. */
  *matches(text: string, limit = -1): Generator<Match> {
    let count = 0;
    let previousEnd = -1;
    for (let from = 0; from <= text.length && (limit < 0 || count < limit); ) {
      const match = findMatch(this.#program, text, from, this.#spend);
      if (match === undefined) return;
      const [start = 0, end = 0] = match;
      // an empty match right behind another one does not count
      if (end > start || start !== previousEnd) {
        yield match;
        count++;
      }
      from = end > start ? end : end + runeSize(text, end);
      previousEnd = end;
    }
  }

  findAll(text: string, limit: number): string[] {
    return Array.from(this.matches(text, limit), (match) => part(text, match, 0));
  }

  /** The text with each match replaced; `expand` makes the replacement. */
  replaceAll(text: string, expand: (match: Match) => string): string {
    const parts: string[] = [];
    let at = 0;
    for (const match of this.matches(text)) {
      const [start = 0, end = 0] = match;
      const replacement = expand(match);
      this.#spend(replacement.length);
      parts.push(text.slice(at, start), replacement);
      at = end;
    }
    return parts.join('') + text.slice(at);
  }

  /** Fills `$1`, `${1}`, `$name` and `$$` in a template for a replacement. */
  expand(template: string, text: string, match: Match): string {
    return template.replace(/\$(?:(\$)|(\w+)|\{(\w+)\})/g, (_whole, dollar, bare, braced) => {
      if (dollar !== undefined) return '$';
      const name: string = bare ?? braced;
      const index = /^\d+$/.test(name) ? Number(name) : this.#program.names.indexOf(name);
      return index < 0 ? '' : part(text, match, index);
    });
  }

  /** The text between matches; at most `limit` parts when that is not negative. */
  split(text: string, limit: number): string[] {
    if (limit === 0) return [];
    const parts: string[] = [];
    let at = 0;
    let lastEnd = 0;
    for (const [start = 0, end = 0] of this.matches(text)) {
      if (limit > 0 && parts.length === limit - 1) break;
      lastEnd = start;
      if (end !== 0) parts.push(text.slice(at, lastEnd));
      at = end;
    }
    if (lastEnd !== text.length || text === '') parts.push(text.slice(at));
    return parts;
  }
}

function part(text: string, match: Match, group: number): string {
  const [start, end] = [match[group * 2] ?? -1, match[group * 2 + 1] ?? -1];
  return start < 0 || end < 0 ? '' : text.slice(start, end);
}

function runeSize(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
