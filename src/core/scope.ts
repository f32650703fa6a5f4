import { addAbortListener } from 'node:events';
import type { Clock } from './clock.ts';

/** Structured logging as pino does it: fields first, then a constant message. */
export interface Logger {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
  debug(fields: object, message: string): void;
  child(fields: object): Logger;
}

/** What every asynchronous function takes last: when to stop, and where to log. */
export interface Scope {
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** A logger that drops everything, for the CLI's quiet commands and for tests. */
export const silentLogger: Logger = {
  error() {},
  warn() {},
  info() {},
  debug() {},
  child: () => silentLogger,
};

/** The same scope with more log fields. */
export function withFields(scope: Scope, fields: object): Scope {
  return { ...scope, log: scope.log.child(fields) };
}

/** True for the error that an aborted signal throws: not a failure, only the end. */
export function isAbort(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  return (
    error === signal.reason ||
    (typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError')
  );
}

/** Resolves after `delayMs`; rejects with the signal's reason when the scope is aborted first. */
export function pause(delayMs: number, clock: Clock, scope: Scope): Promise<void> {
  const { signal } = scope;
  if (signal.aborted) return Promise.reject(signal.reason);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = clock.after(delayMs, resolve);
  const listener = addAbortListener(signal, () => reject(signal.reason));
  return promise.finally(() => {
    timer[Symbol.dispose]();
    listener[Symbol.dispose]();
  });
}

/** The result of `work`, or the signal's reason as soon as it is aborted: for work that goes on without whoever waits for it. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  if (signal.aborted) reject(signal.reason);
  using _listener = addAbortListener(signal, () => reject(signal.reason));
  return await Promise.race([aborted, work]);
}

/**
 * Runs `work` with a signal of its own that is aborted after `timeoutMs` or with the scope.
 * @throws what `timedOut` makes, when the time is up.
 */
export async function withDeadline<T>(
  options: { readonly timeoutMs: number; readonly clock: Clock; readonly timedOut: () => Error },
  work: (scope: Scope) => Promise<T>,
  scope: Scope,
): Promise<T> {
  scope.signal.throwIfAborted();
  const attempt = new AbortController();
  using _listener = addAbortListener(scope.signal, () => attempt.abort(scope.signal.reason));
  using _timer = options.clock.after(options.timeoutMs, () => attempt.abort(options.timedOut()));
  try {
    return await work({ ...scope, signal: attempt.signal });
  } catch (error) {
    if (attempt.signal.aborted) throw attempt.signal.reason;
    throw error;
  }
}

/**
 * Waits for something, but not for ever; it goes on by itself.
 * @returns whether it was done in time. Rejects with what it rejects with in that time.
 */
export async function isDoneWithin(limitMs: number, work: Promise<unknown>, clock: Clock): Promise<boolean> {
  const timeUp = Promise.withResolvers<boolean>();
  using _timer = clock.after(limitMs, () => timeUp.resolve(false));
  return await Promise.race([work.then(() => true), timeUp.promise]);
}
