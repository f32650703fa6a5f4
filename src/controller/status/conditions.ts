import type { Condition } from '../../api/index.ts';
import { inUseState } from '../passes/revision-use.ts';
import { formatIssues } from './format-issue.ts';
import type { StatusInput, Summary } from './status.ts';

/** All conditions: those of kstatus, and one for each thing that has a name of its own. */
export function conditionsFor(input: StatusInput, summary: Summary): readonly Condition[] {
  const { reason } = summary;
  const { report } = input;
  const message = summary.message ?? '';
  const states: [string, boolean][] = [
    ['Ready', summary.ready],
    ['Reconciling', summary.reconciling],
    ['Stalled', summary.stalled],
  ];
  const conditions = states.map(([type, on]) => condition(input, { type, on, reason, message }));
  const notices = report.kind === 'converging' ? report.notices : [];
  const text = formatIssues(notices);
  const extras = [
    ...(reason === 'ActionRequired' || reason === 'DeletionBlocked'
      ? [{ type: reason, on: true, reason, message }]
      : []),
    ...(notices.length > 0
      ? [{ type: 'Warnings', on: true, reason: notices[0]?.code ?? 'Warnings', message: text }]
      : []),
  ];
  const inUse = inUseCondition(input);
  return [...conditions, ...(inUse === undefined ? [] : [inUse]), ...extras.map((extra) => condition(input, extra))];
}

/** Whether somebody uses its control plane. Since when nobody does has to outlive a pass that did not look. */
export function inUseCondition(input: StatusInput): Condition | undefined {
  const { previous, report } = input;
  const before = previous.conditions?.find(({ type }) => type === 'InUse');
  const use = 'use' in report ? report.use : undefined;
  return use === undefined ? before : condition(input, { type: 'InUse', ...inUseState(use, before) });
}

/** The API server refuses condition messages above 32 KiB; what a person reads is shorter anyway. */
const MAX_MESSAGE_LENGTH = 4_096;

/** One condition; its time is that of the last change of its status. */
export function condition(
  input: StatusInput,
  is: { type: string; on: boolean; reason: string; message: string },
): Condition {
  const status = is.on ? 'True' : 'False';
  const before = input.previous.conditions?.find((known) => known.type === is.type);
  const since =
    before?.status === status ? before.lastTransitionTime : input.now.toISOString().replace(/\.\d{3}Z$/, 'Z');
  return {
    type: is.type,
    status,
    reason: is.reason,
    message: is.message.length > MAX_MESSAGE_LENGTH ? `${is.message.slice(0, MAX_MESSAGE_LENGTH - 1)}…` : is.message,
    observedGeneration: input.generation,
    lastTransitionTime: since,
  };
}
