import { takesTextOnly } from '../api/index.ts';
import {
  describeNode,
  formatTreePath,
  isEntry,
  isObject,
  type Json,
  type JsonObject,
  OperatorError,
  type PathStep,
  suggestion,
} from '../core/index.ts';
import { mergeSpec } from './merge-spec.ts';
import type { SetAssignment } from './set-assignment.ts';

/** Where an assignment has got to, for messages. */
interface Progress {
  readonly assignment: SetAssignment;
  readonly done: number;
}

/**
 * Adds one `--set` to what its author wrote. Selectors see the profile (`base`) too; because lists replace the
 * profile's list whole, the first step into a list copies that list to the author's part.
 * @throws {OperatorError} `InvalidSet`
 */
export function applySet(authored: JsonObject, base: JsonObject, assignment: SetAssignment): JsonObject {
  const visible = mergeSpec(base, authored);
  const assigned = assign(authored, visible, { assignment: asText(assignment), done: 0 });
  return isObject(assigned) ? assigned : authored;
}

/** The assignment with what was written as its value, where the field takes text only: on a command line nothing can be quoted. */
function asText(assignment: SetAssignment): SetAssignment {
  const { steps, text, value } = assignment;
  if (typeof value !== 'number' && typeof value !== 'boolean') return assignment;
  const path = steps.map((step) => (step.kind === 'key' ? step.key : formatTreePath([step])));
  return takesTextOnly(path) ? { ...assignment, value: text.slice(text.indexOf('=') + 1).trim() } : assignment;
}

function assign(authored: Json | undefined, visible: Json | undefined, progress: Progress): Json {
  const step = progress.assignment.steps[progress.done];
  if (step === undefined) return progress.assignment.value;
  const next = { ...progress, done: progress.done + 1 };
  if (step.kind === 'key') return assignField(authored, visible, step.key, progress);
  const list = visible ?? [];
  if (!Array.isArray(list)) {
    throw mismatch(progress, `${placeOf(progress)} is not a list: ${describeNode(visible)}`);
  }
  const position = findEntry(list, step, progress);
  const entry: Json | undefined = list[position];
  return list.toSpliced(position, 1, assign(entry, entry, next));
}

function assignField(
  authored: Json | undefined,
  visible: Json | undefined,
  key: string,
  progress: Progress,
): JsonObject {
  if (visible !== undefined && visible !== null && !isObject(visible)) {
    throw mismatch(progress, `${placeOf(progress)} is not a map: ${describeNode(visible)}`);
  }
  const old = isObject(authored) ? authored : {};
  const value = assign(own(authored, key), own(visible, key), { ...progress, done: progress.done + 1 });
  return { ...old, [key]: value };
}

function findEntry(list: readonly Json[], step: Exclude<PathStep, { kind: 'key' }>, progress: Progress): number {
  switch (step.kind) {
    case 'index':
      return step.index < 0 || step.index > list.length ? list.length : step.index;
    case 'text':
      throw mismatch(progress, 'a pattern cannot select here', 'Use [N] or [key:value].');
    case 'entry': {
      const position = list.findIndex((entry) => isEntry(entry, step.key, step.value));
      if (position >= 0) return position;
      const names = list.map((entry) => String(own(entry, step.key) ?? ''));
      throw mismatch(
        progress,
        `no entry of ${placeOf(progress)} has ${step.key} "${step.value}"; ${describeNode(list)}`,
        suggestion(step.value, names),
      );
    }
  }
}

function own(node: Json | undefined, key: string): Json | undefined {
  return isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined;
}

function placeOf({ assignment, done }: Progress): string {
  return formatTreePath(assignment.steps.slice(0, done));
}

function mismatch({ assignment }: Progress, problem: string, hint = ''): OperatorError {
  return new OperatorError(`--set ${assignment.text}: ${problem}.`, {
    code: 'InvalidSet',
    path: `--set ${assignment.text}`,
    ...(hint === '' ? {} : { hint }),
  });
}
