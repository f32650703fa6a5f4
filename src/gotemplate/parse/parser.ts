import { quote } from '../text/quote.ts';
import { nodeText } from './node-text.ts';
import { type BranchNode, isEmptyTree, type ListNode, type Node, type ParsedTemplate, type Source } from './nodes.ts';
import { PipelineParser, readLiteral } from './pipeline-parser.ts';
import { isKeyword, TokenStream } from './token-stream.ts';

/** How deep control structures may stand in each other. */
const MAX_NESTING = 250;

/**
 * Parses a template and those that it defines. The file's own comes last.
 * @param hasFunction - whether a name is a function; other names are errors.
 * @throws {OperatorError} `TemplateInvalid`, as `template: name:line: message`.
 */
export function parseTemplate(source: Source, hasFunction: (name: string) => boolean): readonly ParsedTemplate[] {
  const definitions = new Map<string, ParsedTemplate>();
  const stream = new TokenStream(source);
  const parser = new TemplateParser({ stream, definitions, hasFunction }, source.name);
  parser.parseFile();
  return [...definitions.values()];
}

interface Context {
  readonly stream: TokenStream;
  readonly definitions: Map<string, ParsedTemplate>;
  readonly hasFunction: (name: string) => boolean;
}

type End = 'end' | 'else';

/** Parses one template; each definition inside has its own parser on the same tokens. */
class TemplateParser {
  readonly #context: Context;
  readonly #stream: TokenStream;
  readonly #pipelines: PipelineParser;
  #name: string;
  #rangeDepth = 0;
  #nesting: number;

  constructor(context: Context, name: string, nesting = 0) {
    this.#context = context;
    this.#stream = context.stream;
    this.#pipelines = new PipelineParser(context.stream, context.hasFunction);
    this.#name = name;
    this.#nesting = nesting;
  }

