import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/core/index.ts';

/** A clock that stands still until the test moves it. */
export interface FakeClock extends Clock {
  /** Moves the time on, calls the timers that become due one after the other, and lets promises settle after each. */
  advance(ms: number): Promise<void>;
  /** Lets everything run that does not wait for time. */
  settle(): Promise<void>;
  /** How many timers wait. */
  readonly pending: number;
  /** Milliseconds until the next timer is due; undefined when none waits. */
  readonly nextInMs: number | undefined;
}

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** @param options - `start`: the wall-clock time of the beginning; `random`: what `random()` gives, 0.5 by default. */
export function fakeClock(options: { readonly start?: string; readonly random?: () => number } = {}): FakeClock {
  const startMs = Date.parse(options.start ?? '2026-01-01T00:00:00Z');
  const timers = new Set<Timer>();
  let nowMs = 0;

  /** The timer that is due first; of those due together, the one that was set first. */
  function next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of timers) if (first === undefined || timer.dueMs < first.dueMs) first = timer;
    return first;
  }

  /** A chain of promises needs several turns of the event loop when there are streams and sockets in it. */
  async function settle(): Promise<void> {
    for (let turn = 0; turn < 10; turn++) await setImmediate();
  }

  return {
    now: () => new Date(startMs + nowMs),
    monotonicMs: () => nowMs,
    random: options.random ?? (() => 0.5),
    after(delayMs, callback) {
      const timer = { dueMs: nowMs + Math.max(0, delayMs), callback };
      timers.add(timer);
      return { [Symbol.dispose]: () => void timers.delete(timer) };
    },
    settle,
    async advance(ms) {
      const untilMs = nowMs + ms;
      await settle();
      for (let timer = next(); timer !== undefined && timer.dueMs <= untilMs; timer = next()) {
        timers.delete(timer);
        nowMs = Math.max(nowMs, timer.dueMs);
        timer.callback();
        await settle();
      }
      nowMs = untilMs;
    },
    get pending() {
      return timers.size;
    },
    get nextInMs() {
      const first = next();
      return first === undefined ? undefined : first.dueMs - nowMs;
    },
  };
}
