import { OperatorError } from './errors.ts';
import { isObject, type Json } from './json.ts';
import { nearMatch } from './near-match.ts';

/** One step of a path into a document, as overlays and `--set` write it. */
export type PathStep =
  | { readonly kind: 'key'; readonly key: string }
  /** `[2]`; `[-1]` and numbers past the end append. */
  | { readonly kind: 'index'; readonly index: number }
  /** `[name:discovery]`: the list entry whose field reads so. */
  | { readonly kind: 'entry'; readonly key: string; readonly value: string }
  /** `[:regex]` or `[regex]`: the list entry whose text matches. */
  | { readonly kind: 'text'; readonly pattern: string };

const MAX_PATH_LENGTH = 2048;
const MAX_STEPS = 64;
const MAX_INDEX = 100_000;
const MAX_NAMES_SHOWN = 12;

/** Field names that could reach a JavaScript prototype. Kubernetes has no such fields. */
const UNSAFE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads a path such as `spec.template.spec.containers.[name:discovery].args.[0]`. Dots separate, `\.` is a literal dot,
 * empty segments are dropped, and `a[0]` is `a.[0]`. Inside brackets a dot needs no backslash.
 * @throws {OperatorError} `InvalidPath`
 */
export function parseTreePath(text: string): readonly PathStep[] {
  if (text.length > MAX_PATH_LENGTH) throw badPath(text, `is longer than ${MAX_PATH_LENGTH} characters`);
  const steps: PathStep[] = [];
  let position = 0;
  while (position < text.length) {
    if (text[position] === '.') {
      position += 1;
    } else if (text[position] === '[') {
      const end = closingBracket(text, position);
      steps.push(parseSelector(text.slice(position + 1, end), text));
      position = end + 1;
      if (position < text.length && text[position] !== '.' && text[position] !== '[') {
        throw badPath(text, `has "${text[position]}" right after a selector`, 'Put a dot after the closing bracket.');
      }
    } else {
      const { key, end } = readKey(text, position);
      steps.push({ kind: 'key', key: safeKey(key, text) });
      position = end;
    }
  }
  if (steps.length > MAX_STEPS) throw badPath(text, `has more than ${MAX_STEPS} steps`);
  return steps;
}

/** A path as text that `parseTreePath` reads back. */
export function formatTreePath(steps: readonly PathStep[]): string {
  return steps.map(formatStep).join('.');
}

/** What stands at a place, in words, for the message of a path that leads nowhere. */
export function describeNode(node: Json | undefined): string {
  if (node === undefined) return 'nothing is there';
  if (node === null) return 'it is null';
  if (Array.isArray(node)) return node.length === 0 ? 'the list is empty' : `the list has ${entryNames(node)}`;
  if (!isObject(node)) return `it is ${JSON.stringify(node).slice(0, 80)}`;
  const keys = Object.keys(node);
  return keys.length === 0 ? 'the map is empty' : `the map has ${shown(keys)}`;
}

/** The sentence that offers the candidate nearest to a mistyped word, or an empty text. */
export function suggestion(word: string, candidates: Iterable<string>): string {
  const near = nearMatch(word, candidates);
  return near === undefined ? '' : `Did you mean "${near}"?`;
}

/** Up to a dozen names, then how many more there are. */
export function shown(names: readonly string[]): string {
  const more = names.length - MAX_NAMES_SHOWN;
  return names.slice(0, MAX_NAMES_SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** Whether a list entry's field reads as `value`; `15010` as text also matches the number. */
export function isEntry(entry: Json | undefined, key: string, value: string): boolean {
  if (!isObject(entry) || !Object.hasOwn(entry, key)) return false;
  const field = entry[key];
  return field !== null && typeof field !== 'object' && String(field) === value;
}

function readKey(text: string, start: number): { key: string; end: number } {
  let key = '';
  let end = start;
  for (; end < text.length; end++) {
    const char = text[end] ?? '';
    if (char === '.' || char === '[') break;
    const next = text[end + 1];
    if (char === '\\' && next !== undefined && '.[]:\\'.includes(next)) {
      key += next;
      end += 1;
    } else {
      key += char;
    }
  }
  return { key, end };
}

/** Brackets inside a selector (character classes) count, those after a backslash do not. */
function closingBracket(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '[') depth += 1;
    else if (text[i] === ']') {
      depth -= 1;
      if (depth === 0) return i;
    }
  }
  throw badPath(text, 'has a "[" without its "]"', 'A literal bracket is written \\[ or \\].');
}

function parseSelector(selector: string, text: string): PathStep {
  if (/^-?\d+$/.test(selector)) {
    const index = Number(selector);
    if (index < -1 || index > MAX_INDEX) {
      throw badPath(text, `has the index ${selector}`, 'Use 0 and up, or -1 to append.');
    }
    return { kind: 'index', index };
  }
  const colon = selector.indexOf(':');
  const key = selector.slice(0, Math.max(colon, 0));
  if (/^[A-Za-z0-9_-]+$/.test(key)) {
    return { kind: 'entry', key: safeKey(key, text), value: unescaped(selector.slice(colon + 1)) };
  }
  const pattern = colon === 0 ? selector.slice(1) : selector;
  if (pattern === '') {
    throw badPath(text, `has the empty selector [${selector}]`, 'Use [N], [key:value] or [:pattern].');
  }
  return { kind: 'text', pattern };
}

function unescaped(text: string): string {
  return text.replace(/\\([.[\]:\\])/g, '$1');
}

function safeKey(key: string, text: string): string {
  if (UNSAFE_KEYS.has(key)) throw badPath(text, `goes through "${key}"`, 'No Kubernetes object has such a field.');
  return key;
}

function badPath(text: string, problem: string, hint?: string): OperatorError {
  const short = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return new OperatorError(`The path "${short}" ${problem}.`, {
    code: 'InvalidPath',
    ...(hint === undefined ? {} : { hint }),
  });
}

function formatStep(step: PathStep): string {
  switch (step.kind) {
    case 'key':
      return step.key.replace(/[.[\]\\]/g, '\\$&');
    case 'index':
      return `[${step.index}]`;
    case 'entry':
      return `[${step.key}:${step.value.replace(/[[\]\\]/g, '\\$&')}]`;
    case 'text':
      return `[:${step.pattern}]`;
  }
}

/** Fields that tell the entries of a list apart, the best first. */
const IDENTIFYING_FIELDS = ['name', 'containerPort', 'port', 'mountPath', 'key', 'type'] as const;

/** The entries of a list as people tell them apart: by the first identifying field that all have, else by their text. */
function entryNames(list: readonly Json[]): string {
  const field = IDENTIFYING_FIELDS.find((name) => list.every((entry) => isObject(entry) && Object.hasOwn(entry, name)));
  const names = list.map((entry, index) => {
    if (isObject(entry)) return field === undefined ? `[${index}]` : `${field}:${String(entry[field])}`;
    return JSON.stringify(entry).slice(0, 60);
  });
  return shown(names);
}
