import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../core/index.ts';

/** How often and how fast something is tried again. Times are milliseconds. */
export interface Backoff {
  readonly firstMs: number;
  readonly limitMs: number;
}

/** The delay before attempt `failures + 1`: doubled each time, and spread so that clients do not come back together. */
export function backoffMs(failures: number, backoff: Backoff, clock: Clock): number {
  const exponent = Math.min(Math.max(failures - 1, 0), 30);
  const full = Math.min(backoff.firstMs * 2 ** exponent, backoff.limitMs);
  return full * (0.5 + clock.random() / 2);
}

/** The seconds of a Retry-After header. API servers send seconds, never dates; anything else is ignored. */
export function retryAfterSeconds(headers: IncomingHttpHeaders): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined || !/^\d{1,6}$/.test(value)) return undefined;
  return Number(value);
}

/** Answers that say "not now" rather than "no". A 500 counts only when the server itself asks to come back. */
export function isRetryable(status: number, headers: IncomingHttpHeaders, isRepeatable: boolean): boolean {
  if (status === 429) return true; // refused before anything was done
  if (status < 500) return false;
  if (retryAfterSeconds(headers) !== undefined) return true;
  return isRepeatable && (status === 502 || status === 503 || status === 504);
}
