import { quote, unquote } from '../text/quote.ts';
import type { Token } from './lexer.ts';
import { nodeText } from './node-text.ts';
import type { CommandNode, NumberNode, Operand, PipeNode, VariableNode } from './nodes.ts';
import { LiteralProblem, readNumber } from './number.ts';
import { isKeyword, type TokenStream } from './token-stream.ts';

/** How deep parentheses may stand in each other. */
const MAX_PARENTHESES = 250;

const LITERALS: ReadonlySet<string> = new Set(['bool', 'dot', 'nil', 'number', 'string']);

/** Parses pipelines and what they are made of, and knows the variables that are visible where it stands. */
export class PipelineParser {
  readonly #stream: TokenStream;
  readonly #hasFunction: (name: string) => boolean;
  /** In the order of their declaration; a name can be there more than once. */
  readonly #variables: string[] = [];
  readonly #counts = new Map<string, number>();
  #parentheses = 0;

  constructor(stream: TokenStream, hasFunction: (name: string) => boolean) {
    this.#stream = stream;
    this.#hasFunction = hasFunction;
    this.#declare('$');
  }

  /** How many variables are visible. Setting it back ends the scope of those that came after. */
  get visibleVariables(): number {
    return this.#variables.length;
  }

  set visibleVariables(count: number) {
    for (const name of this.#variables.splice(count)) this.#counts.set(name, (this.#counts.get(name) ?? 0) - 1);
  }

  #declare(name: string): void {
    this.#variables.push(name);
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** Parses up to `end` and over it. */
  pipeline(context: string, end: 'rightDelim' | 'rightParen'): PipeNode {
    const { pos } = this.#stream.peekNonSpace();
    const pipe: PipeNode = { kind: 'pipe', pos, isAssign: false, variables: [], commands: [] };
    this.#declarations(pipe, context);
    for (;;) {
      const mark = this.#stream.mark;
      const token = this.#stream.nextNonSpace();
      if (token.kind === end) break;
      if (!this.#isOperand(token)) throw this.#stream.unexpected(token, context);
      this.#stream.rewind(mark);
      pipe.commands.push(this.#command());
    }
    this.#check(pipe, context);
    return pipe;
  }

  #isOperand(token: Token): boolean {
    switch (token.kind) {
      case 'bool':
      case 'character':
      case 'dot':
      case 'field':
      case 'identifier':
      case 'number':
      case 'rawString':
      case 'string':
      case 'variable':
      case 'leftParen':
        return true;
      default:
        return isKeyword(token, 'nil') || this.#isFunctionKeyword(token);
    }
  }

  /** `break` and `continue` are names where a function has them. */
  #isFunctionKeyword(token: Token): boolean {
    return (isKeyword(token, 'break') || isKeyword(token, 'continue')) && this.#hasFunction(token.text);
  }

  #declarations(pipe: PipeNode, context: string): void {
    while (this.#stream.peekNonSpace().kind === 'variable') {
      const mark = this.#stream.mark;
      const token = this.#stream.next();
      const next = this.#stream.peekNonSpace();
      const isComma = next.kind === 'char' && next.text === ',';
      if (!isComma && next.kind !== 'assign' && next.kind !== 'declare') {
        this.#stream.rewind(mark);
        return;
      }
      this.#stream.next();
      pipe.variables.push({ kind: 'variable', pos: token.pos, names: [token.text] });
      this.#declare(token.text);
      if (!isComma) {
        pipe.isAssign = next.kind === 'assign';
        return;
      }
      this.#checkSecondVariable(pipe, context);
    }
  }

