import { ANNOTATIONS, type PlannedField, type PlannedObjectStatus, type PlanStatus } from '../../api/index.ts';
import { type FieldChange, lineDiff, type PlanRow } from '../../apply/index.ts';
import { formatId, type Json, type Notice } from '../../core/index.ts';
import { formatIssue } from './format-issue.ts';

/** What a status can hold of a plan. The whole of it is what `iop plan` shows. */
const MAX_OBJECTS = 50;
const MAX_FIELDS = 100;
const MAX_VALUE_LENGTH = 160;
const MAX_DIFF_LINES = 20;

/** Objects and fields that the condition names. */
const MAX_NAMED = 10;

/** A plan as the status shows it: counts of all, and the first objects and fields. Pure. */
export function planStatusOf(rows: readonly PlanRow[], notices: readonly Notice[]): PlanStatus {
  const counts = { create: 0, change: 0, delete: 0, blocked: 0, unchanged: 0 };
  for (const { action } of rows) counts[action]++;
  const affected = rows.filter(({ action }) => action !== 'unchanged');
  const objects: PlannedObjectStatus[] = [];
  let fieldsLeft = MAX_FIELDS;
  for (const row of affected.slice(0, MAX_OBJECTS)) {
    objects.push(objectOf(row, row.changes.slice(0, fieldsLeft)));
    fieldsLeft -= Math.min(fieldsLeft, row.changes.length);
  }
  const more = affected.length - objects.length;
  return {
    ...counts,
    ...(objects.length === 0 ? {} : { objects }),
    ...(more === 0 ? {} : { moreObjects: more }),
    ...(notices.length === 0 ? {} : { warnings: notices.slice(0, MAX_OBJECTS).map(formatIssue) }),
  };
}

function objectOf({ id, component, action, changes, note }: PlanRow, shown: readonly FieldChange[]) {
  const { group, kind, namespace, name } = id;
  return {
    action,
    component,
    ...(group === '' ? {} : { group }),
    kind,
    ...(namespace === '' ? {} : { namespace }),
    name,
    ...(note === undefined ? {} : { note }),
    ...(shown.length === 0 ? {} : { fields: shown.map(fieldOf) }),
    ...(changes.length === shown.length ? {} : { moreFields: changes.length - shown.length }),
  };
}

function fieldOf({ path, before, after }: FieldChange): PlannedField {
  if (isLongText(before) && isLongText(after)) return { path, diff: diffOf(before, after) };
  return {
    path,
    ...(before === undefined ? {} : { before: shortText(before) }),
    ...(after === undefined ? {} : { after: shortText(after) }),
  };
}

function isLongText(value: Json | undefined): value is string {
  return typeof value === 'string' && value.includes('\n');
}

function diffOf(before: string, after: string): string {
  const lines = lineDiff(before, after);
  const shown = lines.slice(0, MAX_DIFF_LINES).map((line) => cut(line));
  if (lines.length > shown.length) shown.push(`… and ${lines.length - shown.length} more lines`);
  return shown.join('\n');
}

function shortText(value: Json): string {
  return cut(typeof value === 'string' ? value : JSON.stringify(value));
}

function cut(text: string): string {
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH - 1)}…` : text;
}

/** What a plan comes to, in a word. */
export function planReason({ create, change, delete: gone, blocked }: PlanStatus): string {
  if (blocked > 0) return 'ChangesBlocked';
  return create + change + gone > 0 ? 'ChangesPlanned' : 'NothingToDo';
}

/** A plan for who reads the conditions: the sum, the first changes, and how to go ahead. */
export function planText(plan: PlanStatus): string {
  const { objects = [], moreObjects = 0 } = plan;
  const goAhead = `To let the operator work, remove the annotation ${ANNOTATIONS.dryRun}.`;
  if (objects.length === 0) return `Nothing would change: ${count(plan.unchanged)} as they should be. ${goAhead}`;
  const named = objects.slice(0, MAX_NAMED).map(objectText);
  const left = objects.length - named.length + moreObjects;
  return `${sum(plan)}: ${named.join('; ')}${left > 0 ? `; and ${count(left)} more` : ''}. ${goAhead}`;
}

function sum({ create, change, delete: gone, blocked, unchanged }: PlanStatus): string {
  const parts = [`${create} to create`, `${change} to change`, `${gone} to delete`];
  return [...parts, ...(blocked > 0 ? [`${blocked} blocked`] : []), `${unchanged} unchanged`].join(', ');
}

function objectText(object: PlannedObjectStatus): string {
  const { action, kind, namespace = '', name, note, fields = [], moreFields = 0 } = object;
  const head = `${action} ${formatId({ group: '', kind, namespace, name })}`;
  if (note !== undefined) return `${head} (${note})`;
  const named = fields.slice(0, MAX_NAMED).map(fieldText);
  const left = fields.length - named.length + moreFields;
  if (named.length + left === 0) return head;
  return `${head} (${[...named, ...(left > 0 ? [`${left} more fields`] : [])].join(', ')})`;
}

function fieldText({ path, before, after, diff }: PlannedField): string {
  if (diff !== undefined) return path;
  if (before === undefined) return `${path} set to ${after ?? ''}`;
  return after === undefined ? `${path} removed` : `${path} from ${before} to ${after}`;
}

function count(objects: number): string {
  return `${objects} ${objects === 1 ? 'object' : 'objects'}`;
}
