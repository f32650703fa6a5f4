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

/** The longest that Node can wait, not quite 25 days; a timer for longer than that would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The real time of this process. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    let timer: ReturnType<typeof setTimeout>;
    const arm = (leftMs: number) => {
      const stepMs = Math.min(leftMs, LONGEST_TIMER_MS);
      timer = setTimeout(() => (stepMs < leftMs ? arm(leftMs - stepMs) : callback()), stepMs);
    };
    arm(delayMs);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
  random: () => Math.random(),
};