  #checkSecondVariable({ variables }: PipeNode, context: string): void {
    if (context !== 'range' || variables.length >= 2) {
      throw this.#stream.error(`too many declarations in ${context}`);
    }
    const { kind } = this.#stream.peekNonSpace();
    if (kind !== 'variable' && kind !== 'rightDelim' && kind !== 'rightParen') {
      throw this.#stream.error('range can only initialize variables');
    }
  }

  #check({ commands }: PipeNode, context: string): void {
    if (commands.length === 0) throw this.#stream.error(`missing value for ${context}`);
    const wrong = commands.findIndex(({ operands }, index) => index > 0 && LITERALS.has(operands[0]?.kind ?? ''));
    if (wrong > 0) throw this.#stream.error(`non executable command in pipeline stage ${wrong + 1}`);
  }

  /** Operands up to a pipe, which is read, or the end of the pipeline, which is left. */
  #command(): CommandNode {
    const command: CommandNode = { kind: 'command', pos: this.#stream.peekNonSpace().pos, operands: [] };
    for (;;) {
      this.#stream.peekNonSpace();
      const operand = this.#operand();
      if (operand !== undefined) command.operands.push(operand);
      const mark = this.#stream.mark;
      const token = this.#stream.next();
      if (token.kind === 'space') continue;
      if (token.kind === 'rightDelim' || token.kind === 'rightParen') this.#stream.rewind(mark);
      else if (token.kind !== 'pipe') throw this.#stream.unexpected(token, 'operand');
      break;
    }
    if (command.operands.length === 0) throw this.#stream.error('empty command');
    return command;
  }

  /** A term and the fields after it; undefined when no term is there. */
  #operand(): Operand | undefined {
    const term = this.#term();
    if (term === undefined || this.#stream.peek().kind !== 'field') return term;
    // errors about `.a.b` point at `.b`: so does Go
    const { pos } = this.#stream.peek();
    const names: string[] = [];
    while (this.#stream.peek().kind === 'field') names.push(this.#stream.next().text.slice(1));
    if (term.kind === 'field' || term.kind === 'variable') return { ...term, pos, names: [...term.names, ...names] };
    if (LITERALS.has(term.kind)) throw this.#stream.error(`unexpected . after term ${quote(nodeText(term))}`);
    return { kind: 'chain', pos, term, names };
  }

  #term(): Operand | undefined {
    const mark = this.#stream.mark;
    const token = this.#stream.nextNonSpace();
    const { pos, text } = token;
    switch (token.kind) {
      case 'identifier':
        return this.#identifier(token);
      case 'dot':
        return { kind: 'dot', pos };
      case 'variable':
        return this.#variable(token);
      case 'field':
        return { kind: 'field', pos, names: [text.slice(1)] };
      case 'bool':
        return { kind: 'bool', pos, value: text === 'true' };
      case 'character':
      case 'number':
        return this.#number(token);
      case 'leftParen':
        return this.#parenthesized();
      case 'string':
      case 'rawString':
        return { kind: 'string', pos, literal: text, text: readLiteral(this.#stream, text) };
      default:
        if (isKeyword(token, 'nil')) return { kind: 'nil', pos };
        if (this.#isFunctionKeyword(token)) return this.#identifier(token);
        this.#stream.rewind(mark);
        return undefined;
    }
  }

  #identifier({ pos, text }: Token): Operand {
    if (!this.#hasFunction(text)) throw this.#stream.error(`function ${quote(text)} not defined`);
    return { kind: 'identifier', pos, name: text };
  }

  #variable({ pos, text }: Token): VariableNode {
    if ((this.#counts.get(text) ?? 0) === 0) throw this.#stream.error(`undefined variable ${quote(text)}`);
    return { kind: 'variable', pos, names: [text] };
  }

  #parenthesized(): PipeNode {
    if (this.#parentheses >= MAX_PARENTHESES) throw this.#stream.error('max expression depth exceeded');
    this.#parentheses++;
    const pipe = this.pipeline('parenthesized pipeline', 'rightParen');
    this.#parentheses--;
    return pipe;
  }

  #number({ pos, text }: Token): NumberNode {
    try {
      return readNumber(text, pos);
    } catch (error) {
      if (error instanceof LiteralProblem) throw this.#stream.error(error.message);
      throw error;
    }
  }
}

/** What a string literal stands for. */
export function readLiteral(stream: TokenStream, literal: string): string {
  const text = unquote(literal);
  if (text === undefined) throw stream.error('invalid syntax');
  return text;
}
