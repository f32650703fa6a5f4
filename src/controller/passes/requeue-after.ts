import { ERROR_CODES, type ErrorCode, type Issue } from '../../core/index.ts';
import type { Requeue } from '../work-queue.ts';

/** The pace of what has the retry rule `after`. */
const STEADY_POLL_MS = 30_000;

/** The pace of what the API server refuses: it will most likely say the same again. */
const REFUSED_POLL_MS = 240_000;
const REFUSALS: ReadonlySet<ErrorCode> = new Set(['ObjectRejected', 'ImmutableField']);

/**
 * Failures that may pass by themselves come back with growing delays, others at a slow, steady pace: what cures them is a
 * change that the watches tell of, or one that they cannot see. Those that only a change of the CR cures do not come back.
 */
export function requeueAfter(issues: readonly Issue[]): Requeue {
  const rules = new Set(issues.map((issue) => ERROR_CODES[issue.code]));
  if (rules.has('backoff')) return { kind: 'backoff' };
  if (!rules.has('after')) return { kind: 'done' };
  const isRefused = issues.every(({ code }) => REFUSALS.has(code) || ERROR_CODES[code] === 'on-change');
  return { kind: 'after', delayMs: isRefused ? REFUSED_POLL_MS : STEADY_POLL_MS };
}

/** The same, but not later than any of these delays. What backs off comes soon enough by itself. */
export function earliest(requeue: Requeue, ...delaysMs: readonly (number | undefined)[]): Requeue {
  if (requeue.kind === 'backoff') return requeue;
  const own = requeue.kind === 'after' ? requeue.delayMs : undefined;
  const known = [own, ...delaysMs].filter((delay) => delay !== undefined);
  return known.length === 0 ? requeue : { kind: 'after', delayMs: Math.min(...known) };
}
