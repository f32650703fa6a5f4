/** Time, passed in so that tests decide what time it is. All durations are milliseconds. */
export interface Clock {
  /** Wall-clock time, for timestamps that people read. */
  now(): Date;
  /** Monotonic milliseconds from an arbitrary start, for durations and deadlines. */
  monotonicMs(): number;
  /** Calls `callback` once after `delayMs`; disposing the handle cancels it. */
  after(delayMs: number, callback: () => void): Disposable;
  /** A number in [0, 1), for jitter. */
  random(): number;
}

/** The real time of this process. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
  random: () => Math.random(),
};
