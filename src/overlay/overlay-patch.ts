import jsonPatch, { type Operation } from 'fast-json-patch';
import {
  asJson,
  describeNode,
  formatId,
  idOf,
  isObject,
  type Json,
  type JsonObject,
  type KubernetesObject,
  OperatorError,
  type PathStep,
  parseTreePath,
} from '../core/index.ts';
import { typeAtPath, typeInfo } from './kubernetes-types.ts';
import { requiredFieldsAt } from './object-schema.ts';
import type { Findings } from './overlays.ts';
import {
  dotsAdvice,
  isThere,
  locate,
  NothingSelected,
  PathMismatch,
  type Place,
  writeOperation,
} from './patch-path.ts';
import { patchValue } from './patch-value.ts';

/** Where a patch stands and what collects its findings. */
export interface PatchScope {
  readonly path: string;
  readonly findings: Findings;
  readonly parseYaml: (text: string) => Json | undefined;
}

/**
 * Applies one patch to one object, in place: an object with thousands of patches is copied once, by the caller.
 * @param object - the caller's own copy.
 */
export function applyOverlayPatch(object: KubernetesObject, patch: JsonObject, scope: PatchScope): void {
  const text = typeof patch.path === 'string' ? patch.path : '';
  try {
    const steps = parseTreePath(text);
    if (steps.length === 0) {
      const message = 'The patch has no path, so it changes nothing.';
      scope.findings.notices.push({ code: 'IgnoredField', path: `${scope.path}.path`, message, hint: 'Remove it.' });
      return;
    }
    const operation = operationFor(object, steps, patch.value, scope);
    if (operation !== undefined) apply(object, operation, scope);
  } catch (error) {
    scope.findings.issues.push({ ...issueOf(error, object), path: `${scope.path}.path` });
  }
}

/** The change that a patch stands for; undefined when there is nothing to delete. */
function operationFor(
  object: KubernetesObject,
  steps: readonly PathStep[],
  given: Json | undefined,
  scope: PatchScope,
): Operation | undefined {
  const root = asJson(object);
  if (given === undefined || given === null) return deletion(object, steps, scope);
  const place = locate(root, steps);
  const value = patchValue(given, { kind: object.kind, steps, current: place.value, parseYaml: scope.parseYaml });
  return writeOperation(place, withRequiredFields(object, steps, { place, value }, scope));
}

function deletion(object: KubernetesObject, steps: readonly PathStep[], scope: PatchScope): Operation | undefined {
  const last = steps.at(-1);
  if (last?.kind === 'index' && last.index < 0) {
    throw new PathMismatch('[-1] appends, so there is nothing to delete', 'Name the entry: [N] or [key:value].');
  }
  const place = placeToDelete(object, steps);
  if (place !== undefined && isThere(place)) return { op: 'remove', path: place.pointer };
  scope.findings.notices.push({
    code: 'OverlayNothingDeleted',
    path: `${scope.path}.path`,
    message: `The patch deletes what ${formatId(idOf(object))} does not have${whatIsThere(object, steps)}.`,
    hint:
      (steps.length === 1 && last?.kind === 'key' && dotsAdvice(last.key)) ||
      'Remove the patch, or check the spelling of its path.',
  });
  return undefined;
}

function placeToDelete(object: KubernetesObject, steps: readonly PathStep[]): Place | undefined {
  try {
    return locate(asJson(object), steps);
  } catch (error) {
    if (error instanceof NothingSelected) return undefined;
    throw error;
  }
}

/** How far the path of a deletion gets, for its message. */
function whatIsThere(object: KubernetesObject, steps: readonly PathStep[]): string {
  const parent = placeToDelete(object, steps.slice(0, -1));
  return parent?.value === undefined ? '' : `; ${describeNode(parent.value)}`;
}

/**
 * A map replaces a map whole, unless the object would then lack what Kubernetes requires: the patch that sets
 * `hostNetwork` by writing `spec.template.spec` does not mean to drop the containers.
 */
function withRequiredFields(
  object: KubernetesObject,
  steps: readonly PathStep[],
  { place, value }: { readonly place: Place; readonly value: Json },
  scope: PatchScope,
): Json {
  const old = place.value;
  if (!isObject(old) || !isObject(value) || place.missing.length > 0) return value;
  const { required = [] } = typeInfo(typeAtPath(object.kind, steps));
  const needed = new Set([...requiredFieldsAt(object.kind, steps), ...required]);
  const lost = [...needed].filter((field) => Object.hasOwn(old, field) && !Object.hasOwn(value, field));
  if (lost.length === 0) return value;
  scope.findings.notices.push({
    code: 'OverlayMerged',
    path: `${scope.path}.value`,
    message: `The value was merged into what is there: replacing it would drop ${lost.join(' and ')}, which ${formatId(idOf(object))} needs.`,
    hint: 'Patch the single fields instead, each with a path of its own.',
  });
  return { ...old, ...value };
}

function apply(object: KubernetesObject, operation: Operation, scope: PatchScope): void {
  if (breaksIdentity(operation)) {
    throw new PathMismatch(
      `${formatId(idOf(object))} would no longer have apiVersion, kind and metadata.name`,
      'An object cannot be applied without them.',
    );
  }
  scope.findings.applied.push({ object: idOf(object), path: scope.path, operations: [operation] });
  // the library puts values into the document as they are, and later patches would change the author's
  jsonPatch.applyPatch(object, [structuredClone(operation)], false, true, true);
}

function breaksIdentity(operation: Operation): boolean {
  const value: unknown = 'value' in operation ? operation.value : undefined;
  switch (operation.path) {
    case '/apiVersion':
    case '/kind':
    case '/metadata/name':
      return typeof value !== 'string' || value === '';
    case '/metadata':
      return !isObject(value) || typeof value.name !== 'string' || value.name === '';
    default:
      return false;
  }
}

function issueOf(error: unknown, object: KubernetesObject) {
  if (error instanceof PathMismatch) {
    const hint = error.hint === '' ? {} : { hint: error.hint };
    return { code: 'OverlayMismatch', message: `In ${formatId(idOf(object))}: ${error.message}.`, ...hint } as const;
  }
  if (!(error instanceof OperatorError)) throw error;
  const { code, hint } = error.detail;
  return { code, message: error.message, ...(hint === undefined ? {} : { hint }) };
}
