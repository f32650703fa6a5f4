import type { Operation } from 'fast-json-patch';
import {
  describeNode,
  formatTreePath,
  isEntry,
  isObject,
  type Json,
  type PathStep,
  suggestion,
} from '../core/index.ts';
import { PatternProblem } from './pattern-compiler.ts';
import { findMatch } from './text-pattern.ts';

/** A path that does not fit the object that it is used on. */
export class PathMismatch extends Error {
  readonly hint: string;

  constructor(message: string, hint = '') {
    super(message);
    this.hint = hint;
  }
}

/** What stands at the end of a path: the place as an RFC 6901 pointer, and the steps that are not there yet. */
export interface Place {
  readonly pointer: string;
  /** The value there; undefined where there is none. */
  readonly value: Json | undefined;
  /** False when nothing stands at `pointer`, not even null. */
  readonly exists: boolean;
  /** Steps below `pointer`, which lead to nothing. */
  readonly missing: readonly PathStep[];
}

/**
 * Follows a path into an object as far as the object goes.
 * @throws {PathMismatch} where it goes through a scalar, through a list without selector, or a selector matches nothing.
 */
export function locate(root: Json, steps: readonly PathStep[]): Place {
  let value: Json | undefined = root;
  let pointer = '';
  for (const [index, step] of steps.entries()) {
    if (value === undefined || value === null)
      return { pointer, value: undefined, exists: value === null, missing: steps.slice(index) };
    const before = steps.slice(0, index);
    const token: string = step.kind === 'key' ? keyIn(value, step.key, before) : indexIn(value, step, before);
    pointer += `/${escaped(token)}`;
    value = childOf(value, token);
  }
  return { pointer, value, exists: value !== undefined, missing: [] };
}

/** What to say of the only step of a path that was written with slashes, as JSON patches have them; '' where there are none. */
export function dotsAdvice(key: string): string {
  const parts = key.split('/').filter((part) => part !== '');
  if (!key.includes('/') || parts.length === 0) return '';
  return `Use dots: ${parts.map((part) => (/^\d+$/.test(part) ? `[${part}]` : part)).join('.')}.`;
}

/** The operation that writes `value` at a place; maps and lists on the way are created. */
export function writeOperation(place: Place, value: Json): Operation {
  const built = place.missing.reduceRight<Json>((inner, step) => wrapped(step, inner), value);
  return { op: place.exists ? 'replace' : 'add', path: place.pointer, value: built };
}

/** True when a place holds something that can be removed. */
export function isThere(place: Place): boolean {
  return place.missing.length === 0 && place.exists;
}

/** A selector on a list that nothing matches, while deleting: nothing to do rather than a mistake. */
export class NothingSelected extends PathMismatch {}

function keyIn(node: Json, key: string, before: readonly PathStep[]): string {
  if (isObject(node)) return key;
  const place = placeName(before);
  if (Array.isArray(node)) {
    throw new PathMismatch(
      `${place} is a list, and "${key}" selects no entry of it: ${describeNode(node)}`,
      `Select an entry, for example [name:…] or [0], before .${key}.`,
    );
  }
  throw new PathMismatch(`${place} has no fields: ${describeNode(node)}`, 'Shorten the path, or check its spelling.');
}

function indexIn(node: Json, step: Exclude<PathStep, { kind: 'key' }>, before: readonly PathStep[]): string {
  const selector = formatTreePath([step]);
  if (!Array.isArray(node)) {
    throw new PathMismatch(
      `${placeName(before)} is not a list, so ${selector} selects nothing: ${describeNode(node)}`,
      'Leave the selector out, or check the spelling of the path.',
    );
  }
  if (step.kind === 'index') return step.index < 0 || step.index >= node.length ? '-' : String(step.index);
  const position =
    step.kind === 'entry'
      ? node.findIndex((entry) => isEntry(entry, step.key, step.value))
      : textIn(node, step.pattern, before);
  if (position >= 0) return String(position);
  const wanted = step.kind === 'entry' ? step.value : step.pattern;
  throw new NothingSelected(
    `${selector} selects nothing in ${placeName(before)}: ${describeNode(node)}`,
    suggestion(wanted, step.kind === 'entry' ? fieldTexts(node, step.key) : node.map(String)),
  );
}

function textIn(list: readonly Json[], pattern: string, before: readonly PathStep[]): number {
  if (list.some((entry) => typeof entry === 'object')) {
    throw new PathMismatch(
      `${placeName(before)} is a list of maps, and the pattern "${pattern}" selects texts only: ${describeNode(list)}`,
      'Select an entry by a field, for example [name:…].',
    );
  }
  try {
    return findMatch(pattern, list.map(String));
  } catch (error) {
    if (!(error instanceof PatternProblem)) throw error;
    throw new PathMismatch(`[:${pattern}] cannot be used: ${error.message}`, 'Use a plain text, or [N].');
  }
}

function wrapped(step: PathStep, inner: Json): Json {
  if (step.kind === 'key') return { [step.key]: inner };
  if (step.kind === 'index') return [inner];
  throw new PathMismatch(
    `${formatTreePath([step])} selects nothing: there is no such list yet`,
    'Append with [-1], or write the whole list as the value.',
  );
}

function childOf(node: Json, token: string): Json | undefined {
  if (Array.isArray(node)) return token === '-' ? undefined : node[Number(token)];
  return isObject(node) && Object.hasOwn(node, token) ? node[token] : undefined;
}

function fieldTexts(list: readonly Json[], key: string): string[] {
  return list.flatMap((entry) => (isObject(entry) && Object.hasOwn(entry, key) ? [String(entry[key])] : []));
}

function placeName(steps: readonly PathStep[]): string {
  return steps.length === 0 ? 'the object' : formatTreePath(steps);
}

/** RFC 6901. */
function escaped(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}
