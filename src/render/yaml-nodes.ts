import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { isObject, type Json } from '../core/index.ts';
import { MAX_DEPTH } from '../merge/index.ts';

/** How many nodes aliases may stand for; more is an attack ("billion laughs"), not a configuration. */
const MAX_ALIASED_NODES = 20_000;

/** What is wrong with a node; `offset` is its place in the text. */
export class NodeProblem extends Error {
  readonly offset: number;
  readonly hint: string | undefined;

  constructor(message: string, offset: number, hint?: string) {
    super(message);
    this.offset = offset;
    this.hint = hint;
  }
}

/** What a walk over one document remembers. */
interface Walk {
  readonly anchors: Map<string, Node>;
  aliasedNodes: number;
  /** Above 0 inside a node that an alias stands for. */
  aliasDepth: number;
}

/**
 * A parsed YAML node as JSON, with aliases and merge keys resolved.
 * @throws {NodeProblem} a key twice, a key that is no text, an unsafe key, an unknown alias, too much or too deep.
 */
export function nodeToJson(root: Node): Json {
  return convert(root, { anchors: new Map(), aliasedNodes: 0, aliasDepth: 0 }, 0);
}

function convert(node: Node, walk: Walk, depth: number): Json {
  if (depth > MAX_DEPTH) throw new NodeProblem(`nested deeper than ${MAX_DEPTH} levels`, offsetOf(node));
  if (walk.aliasDepth > 0) countAliased(node, walk);
  if (isAlias(node)) return convertAlias(node.source, node, walk, depth);
  if ('anchor' in node && node.anchor !== undefined) walk.anchors.set(node.anchor, node);
  if (isMap(node)) return convertMap(node, walk, depth);
  if (isSeq(node)) return node.items.map((item) => convertItem(item, walk, depth));
  return isScalar(node) ? scalarToJson(node) : null;
}

function convertItem(item: unknown, walk: Walk, depth: number): Json {
  return item === null || item === undefined ? null : convert(item as Node, walk, depth + 1);
}

function convertAlias(name: string, node: Node, walk: Walk, depth: number): Json {
  const target = walk.anchors.get(name);
  if (target === undefined) {
    throw new NodeProblem(`the alias *${name} has no anchor`, offsetOf(node), `Mark the value meant with &${name}.`);
  }
  walk.aliasDepth += 1;
  const value = convert(target, walk, depth + 1);
  walk.aliasDepth -= 1;
  return value;
}

function countAliased(node: Node, walk: Walk): void {
  walk.aliasedNodes += 1;
  if (walk.aliasedNodes > MAX_ALIASED_NODES) {
    throw new NodeProblem(
      `aliases stand for more than ${MAX_ALIASED_NODES} values`,
      offsetOf(node),
      'Use fewer aliases.',
    );
  }
}

function convertMap(map: YAMLMap, walk: Walk, depth: number): Json {
  const fields: Record<string, Json> = {};
  const merged: Json[] = [];
  for (const pair of map.items as readonly Pair<Node, Node | null>[]) {
    const value = convertItem(pair.value, walk, depth);
    if (isMergeKey(pair.key)) {
      merged.push(...mergeSources(value, pair.key));
      continue;
    }
    const key = keyText(pair.key, walk);
    if (Object.hasOwn(fields, key)) {
      throw new NodeProblem(`the key "${key}" stands twice in one map`, offsetOf(pair.key), 'Keep one of the two.');
    }
    fields[key] = value;
  }
  // a map's own keys win over merged ones, earlier sources over later ones
  return merged.length === 0 ? fields : Object.assign({}, ...merged.reverse(), fields);
}

function mergeSources(value: Json, key: Node): readonly Json[] {
  const sources: readonly Json[] = Array.isArray(value) ? value : [value];
  if (!sources.every(isObject)) throw new NodeProblem('the merge key << takes a map or a list of maps', offsetOf(key));
  return sources;
}

function isMergeKey(key: Node | null): key is Node {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

function keyText(key: Node | null, walk: Walk): string {
  const scalar = isAlias(key) ? walk.anchors.get(key.source) : key;
  if (scalar !== key && isScalar(scalar)) return String(scalar.value);
  if (!isScalar(key)) {
    throw new NodeProblem('a map key is not a text', offsetOf(key), 'Quote it if it begins with a special character.');
  }
  if (key.anchor !== undefined) walk.anchors.set(key.anchor, key);
  const text = isMisreadNumber(key) ? (key.source ?? '') : String(key.value);
  if (text === '__proto__') throw new NodeProblem('the key "__proto__" is not allowed', offsetOf(key), 'Remove it.');
  return text;
}

function scalarToJson(scalar: Scalar): Json {
  const { value, source = '' } = scalar;
  switch (typeof value) {
    case 'string':
      if (STRICT_TAGS.has(scalar.tag ?? '')) return taggedValue(value, scalar);
      // YAML 1.1 has no `0o644`, but the readers of Kubernetes do
      return scalar.type === 'PLAIN' && scalar.tag === undefined && OCTAL.test(value) ? signedNumber(value) : value;
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      if (isMisreadNumber(scalar)) return source;
      throw new NodeProblem(`${value} is not a number that JSON knows`, offsetOf(scalar), 'Quote it if it is a text.');
    default:
      return null;
  }
}

const TAG = 'tag:yaml.org,2002:';

/** Tags that say what a text is meant to be; the library leaves a text that does not look like it as it is. */
const STRICT_TAGS: ReadonlySet<string> = new Set(['binary', 'bool', 'float', 'int', 'null'].map((name) => TAG + name));

/** What a text is that its author has given a type: `!!float 1`, `!!binary aGVsbG8=`. */
function taggedValue(text: string, scalar: Scalar): Json {
  const type = scalar.tag?.slice(TAG.length);
  if (type === 'binary' && BASE64.test(text.replace(/\s+/g, ''))) return Buffer.from(text, 'base64').toString('utf8');
  if (type === 'float' && A_NUMBER.test(text)) return signedNumber(text);
  if (type === 'int' && OCTAL.test(text)) return signedNumber(text);
  throw new NodeProblem(`the value is no !!${type}`, offsetOf(scalar), `Correct it, or leave out !!${type}.`);
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const OCTAL = /^[-+]?0o[0-7]+$/;
const A_NUMBER = /^[-+]?(?:0x[0-9a-fA-F]{1,13}|[0-9_]*\.?[0-9_]*[0-9](?:[eE][-+]?[0-9]{1,2})?)$/;

/** JavaScript knows no sign before 0o and 0x, and no `_`. */
function signedNumber(text: string): number {
  const digits = text.replace(/^[-+]/, '').replaceAll('_', '');
  return text.startsWith('-') ? -Number(digits) : Number(digits);
}

/** The library takes `e0` or `0x_` for a number without having one; such an image tag is a text to everybody else. */
function isMisreadNumber({ value, source = '' }: Scalar): boolean {
  return Number.isNaN(value) && !/^\.nan$/i.test(source);
}

function offsetOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