  parseFile(): void {
    const nodes: Node[] = [];
    const root: ListNode = { kind: 'list', pos: this.#stream.peek().pos, nodes };
    while (this.#stream.peek().kind !== 'eof') {
      if (this.#isDefinition()) {
        new TemplateParser(this.#context, 'definition').#parseDefinition();
        continue;
      }
      const node = this.#textOrAction();
      if (node.kind === 'end' || node.kind === 'else') throw this.#stream.error(`unexpected ${nodeText(node)}`);
      nodes.push(node);
    }
    this.#add(root);
  }

  /** Reads `{{define`, or nothing. */
  #isDefinition(): boolean {
    const mark = this.#stream.mark;
    if (this.#stream.peek().kind === 'leftDelim') {
      this.#stream.next();
      if (isKeyword(this.#stream.nextNonSpace(), 'define')) return true;
    }
    this.#stream.rewind(mark);
    return false;
  }

  #parseDefinition(): void {
    const context = 'define clause';
    this.#name = this.#templateName(context);
    this.#stream.expect('rightDelim', context);
    this.#body(context);
  }

  /** The rest of a definition or block up to its end. */
  #body(context: string): void {
    const { list, end } = this.#itemList();
    if (end !== 'end') throw this.#stream.error(`unexpected {{${end}}} in ${context}`);
    this.#add(list);
  }

  #add(root: ListNode): void {
    const { definitions, stream } = this.#context;
    const earlier = definitions.get(this.#name);
    if (earlier !== undefined && !isEmptyTree(earlier.root)) {
      if (isEmptyTree(root)) return;
      throw stream.error(`template: multiple definition of template ${quote(this.#name)}`);
    }
    definitions.set(this.#name, { name: this.#name, source: stream.source, root });
  }

  #itemList(): { list: ListNode; end: End } {
    if (++this.#nesting > MAX_NESTING) throw this.#stream.error(`the nesting exceeds ${MAX_NESTING} levels`);
    const list: ListNode = { kind: 'list', pos: this.#stream.peekNonSpace().pos, nodes: [] };
    while (this.#stream.peekNonSpace().kind !== 'eof') {
      const node = this.#textOrAction();
      if (node.kind === 'end' || node.kind === 'else') {
        this.#nesting--;
        return { list, end: node.kind };
      }
      list.nodes.push(node);
    }
    throw this.#stream.error('unexpected EOF');
  }

  #textOrAction(): Node {
    const token = this.#stream.nextNonSpace();
    if (token.kind === 'text') return { kind: 'text', pos: token.pos, text: token.text };
    if (token.kind !== 'leftDelim') throw this.#stream.unexpected(token, 'input');
    this.#stream.actionLine = token.line;
    const node = this.#action();
    this.#stream.actionLine = 0;
    return node;
  }

  #action(): Node {
    const mark = this.#stream.mark;
    const token = this.#stream.nextNonSpace();
    const control = token.kind === 'keyword' ? this.#control(token.text, token.pos) : undefined;
    if (control !== undefined) return control;
    this.#stream.rewind(mark);
    const { pos } = this.#stream.peekNonSpace();
    return { kind: 'action', pos, pipe: this.#pipelines.pipeline('command', 'rightDelim') };
  }

  #control(word: string, pos: number): Node | undefined {
    switch (word) {
      case 'if':
      case 'with':
      case 'range':
        return this.#branch(word);
      case 'template':
        return this.#template();
      case 'block':
        return this.#block();
      case 'break':
      case 'continue':
        return this.#context.hasFunction(word) ? undefined : this.#loopControl(word, pos);
      case 'end':
        return { kind: 'end', pos: this.#stream.expect('rightDelim', 'end').pos };
      case 'else':
        return this.#else();
      default:
        return undefined;
    }
  }

  #loopControl(kind: 'break' | 'continue', pos: number): Node {
    this.#stream.expect('rightDelim', `{{${kind}}}`);
    if (this.#rangeDepth === 0) throw this.#stream.error(`{{${kind}}} outside {{range}}`);
    return { kind, pos };
  }

  /** `else if` and `else with` leave their keyword for {@link #branch}. */
  #else(): Node {
    const next = this.#stream.peekNonSpace();
    if (isKeyword(next, 'if') || isKeyword(next, 'with')) return { kind: 'else', pos: next.pos };
    return { kind: 'else', pos: this.#stream.expect('rightDelim', 'else').pos };
  }

  #branch(kind: BranchNode['kind']): BranchNode {
    const visible = this.#pipelines.visibleVariables;
    const pipe = this.#pipelines.pipeline(kind, 'rightDelim');
    if (kind === 'range') this.#rangeDepth++;
    const { list: body, end } = this.#itemList();
    if (kind === 'range') this.#rangeDepth--;
    const otherwise = end === 'else' ? this.#otherwise(kind) : undefined;
    this.#pipelines.visibleVariables = visible;
    return { kind, pos: pipe.pos, pipe, body, otherwise };
  }

  #otherwise(kind: BranchNode['kind']): ListNode {
    if ((kind === 'if' || kind === 'with') && this.#stream.isKeyword(kind)) {
      const { pos } = this.#stream.next();
      if (++this.#nesting > MAX_NESTING) throw this.#stream.error(`the nesting exceeds ${MAX_NESTING} levels`);
      const branch = this.#branch(kind);
      this.#nesting--;
      return { kind: 'list', pos, nodes: [branch] };
    }
    const { list, end } = this.#itemList();
    if (end !== 'end') throw this.#stream.error(`expected end; found {{${end}}}`);
    return list;
  }

  #template(): Node {
    const { pos } = this.#stream.peekNonSpace();
    const name = this.#templateName('template clause');
    const mark = this.#stream.mark;
    if (this.#stream.nextNonSpace().kind === 'rightDelim') return { kind: 'template', pos, name, pipe: undefined };
    this.#stream.rewind(mark);
    return { kind: 'template', pos, name, pipe: this.#pipelines.pipeline('template clause', 'rightDelim') };
  }

  #block(): Node {
    const context = 'block clause';
    const { pos } = this.#stream.peekNonSpace();
    const name = this.#templateName(context);
    const pipe = this.#pipelines.pipeline(context, 'rightDelim');
    new TemplateParser(this.#context, name, this.#nesting).#body(context);
    return { kind: 'template', pos, name, pipe };
  }

  #templateName(context: string): string {
    const token = this.#stream.nextNonSpace();
    if (token.kind !== 'string' && token.kind !== 'rawString') throw this.#stream.unexpected(token, context);
    return readLiteral(this.#stream, token.text);
  }
}
