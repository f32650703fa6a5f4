import { addAbortListener } from 'node:events';

interface Waiter {
  readonly high: boolean;
  readonly grant: () => void;
}

/**
 * Bounds the requests that are under way at once. High-priority requests go before all others that wait, and `reserved`
 * slots are theirs alone: a Lease can be renewed while every other slot hangs on a slow webhook.
 */
export class ConnectionSlots {
  readonly #limit: number;
  readonly #reserved: number;
  readonly #waiting: Waiter[] = [];
  #taken = 0;

  constructor(limit: number, reserved: number) {
    this.#limit = limit;
    this.#reserved = Math.min(reserved, limit - 1);
  }

  /** Waits for a slot; disposing it frees it. Rejects with the signal's reason when that is aborted first. */
  async acquire(priority: 'high' | undefined, signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    const high = priority === 'high';
    if (this.#hasRoom(high)) this.#taken++;
    else await this.#wait(high, signal);
    return this.#slot();
  }

  #hasRoom(high: boolean): boolean {
    return this.#taken < (high ? this.#limit : this.#limit - this.#reserved);
  }

  async #wait(high: boolean, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { high, grant: resolve };
    const firstNormal = high ? this.#waiting.findIndex((other) => !other.high) : -1;
    this.#waiting.splice(firstNormal < 0 ? this.#waiting.length : firstNormal, 0, waiter);
    using _listener = addAbortListener(signal, () => {
      const index = this.#waiting.indexOf(waiter);
      if (index < 0) return; // granted already: the caller gets the slot and notices the abort by itself
      this.#waiting.splice(index, 1);
      reject(signal.reason);
    });
    await promise;
  }

  #slot(): Disposable {
    let isFree = false;
    return {
      [Symbol.dispose]: () => {
        if (isFree) return;
        isFree = true;
        this.#taken--;
        this.#grantNext();
      },
    };
  }

  #grantNext(): void {
    const [next] = this.#waiting;
    if (next === undefined || !this.#hasRoom(next.high)) return;
    this.#waiting.shift();
    this.#taken++;
    next.grant();
  }
}
