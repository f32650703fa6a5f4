import { nearMatch } from '../../core/index.ts';
import { quote } from '../quote.ts';
import type { Node, TextNode } from '../schema/schema.ts';

/** What was found, as a message names it: `the string "three"`, `the number 3`, `a list`. */
export function describeValue(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return value === '' ? 'an empty string' : `the string ${quote(value)}`;
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return `${value}`;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (value instanceof Date) return 'a date';
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`;
}

/** What a schema asks for, as a message names it. */
export function describeExpected(node: Node): string {
  switch (node.kind) {
    case 'text':
      if (node.numbers === 'refuse') return 'a string';
      return node.numbers === 'convertWhole' ? 'a string or a whole number' : 'a string or a number';
    case 'flag':
      return 'true or false';
    case 'number':
      return node.whole ? 'a whole number' : 'a number';
    case 'intOrText':
      return 'a whole number or a string such as "25%"';
    case 'quantity':
      return 'a quantity such as "500m" or "1Gi"';
    case 'scalar':
      return 'a string, a number, true or false';
    case 'list':
      return 'a list';
    case 'any':
      return 'a value';
    case 'free':
    case 'map':
    case 'object':
      return 'a map';
  }
}

/** How to write it right, as far as that can be told from what was found. */
export function adviceFor(node: Node, field: string, value: unknown): string {
  const key = field === '' ? '' : `${field}: `;
  if (typeof value === 'string') {
    const unquoted = value.trim();
    if (node.kind === 'flag' && /^(true|false)$/i.test(unquoted))
      return `Write ${unquoted.toLowerCase()} without quotes.`;
    if (node.kind === 'number' && /^-?[0-9]{1,15}$/.test(unquoted)) return `Write ${unquoted} without quotes.`;
  }
  if (node.kind === 'text' && typeof value === 'boolean') return wordAdvice(node, key, value);
  if (node.kind === 'text' && typeof value === 'number') return numberAdvice(node, key, value);
  if (value instanceof Date) return 'Put it in quotes.';
  return `For example: ${key}${exampleOf(node)}`;
}

/** A number in quotes must be accepted then: a duration lacks its unit, too, and other texts lack more. */
function numberAdvice(node: TextNode, key: string, value: number): string {
  const fault = node.check?.(`${value}`);
  if (fault === undefined) return `Put it in quotes: ${key}"${value}".`;
  return node.check?.(`${value}s`) === undefined ? `Add the unit: ${key}${value}s.` : fault.hint;
}

/** Words that YAML 1.1 reads as true or false; which of them was written is not known any more. */
const WORDS = { true: ['y', 'yes', 'on', 'true'], false: ['n', 'no', 'off', 'false'] } as const;

function wordAdvice(node: TextNode, key: string, value: boolean): string {
  const words: readonly string[] = WORDS[`${value}`];
  const meant = node.oneOf?.find((word) => words.includes(word.toLowerCase()));
  if (meant !== undefined) return `Write ${key}"${meant}": without quotes YAML reads it as ${value}.`;
  return `Put the word that you wrote in quotes: without them YAML reads ${words.join(', ')} as ${value}.`;
}

/** Which words there are, the one that was probably meant first. */
export function choiceAdvice(value: string, words: readonly string[]): string {
  const near = nearMatch(value, words);
  const all = `Use one of: ${words.join(', ')}.`;
  return near === undefined ? all : `Did you mean "${near}"? ${all}`;
}

function exampleOf(node: Node): string {
  switch (node.kind) {
    case 'text':
      return node.oneOf?.[0] ?? '"text"';
    case 'flag':
      return 'true';
    case 'number':
      return `${Math.max(node.min ?? 0, 2)}`;
    case 'intOrText':
      return '"25%"';
    case 'quantity':
      return '"500m"';
    case 'scalar':
      return '"text"';
    case 'list':
      return node.items.kind === 'text' ? '["text"]' : '[{…}]';
    default:
      return '{key: value}';
  }
}
