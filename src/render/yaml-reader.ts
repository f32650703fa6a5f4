import { Composer, type CST, type Document, Lexer, LineCounter, Parser } from 'yaml';
import { type Json, OperatorError } from '../core/index.ts';
import { MAX_DEPTH } from '../merge/index.ts';
import { NodeProblem, nodeToJson } from './yaml-nodes.ts';

/** How large a file may be. An API server stores no object above 1.5 MiB, so no custom resource is this large. */
export const MAX_DOCUMENT_BYTES = 2 * 1024 * 1024;

/** One document of a YAML stream; `line` is the one that it begins at, from 1. */
export interface YamlDocument {
  readonly value: Json;
  readonly line: number;
}

/** The parts of YAML 1.1 that Kubernetes clients do not read: `22:22` is text there, and so is `2026-01-31`. */
const FOREIGN_TAGS: ReadonlySet<string> = new Set([
  'tag:yaml.org,2002:binary',
  'tag:yaml.org,2002:omap',
  'tag:yaml.org,2002:pairs',
  'tag:yaml.org,2002:set',
  'tag:yaml.org,2002:timestamp',
  'tag:yaml.org,2002:merge',
]);

/**
 * Reads a YAML stream as kubectl and istioctl do (YAML 1.1: `0644` is 420, `yes` is true, `<<` merges). Size, nesting and
 * the growth by aliases are bounded; a key given twice is an error.
 * @param source - the file's name as its author knows it, for messages.
 * @throws {OperatorError} `InvalidYaml`, `DocumentTooLarge`
 */
export function readYaml(text: string, source: string): readonly YamlDocument[] {
  const bytes = text.length > MAX_DOCUMENT_BYTES ? text.length : Buffer.byteLength(text);
  if (bytes > MAX_DOCUMENT_BYTES) {
    throw new OperatorError(`${source}: the file is larger than ${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB.`, {
      code: 'DocumentTooLarge',
      hint: 'No IstioOperator and no manifest of Istio is that large: check that it is the right file, or split it.',
    });
  }
  const lines = new LineCounter();
  const fail = (offset: number, problem: string, hint?: string) =>
    invalidYaml({ source, lines, offset, problem, hint });
  const composer = new Composer({
    version: '1.1',
    merge: false,
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !isForeign(tag)),
    // checked in yaml-nodes.ts: the library compares each key with all others
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const documents: YamlDocument[] = [];
  for (const document of composer.compose(shallowTokens(text, lines, fail))) {
    documents.push({
      value: documentValue(document, fail),
      line: lines.linePos(document.contents?.range?.[0] ?? 0).line,
    });
  }
  return documents;
}

/** A text as one YAML value; undefined where it is no YAML, or more than one document. */
export function parseYamlValue(text: string): Json | undefined {
  try {
    const documents = readYaml(text, 'value');
    return documents.length === 1 ? documents[0]?.value : undefined;
  } catch (error) {
    if (error instanceof OperatorError) return undefined;
    throw error;
  }
}

type Fail = (offset: number, problem: string, hint?: string) => OperatorError;

function isForeign(tag: { readonly tag: string; readonly format?: string }): boolean {
  return FOREIGN_TAGS.has(tag.tag) || tag.format === 'TIME';
}

/** The tokens of a stream. The library composes them recursively, so the depth is bounded here, before it does. */
function* shallowTokens(text: string, lines: LineCounter, fail: Fail): Generator<CST.Token> {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > MAX_DEPTH) {
      throw fail(parser.offset, `nested deeper than ${MAX_DEPTH} levels`, 'No Istio setting is that deep.');
    }
  }
  yield* parser.end();
}

function documentValue(document: Document.Parsed, fail: Fail): Json {
  const [error] = document.errors;
  if (error !== undefined) throw fail(error.pos[0], yamlProblem(error.message), yamlHint(error.code));
  if (document.contents === null) return null;
  try {
    return nodeToJson(document.contents);
  } catch (problem) {
    if (problem instanceof NodeProblem) throw fail(problem.offset, problem.message, problem.hint);
    throw problem;
  }
}

/** The library's sentence, to stand inside one of ours. */
function yamlProblem(message: string): string {
  return message.replace(/[.:\s]+$/, '').slice(0, 200);
}

function yamlHint(code: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'Indent with spaces: YAML does not allow tabs there.';
    case 'BAD_INDENT':
    case 'BLOCK_IN_FLOW':
      return 'Align this line with its neighbours at the same level.';
    case 'MISSING_CHAR':
      return 'Close the quote or bracket, or put a space after the colon.';
    default:
      return 'Check the line and the one above it: indentation, a missing colon or quote.';
  }
}

function invalidYaml(at: {
  readonly source: string;
  readonly lines: LineCounter;
  readonly offset: number;
  readonly problem: string;
  readonly hint: string | undefined;
}): OperatorError {
  const { line, col } = at.lines.linePos(at.offset);
  return new OperatorError(`${at.source}:${line}:${col}: ${at.problem}.`, {
    code: 'InvalidYaml',
    ...(at.hint === undefined ? {} : { hint: at.hint }),
  });
}
