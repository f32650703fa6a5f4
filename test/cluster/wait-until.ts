import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterError } from './cluster-error.ts';

const POLL_MS = 40;

/**
 * Asks again and again until the answer is yes.
 * @param what - what is waited for, as the subject of "… within 60 s".
 * @throws {ClusterError} after `timeoutMs`; or the reason of the signal.
 */
export async function waitUntil(
  what: string,
  isDone: () => Promise<boolean>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    if (await isDone()) return;
    if (performance.now() > deadline) throw new ClusterError(`${what} within ${Math.round(timeoutMs / 1_000)} s.`);
    await pause(POLL_MS, signal);
  }
}

/** Waits for a while; an abort ends it with the reason of the signal, not with an error of the timer. */
export async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  await sleep(durationMs, undefined, { signal }).catch(() => signal.throwIfAborted());
}
