import { addAbortListener } from 'node:events';
import type { Clock } from './clock.ts';
import type { Scope } from './scope.ts';

/** Where one loop waits for something to do. A wake-up that comes while it is busy is not lost: it ends the next wait. */
export class Latch {
  readonly #clock: Clock;
  #isOpen = false;
  #release = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends the wait that is under way, or else the next one. */
  wake(): void {
    this.#isOpen = true;
    this.#release();
  }

  /**
   * Resolves when woken, and when the scope is aborted.
   * @param delayMs - how long to wait at most; undefined means without a limit.
   */
  async wait(delayMs: number | undefined, scope: Scope): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#release = resolve;
    using _listener = addAbortListener(scope.signal, () => resolve());
    using _timer = delayMs === undefined ? undefined : this.#clock.after(delayMs, resolve);
    if (!this.#isOpen) await promise;
    this.#isOpen = false;
  }
}
