import type { PlannedAction, PlanRow } from '../../apply/index.ts';
import { formatId } from '../../core/index.ts';

import { formatChanges } from './format-diff.ts';
import type { Paint } from './paint.ts';

const MARKS = {
  create: ['+', 'green'],
  change: ['~', 'yellow'],
  delete: ['-', 'red'],
  blocked: ['!', 'red'],
} as const;

/** How many objects each action has. */
export function countActions(rows: readonly PlanRow[]): Readonly<Record<PlannedAction, number>> {
  const counts = { create: 0, change: 0, delete: 0, unchanged: 0, blocked: 0 };
  for (const { action } of rows) counts[action]++;
  return counts;
}

/** True when applying would change something, or could not. */
export function hasChanges(rows: readonly PlanRow[]): boolean {
  return rows.some(({ action }) => action !== 'unchanged');
}

/** A plan for people: what would change, object by object and field by field, then the sum. */
export function formatPlan(rows: readonly PlanRow[], paint: Paint): string {
  return `${rows.map((row) => formatRow(row, paint)).join('')}${formatSum(rows, paint)}`;
}

function formatRow({ id, action, changes, note }: PlanRow, paint: Paint): string {
  if (action === 'unchanged') return '';
  const [mark, colour] = MARKS[action];
  const head = `${paint(colour, mark)} ${paint('bold', formatId(id))}`;
  return `${head}${note === undefined ? '' : `\n    ${note}`}\n${formatChanges(changes, paint)}`;
}

function formatSum(rows: readonly PlanRow[], paint: Paint): string {
  const counts = countActions(rows);
  if (!hasChanges(rows)) return `Nothing would change: ${counts.unchanged} objects are as they should be.\n`;
  const parts = [
    `${counts.create} to create`,
    `${counts.change} to change`,
    `${counts.delete} to delete`,
    ...(counts.blocked > 0 ? [`${counts.blocked} blocked`] : []),
    `${counts.unchanged} unchanged`,
  ];
  return `${paint('bold', 'Plan:')} ${parts.join(', ')}.\n`;
}

/** A plan for programs. */
export function planJson(rows: readonly PlanRow[]): string {
  const objects = rows.filter(({ action }) => action !== 'unchanged').map(({ live: _live, ...row }) => row);
  return `${JSON.stringify({ counts: countActions(rows), objects }, null, 2)}\n`;
}
