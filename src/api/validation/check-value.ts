import { isObject, type Json, type JsonObject } from '../../core/index.ts';
import { formatFieldPath, type Step } from '../field-path.ts';
import { quote } from '../quote.ts';
import type { ListNode, MapNode, Node, NumberNode, ObjectNode, TextNode } from '../schema/schema.ts';
import { quotedNumber } from '../schema/text-checks.ts';
import { adviceFor, choiceAdvice, describeExpected, describeValue } from './describe-value.ts';
import { type Findings, isFull } from './findings.ts';
import { checkUnknownField } from './unknown-field.ts';

/** Where the check stands and what it adds to. `path` grows and shrinks with the descent. */
export interface Check {
  readonly path: Step[];
  readonly findings: Findings;
  /** Whether a field that our Kubernetes types lack may be one of a newer Kubernetes; otherwise it is an error. */
  readonly newerKubernetes: boolean;
}

/** Holds a value against its schema and adds what is wrong, odd or to be converted to the findings. */
export function checkValue(node: Node, value: Json | undefined, check: Check): void {
  if (value === null || value === undefined || isFull(check.findings)) return;
  if (node.kind === 'object' && isObject(value)) checkObject(node, value, check);
  else if (node.kind === 'map' && isObject(value)) checkMap(node, value, check);
  else if (node.kind === 'list' && Array.isArray(value)) checkList(node, value, check);
  else if (node.kind === 'text' && typeof value === 'string') checkText(node, value, check);
  else if (node.kind === 'text' && typeof value === 'number') checkNumericText(node, value, check);
  else if (node.kind === 'number' && typeof value === 'number') checkNumber(node, value, check);
  else if (node.kind === 'number' && typeof value === 'string') checkQuotedNumber(node, value, check);
  else if (!isLeafOf(node.kind, value)) wrongType(node, value, check);
  else if (node.kind === 'quantity') checkQuantity(value, check);
}

function isLeafOf(kind: Node['kind'], value: Json): boolean {
  switch (kind) {
    case 'any':
      return true;
    case 'flag':
      return typeof value === 'boolean';
    case 'intOrText':
      return typeof value === 'string' || (typeof value === 'number' && Number.isInteger(value));
    case 'quantity':
      return typeof value === 'string' || typeof value === 'number';
    case 'scalar':
      return typeof value !== 'object';
    case 'free':
      return isObject(value);
    default:
      return false;
  }
}

function checkObject(node: ObjectNode, value: JsonObject, check: Check): void {
  const before = check.findings.issues.length;
  for (const key of Object.keys(value)) {
    if (value[key] === undefined || isFull(check.findings)) continue;
    const field = fieldOf(node, key);
    check.path.push(key);
    if (field === undefined) checkUnknownField(node, key, check);
    else checkValue(field, value[key], check);
    check.path.pop();
  }
  if (node.required === undefined && node.check === undefined) return;
  const named = byFieldName(node, value);
  for (const key of node.required ?? []) {
    if (named[key] === null || named[key] === undefined || named[key] === '') missing(key, check);
  }
  if (check.findings.issues.length === before) checkTogether(node, named, check);
}

function checkTogether(node: ObjectNode, value: JsonObject, check: Check): void {
  for (const { at = [], message, hint } of node.check?.(value) ?? []) {
    const path = formatFieldPath([...check.path, ...at]);
    check.findings.issues.push({ code: 'InvalidValue', path, message, hint });
  }
}

/** The schema of a field; the mesh configuration knows each of its names in snake_case too. */
export function fieldOf(node: ObjectNode, key: string): Node | undefined {
  const name = fieldName(node, key);
  return Object.hasOwn(node.fields, name) ? node.fields[name] : undefined;
}

function fieldName(node: ObjectNode, key: string): string {
  if (node.origin !== 'meshConfig' || Object.hasOwn(node.fields, key)) return key;
  return key.replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}

/** The object with the names that the schema has for its fields. */
function byFieldName(node: ObjectNode, value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [fieldName(node, key), field]));
}

