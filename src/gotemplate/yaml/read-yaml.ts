import {
  type Alias,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  Scalar,
  type YAMLMap,
} from 'yaml';
import { TemplateProblem } from '../template-error.ts';
import { formatFloat } from '../text/format-float.ts';
import { quote } from '../text/quote.ts';
import { GoMap, GoSlice, type Value } from '../values/values.ts';
import { resolvePlain } from './resolve-plain.ts';

/** How large a text may be, and how many values it may give with its aliases. */
const MAX_TEXT = 4 * 1024 * 1024;
const MAX_NODES = 500_000;
const MAX_DEPTH = 200;

/**
 * Reads the first document of a YAML text as sigs.k8s.io/yaml does: YAML 1.1, every number a `float64`.
 * @throws {TemplateProblem} with the line, in the words of our own parser.
 */
export function readYaml(text: string): Value {
  if (text.length > MAX_TEXT) throw new TemplateProblem('the YAML text is too large');
  if (nestingOf(text) > MAX_DEPTH) throw new TemplateProblem('the YAML text nests too deeply');
  const lines = new LineCounter();
  const options = {
    schema: 'failsafe',
    version: '1.1',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  } as const;
  const documents = parseAllDocuments(text, { ...options, lineCounter: lines });
  const [document] = 'empty' in documents ? [] : documents;
  if (document === undefined) return null;
  const [error] = document.errors;
  if (error !== undefined) throw problemAt(lines.linePos(error.pos[0]).line, error.message);
  return new Reader(lines).value(document.contents, 0);
}

/** How deep the text may nest at most; told without parsing, because the parser's own recursion is not bounded. */
function nestingOf(text: string): number {
  return Math.max(flowNesting(text), blockNesting(text));
}

function flowNesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const char of text) {
    if (char === '[' || char === '{') deepest = Math.max(deepest, ++depth);
    else if (char === ']' || char === '}') depth--;
  }
  return deepest;
}

/** Each deeper indentation is a level, and so is each dash that another one follows on its line. */
function blockNesting(text: string): number {
  const indents: number[] = [];
  let deepest = 0;
  for (const line of text.split('\n')) {
    const [, spaces = '', dashes = ''] = /^( *)((?:[-?] +)*)/.exec(line) ?? [];
    if (spaces.length + dashes.length === line.length) continue;
    while ((indents.at(-1) ?? -1) > spaces.length) indents.pop();
    if ((indents.at(-1) ?? -1) < spaces.length) indents.push(spaces.length);
    deepest = Math.max(deepest, indents.length + dashes.replaceAll(' ', '').length);
  }
  return deepest;
}

function problemAt(line: number, problem: string): TemplateProblem {
  return new TemplateProblem(`error converting YAML to JSON: yaml: line ${line}: ${problem}`);
}

/** Turns parsed nodes into values; bounds what aliases can make of a small text. */
class Reader {
  readonly #lines: LineCounter;
  /** What each anchor names so far. The library would look through the document for every alias. */
  readonly #anchors = new Map<string, Node>();
  #nodes = 0;

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  value(node: unknown, depth: number): Value {
    if (++this.#nodes > MAX_NODES || depth > MAX_DEPTH) throw new TemplateProblem('the YAML text is too large');
    if (isAlias(node)) return this.#alias(node, depth);
    if (isNode(node) && node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return this.#scalar(node);
    if (isSeq(node)) return new GoSlice(node.items.map((item) => this.value(item, depth + 1)));
    return isMap(node) ? this.#map(node, depth) : null;
  }

  #alias(node: Alias, depth: number): Value {
    const target = this.#anchors.get(node.source);
    if (target === undefined) throw this.#problem(node, `unknown anchor '${node.source}' referenced`);
    return this.value(target, depth + 1);
  }

  #scalar(node: Scalar): Value {
    const text = String(node.value ?? '');
    const isPlain = (node.type === undefined || node.type === Scalar.PLAIN) && node.tag !== STRING_TAG;
    if (!isPlain) return text;
    const found = resolvePlain(text);
    switch (found.kind) {
      case 'bool':
        return found.value;
      case 'int':
        return Number(found.value);
      case 'float':
        if (Number.isFinite(found.value)) return found.value;
        throw new TemplateProblem(`json: unsupported value: ${formatFloat(found.value, 'g', -1)}`);
      case 'null':
        return null;
      default:
        return text;
    }
  }

  #map(node: YAMLMap, depth: number): GoMap {
    const entries = new Map<string, Value>();
    const merged: Value[] = [];
    for (const { key, value } of node.items) {
      if (isScalar(key) && key.type === Scalar.PLAIN && key.value === '<<') merged.push(this.value(value, depth + 1));
      else {
        const name = this.#key(key);
        if (entries.has(name)) throw this.#problem(key, `key ${quote(name)} already set in map`);
        entries.set(name, this.value(value, depth + 1));
      }
    }
    for (const value of merged) this.#merge(entries, value, node);
    return new GoMap(entries);
  }

  /** `<<` adds the entries of a map, or of a list of maps, that are not there yet. */
  #merge(entries: Map<string, Value>, value: Value, node: YAMLMap): void {
    const maps = value instanceof GoSlice ? value.items : [value];
    for (const map of maps) {
      if (!(map instanceof GoMap)) throw this.#problem(node, 'map merge requires map or sequence of maps as the value');
      for (const [key, field] of map.entries) if (!entries.has(key)) entries.set(key, field);
    }
  }

  /** JSON has only strings as keys. */
  #key(key: unknown): string {
    const value = isScalar(key) ? this.#scalar(key) : undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return formatFloat(value, Number.isInteger(value) ? 'f' : 'g', -1);
    if (typeof value === 'boolean') return String(value);
    throw this.#problem(key, 'unsupported key in a map');
  }

  #problem(node: unknown, problem: string): TemplateProblem {
    const offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
    return problemAt(this.#lines.linePos(offset).line, problem);
  }
}

const STRING_TAG = 'tag:yaml.org,2002:str';
