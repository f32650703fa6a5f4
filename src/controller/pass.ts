import type { LiveObject, Outcome } from '../apply/index.ts';
import type { Scope } from '../core/index.ts';
import type { Report } from './status.ts';
import type { StuckRollout } from './stuck-rollouts.ts';
import { type Trigger, triggerText } from './triggers.ts';

/** What a pass did, for events and metrics. */
export interface PassSummary {
  readonly key: string;
  /** The CR as the pass found it, and as it left it. */
  readonly before: LiveObject;
  readonly after: LiveObject;
  readonly report: Report;
  readonly outcome?: Outcome;
  readonly triggers: readonly Trigger[];
  readonly stuck: readonly StuckRollout[];
}

/** A pass that is under way. */
export interface RunningPass {
  readonly resource: LiveObject;
  readonly controller: AbortController;
  readonly triggers: readonly Trigger[];
  /** Writes of status so far. */
  statusWrites: number;
  summary?: PassSummary;
}

/** One line a pass: what led to it and what it did. A pass that did nothing is of interest only to who looks for it. */
export function logPass({ triggers, statusWrites, summary }: RunningPass, durationMs: number, scope: Scope): void {
  const applied = summary?.outcome?.applied.length ?? 0;
  const deleted = summary?.outcome?.deleted.length ?? 0;
  const isQuiet = applied + deleted + statusWrites === 0;
  const fields = {
    trigger: triggers.length === 0 ? ['timer'] : triggers.map(triggerText),
    result: summary?.report.kind ?? 'interrupted',
    writes: { applied, deleted, status: statusWrites },
    durationMs: Math.round(durationMs),
  };
  if (isQuiet) scope.log.debug(fields, 'reconciled');
  else scope.log.info(fields, 'reconciled');
}
