import { OperatorError } from '../../core/index.ts';
import { formatFieldPath, type Step } from '../field-path.ts';
import { describeValue } from './describe-value.ts';

const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const MAX_DEPTH = 100;
/** More values than fit into etcd; YAML aliases can make any number of them out of a few lines. */
const MAX_VALUES = 500_000;

/**
 * Makes sure that a document is plain JSON of a sane size before anything else looks at it: no key that reaches a
 * prototype, no cycle, nothing that YAML made into a date.
 * @throws {OperatorError} `InvalidValue`, `DocumentTooLarge`
 */
export function checkPlainJson(value: unknown, path: readonly Step[]): void {
  visit(value, [...path], { values: 0 });
}

function visit(value: unknown, path: Step[], seen: { values: number }): void {
  seen.values += 1;
  if (seen.values > MAX_VALUES) throw tooLarge();
  if (typeof value !== 'object' || value === null) {
    checkScalar(value, path);
    return;
  }
  if (path.length >= MAX_DEPTH) throw tooDeep(path);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) step(item, index, path, seen);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw notJson(value, path);
  for (const [key, field] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) throw forbidden(key, path);
    step(field, key, path, seen);
  }
}

function step(value: unknown, key: Step, path: Step[], seen: { values: number }): void {
  path.push(key);
  visit(value, path, seen);
  path.pop();
}

function checkScalar(value: unknown, path: readonly Step[]): void {
  if (value === null || value === undefined || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  throw notJson(value, path);
}

function notJson(value: unknown, path: readonly Step[]): OperatorError {
  return new OperatorError(`Expected a JSON value, got ${describeValue(value)}.`, {
    code: 'InvalidValue',
    path: formatFieldPath(path),
    hint: 'Put it in quotes.',
  });
}

function forbidden(key: string, path: readonly Step[]): OperatorError {
  return new OperatorError(`The key "${key}" is not allowed.`, {
    code: 'InvalidValue',
    path: formatFieldPath([...path, key]),
    hint: 'Remove it.',
  });
}

function tooDeep(path: readonly Step[]): OperatorError {
  return new OperatorError(`The document is nested more than ${MAX_DEPTH} levels deep.`, {
    code: 'InvalidValue',
    path: `${formatFieldPath(path.slice(0, 8))}…`,
    hint: 'Look for an anchor or an object that contains itself.',
  });
}

function tooLarge(): OperatorError {
  return new OperatorError(`The document has more than ${MAX_VALUES} values.`, {
    code: 'DocumentTooLarge',
    hint: 'Look for anchors that are repeated within each other.',
  });
}
