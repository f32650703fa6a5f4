import { type Clock, Latch, type Scope } from '../core/index.ts';

/** When a key is worked on again: not by itself, after a fixed time, or after a delay that grows with each failure. */
export type Requeue =
  | { readonly kind: 'done' }
  | { readonly kind: 'after'; readonly delayMs: number }
  | { readonly kind: 'backoff' };

/** Tuning of a queue. */
export interface WorkQueueOptions {
  /** Keys that are worked on at the same time. */
  readonly concurrency: number;
  /** First delay of a failing key; it doubles up to `maxBackoffMs`. Default 500. */
  readonly minBackoffMs?: number;
  /** Default 300,000. */
  readonly maxBackoffMs?: number;
}

/** What a queue needs. */
export interface WorkQueueDeps {
  readonly clock: Clock;
  /** Works on one key. A rejection counts as a failure: it is logged and the key comes back with backoff. */
  readonly work: (key: string, scope: Scope) => Promise<Requeue>;
  /** Told of the queue's depth and of each finished key, for metrics. */
  readonly onChange?: (event: QueueEvent) => void;
}

/** What happened in the queue. */
export type QueueEvent =
  | { readonly type: 'depth'; readonly depth: number }
  | { readonly type: 'finished'; readonly key: string; readonly durationMs: number; readonly failed: boolean };

/**
 * A queue of keys: one key is worked on by one worker at a time, a key added while it is worked on comes again
 * afterwards, and a key that is waiting is not added twice.
 */
export class WorkQueue {
  readonly #options: Required<WorkQueueOptions>;
  readonly #deps: WorkQueueDeps;
  readonly #waiting = new Set<string>();
  readonly #running = new Map<string, { dirty: boolean }>();
  readonly #timers = new Map<string, Disposable>();
  readonly #failures = new Map<string, number>();
  readonly #latch: Latch;

  constructor(options: WorkQueueOptions, deps: WorkQueueDeps) {
    this.#options = { minBackoffMs: 500, maxBackoffMs: 300_000, ...options };
    this.#deps = deps;
    this.#latch = new Latch(deps.clock);
  }

  /** Puts a key in line now; a delay it was waiting out is over. */
  add(key: string): void {
    this.#cancelTimer(key);
    const running = this.#running.get(key);
    if (running !== undefined) running.dirty = true;
    else {
      this.#waiting.add(key);
      this.#reportDepth();
    }
    this.#latch.wake();
  }

  /** Forgets how often a key has failed, because something that matters to it has changed. */
  reset(key: string): void {
    this.#failures.delete(key);
  }

  /** Works until the scope is aborted; resolves when the last worker has stopped. */
  async run(scope: Scope): Promise<void> {
    const workers = new Set<Promise<void>>();
    try {
      while (!scope.signal.aborted) {
        for (const key of this.#takeUpTo(this.#options.concurrency - workers.size)) {
          const worker: Promise<void> = this.#process(key, scope).finally(() => {
            workers.delete(worker);
            this.#latch.wake();
          });
          workers.add(worker);
        }
        await this.#latch.wait(undefined, scope);
      }
    } finally {
      for (const key of this.#timers.keys()) this.#cancelTimer(key);
      await Promise.allSettled(workers);
    }
  }

  #takeUpTo(count: number): string[] {
    const keys = [...this.#waiting].slice(0, Math.max(0, count));
    for (const key of keys) {
      this.#waiting.delete(key);
      this.#running.set(key, { dirty: false });
    }
    if (keys.length > 0) this.#reportDepth();
    return keys;
  }

  async #process(key: string, scope: Scope): Promise<void> {
    const startedMs = this.#deps.clock.monotonicMs();
    let requeue: Requeue = { kind: 'backoff' };
    try {
      requeue = await this.#deps.work(key, scope);
    } catch (err) {
      if (!scope.signal.aborted) scope.log.error({ key, err }, 'reconcile failed unexpectedly');
    }
    const durationMs = this.#deps.clock.monotonicMs() - startedMs;
    this.#deps.onChange?.({ type: 'finished', key, durationMs, failed: requeue.kind === 'backoff' });
    this.#finish(key, requeue, scope);
  }

  #finish(key: string, requeue: Requeue, scope: Scope): void {
    const dirty = this.#running.get(key)?.dirty ?? false;
    this.#running.delete(key);
    if (requeue.kind !== 'backoff') this.#failures.delete(key);
    if (scope.signal.aborted) return;
    if (dirty) this.add(key);
    else if (requeue.kind !== 'done')
      this.#addLater(key, requeue.kind === 'after' ? requeue.delayMs : this.#backoffMs(key));
  }

  #addLater(key: string, delayMs: number): void {
    this.#cancelTimer(key);
    this.#timers.set(
      key,
      this.#deps.clock.after(delayMs, () => this.add(key)),
    );
  }

  /** Doubles with each failure; up to a fifth is taken off at random so that keys that failed together spread out. */
  #backoffMs(key: string): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const { minBackoffMs, maxBackoffMs } = this.#options;
    const delayMs = Math.min(maxBackoffMs, minBackoffMs * 2 ** Math.min(failures, 20));
    return delayMs * (1 - this.#deps.clock.random() / 5);
  }

  #cancelTimer(key: string): void {
    this.#timers.get(key)?.[Symbol.dispose]();
    this.#timers.delete(key);
  }

  #reportDepth(): void {
    this.#deps.onChange?.({ type: 'depth', depth: this.#waiting.size });
  }
}
