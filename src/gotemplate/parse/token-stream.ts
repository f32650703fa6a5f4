import type { OperatorError } from '../../core/index.ts';
import { templateError } from '../template-error.ts';
import { quote } from '../text/quote.ts';
import { Lexer, type Token } from './lexer.ts';
import type { Source } from './nodes.ts';

/** The tokens of one source, with the place that errors are about. */
export class TokenStream {
  readonly source: Source;
  /** The line that the current action began on; 0 outside actions. */
  actionLine = 0;
  readonly #tokens: readonly Token[];
  #at = 0;
  /** The last token that anybody has looked at: errors name its line. */
  #furthest = 0;

  constructor(source: Source) {
    this.source = source;
    this.#tokens = new Lexer(source.text).tokens();
  }

  /** Where the stream stands; {@link rewind} goes back to it. */
  get mark(): number {
    return this.#at;
  }

  rewind(mark: number): void {
    this.#at = mark;
  }

  next(): Token {
    const token = this.peek();
    if (this.#at < this.#tokens.length - 1) this.#at++;
    return token;
  }

  peek(): Token {
    this.#furthest = Math.max(this.#furthest, this.#at);
    return this.#tokens[this.#at] ?? { kind: 'eof', pos: this.source.text.length, text: 'EOF', line: 1 };
  }

  nextNonSpace(): Token {
    for (;;) {
      const token = this.next();
      if (token.kind !== 'space') return token;
    }
  }

  peekNonSpace(): Token {
    while (this.peek().kind === 'space') this.next();
    return this.peek();
  }

  isKeyword(word: string): boolean {
    return isKeyword(this.peek(), word);
  }

  /** The next token that is not space, which must be of a kind. */
  expect(kind: Token['kind'], context: string): Token {
    const token = this.nextNonSpace();
    if (token.kind !== kind) throw this.unexpected(token, context);
    return token;
  }

  unexpected(token: Token, context: string): OperatorError {
    if (token.kind !== 'error') return this.error(`unexpected ${shown(token)} in ${context}`);
    if (this.actionLine === 0 || this.actionLine === token.line) return this.error(token.text);
    const place = `started at ${this.source.name}:${this.actionLine}`;
    return this.error(`${token.text}${token.text.endsWith(' action') ? '' : ' in action'} ${place}`);
  }

  error(message: string): OperatorError {
    const line = this.#tokens[this.#furthest]?.line ?? 1;
    return templateError(`template: ${this.source.name}:${line}: ${message}`, this.source.name);
  }
}

/** Whether a token is the keyword. */
export function isKeyword(token: Token, word: string): boolean {
  return token.kind === 'keyword' && token.text === word;
}

function shown({ kind, text }: Token): string {
  if (kind === 'eof') return 'EOF';
  if (kind === 'keyword' || kind === 'dot') return `<${text}>`;
  const runes = [...text];
  return runes.length > 10 ? `${quote(runes.slice(0, 10).join(''))}...` : quote(text);
}
