/** A set of characters, as a test on one code point given as text. */
export type CharTest = (rune: string) => boolean;

/** What a position must be, without consuming anything. */
export type Assertion = 'lineStart' | 'lineEnd' | 'textStart' | 'textEnd' | 'boundary' | 'noBoundary';

/** A parsed regular expression. */
export type Expression =
  | { readonly kind: 'char'; readonly accepts: CharTest }
  | { readonly kind: 'assert'; readonly assertion: Assertion }
  | { readonly kind: 'group'; readonly index: number; readonly body: Expression }
  | { readonly kind: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly kind: 'alternatives'; readonly parts: readonly Expression[] }
  | {
      readonly kind: 'repeat';
      readonly body: Expression;
      readonly min: number;
      readonly max: number | undefined;
      readonly isGreedy: boolean;
    };

/** What `(?i)` and the like switch on. */
export interface Flags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly multiLine: boolean;
  readonly ungreedy: boolean;
}

/** Why a pattern cannot be compiled, in Go's words. */
export class RegexpProblem extends Error {
  constructor(problem: string, part?: string) {
    super(`error parsing regexp: ${problem}${part === undefined ? '' : `: \`${part}\``}`);
  }
}