function checkMap(node: MapNode, value: JsonObject, check: Check): void {
  for (const key of Object.keys(value)) {
    check.path.push(key);
    checkValue(node.values, value[key], check);
    check.path.pop();
  }
}

function checkList(node: ListNode, value: readonly Json[], check: Check): void {
  for (const [index, item] of value.entries()) {
    check.path.push(index);
    if (item === null) wrongType(node.items, item, check);
    else checkValue(node.items, item, check);
    check.path.pop();
  }
}

function checkText(node: TextNode, value: string, check: Check): void {
  const { oneOf } = node;
  if (oneOf !== undefined && value !== '' && !oneOf.includes(value)) {
    const message = `${quote(value)} is not one of the words that are known here.`;
    const hint = choiceAdvice(value, oneOf);
    if (node.openEnded === true && check.newerKubernetes) warnOfNewWord({ message, hint }, check);
    else invalid(message, hint, check);
    return;
  }
  const fault = node.check?.(value);
  if (fault !== undefined) invalid(`${quote(value)} ${fault.problem}.`, fault.hint, check);
}

const QUANTITY = /^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$/;

function checkQuantity(value: Json, check: Check): void {
  if (typeof value !== 'string' || QUANTITY.test(value)) return;
  invalid(`${quote(value)} is not a quantity.`, 'Use a number with or without a unit: 500m, 2, 1.5Gi.', check);
}

function checkNumericText(node: TextNode, value: number, check: Check): void {
  const isWhole = Number.isInteger(value);
  const fault = node.check?.(`${value}`);
  if (node.numbers === 'refuse' || (node.numbers === 'convertWhole' && !isWhole)) wrongType(node, value, check);
  else if (fault !== undefined) invalid(`${value} ${fault.problem}.`, fault.hint, check);
  else {
    if (!isWhole) warnOfLostZeros(value, check);
    if (node.numbers !== 'keep') check.findings.edits.push({ path: [...check.path], value: `${value}` });
  }
}

function warnOfNewWord(finding: { readonly message: string; readonly hint: string }, check: Check): void {
  check.findings.notices.push({ code: 'SchemaMismatch', path: formatFieldPath(check.path), ...finding });
}

function warnOfLostZeros(value: number, check: Check): void {
  check.findings.notices.push({
    code: 'RiskySetting',
    path: formatFieldPath(check.path),
    message: `YAML makes this the number ${value}, so a zero at its end would be lost.`,
    hint: 'Put it in quotes.',
  });
}

function checkNumber(node: NumberNode, value: number, check: Check): void {
  const { min, max } = node;
  if (node.whole && !Number.isInteger(value)) wrongType(node, value, check);
  else if (min !== undefined && value < min) invalid(`${value} is less than ${min}.`, `Use at least ${min}.`, check);
  else if (max !== undefined && value > max) invalid(`${value} is more than ${max}.`, `Use at most ${max}.`, check);
}

function checkQuotedNumber(node: NumberNode, text: string, check: Check): void {
  if (node.quoted === undefined || !quotedNumber(node.whole).test(text)) {
    wrongType(node, text, check);
    return;
  }
  checkNumber(node, Number(text), check);
  if (node.quoted === 'convert') check.findings.edits.push({ path: [...check.path], value: Number(text) });
}

function wrongType(node: Node, value: Json, check: Check): void {
  const last = check.path.at(-1);
  const advice = adviceFor(node, typeof last === 'string' ? last : '', value);
  invalid(`Expected ${describeExpected(node)}, got ${describeValue(value)}.`, advice, check);
}

function invalid(message: string, hint: string, check: Check): void {
  check.findings.issues.push({ code: 'InvalidValue', path: formatFieldPath(check.path), message, hint });
}

function missing(key: string, check: Check): void {
  const path = formatFieldPath([...check.path, key]);
  check.findings.issues.push({ code: 'InvalidValue', path, message: `"${key}" is missing.`, hint: `Set ${key}.` });
}
