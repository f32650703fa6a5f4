import { addAbortListener } from 'node:events';
import type { LiveObject, WatchHandler } from '../apply/index.ts';
import { type Clock, type ErrorCode, OperatorError, pause, type Scope } from '../core/index.ts';
import type { Listing } from './list.ts';
import { backoffMs } from './retry.ts';
import type { StreamOptions, WatchEvent } from './watch-stream.ts';

/** Where a watch gets its objects from. Both reject with `KindNotServed` while the server does not have the kind. */
export interface WatchSource {
  list(scope: Scope): Promise<Listing>;
  stream(options: StreamOptions, scope: Scope): AsyncIterable<WatchEvent>;
  /** Resolves when the kind is known to be served after all, or when the signal is aborted. */
  appearance(signal: AbortSignal): Promise<void>;
}

/** The rhythm of a watch. Times are milliseconds. */
export interface WatchTimes {
  /** The server ends a watch request after this time to twice this time. */
  readonly serverTimeoutMs: number;
  /** API servers send a bookmark every 60 to 75 s, so this must be more. */
  readonly inactivityMs: number;
  /** A list after this time heals whatever a watch may have missed. */
  readonly relistMs: number;
}

/** What suits a real API server. */
export const WATCH_TIMES: WatchTimes = { serverTimeoutMs: 300_000, inactivityMs: 90_000, relistMs: 1_800_000 };

const FAILURE_BACKOFF = { firstMs: 400, limitMs: 30_000 };
const MISSING_KIND_BACKOFF = { firstMs: 100, limitMs: 10_000 };

/** After these the position is worthless. After others (a dropped connection, 403, 429) it is as good as it was. */
const NEEDS_LIST: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['Gone', 'ApiError', 'ObjectRejected']);

/** A watch that the server ends sooner than this, without an event, was not a success. */
const SHORT_STREAM_MS = 5_000;

/**
 * Lists and watches one kind until the scope is aborted. It has one position in the history of the collection and does
 * one thing at a time: list when there is no position, else follow the stream from there. So watches never pile up.
 */
export class WatchLoop {
  readonly #source: WatchSource;
  readonly #handler: WatchHandler;
  readonly #clock: Clock;
  readonly #times: WatchTimes;
  /** uid → resourceVersion of what the handler has seen; a reconnect may repeat it. */
  #seen = new Map<string, string>();
  #position: string | undefined;
  #listedAtMs = 0;
  #failures = 0;
  #isMissing = false;

  constructor(source: WatchSource, handler: WatchHandler, clock: Clock, times: WatchTimes) {
    this.#source = source;
    this.#handler = handler;
    this.#clock = clock;
    this.#times = times;
  }

  /** Resolves when the scope is aborted; never rejects for what the cluster does. */
  async run(scope: Scope): Promise<void> {
    while (!scope.signal.aborted) {
      try {
        if (this.#position === undefined || this.#isListOld()) await this.#list(scope);
        else await this.#follow(this.#position, scope);
      } catch (error) {
        if (scope.signal.aborted) return;
        await this.#recover(error, scope);
      }
    }
  }

  async #list(scope: Scope): Promise<void> {
    const { items, resourceVersion } = await this.#source.list(scope);
    scope.signal.throwIfAborted();
    this.#sync(items, resourceVersion);
    this.#position = resourceVersion;
    this.#listedAtMs = this.#clock.monotonicMs();
    if (this.#isMissing) this.#failures = 0;
    this.#isMissing = false;
  }

  #isListOld(): boolean {
    return this.#clock.monotonicMs() - this.#listedAtMs >= this.#times.relistMs;
  }

  #sync(items: readonly LiveObject[], resourceVersion: string | undefined): void {
    this.#seen = new Map(items.map(({ metadata }) => [metadata.uid, metadata.resourceVersion]));
    this.#handler.onSync(items, resourceVersion);
  }

  async #follow(resourceVersion: string, scope: Scope): Promise<void> {
    const startedMs = this.#clock.monotonicMs();
    const { inactivityMs, serverTimeoutMs } = this.#times;
    const options = {
      resourceVersion,
      inactivityMs,
      serverTimeoutMs: serverTimeoutMs * (1 + this.#clock.random()),
    };
    let isAlive = false;
    try {
      for await (const event of this.#source.stream(options, scope)) {
        scope.signal.throwIfAborted();
        isAlive = true;
        this.#take(event);
      }
    } finally {
      isAlive ||= this.#clock.monotonicMs() - startedMs >= SHORT_STREAM_MS;
      if (isAlive) this.#failures = 0;
    }
    if (!isAlive) throw new OperatorError('The API server ended a watch at once.', { code: 'ApiUnavailable' });
  }

  #take(event: WatchEvent): void {
    if (event.type === 'BOOKMARK') {
      this.#position = event.resourceVersion;
      return;
    }
    const { uid, resourceVersion } = event.object.metadata;
    this.#position = resourceVersion;
    if (event.type === 'DELETED') {
      this.#seen.delete(uid);
    } else {
      if (this.#seen.get(uid) === resourceVersion) return;
      this.#seen.set(uid, resourceVersion);
    }
    this.#handler.onEvent(event.type, event.object);
  }

  /** Decides where to go on after a failure, and waits before it does. */
  async #recover(error: unknown, scope: Scope): Promise<void> {
    const { detail } = error instanceof OperatorError ? error : { detail: undefined };
    this.#failures++;
    if (detail?.code === 'KindNotServed') {
      this.#becomeMissing();
      return await this.#waitForKind(backoffMs(this.#failures, MISSING_KIND_BACKOFF, this.#clock), scope);
    }
    if (detail === undefined || NEEDS_LIST.has(detail.code)) this.#position = undefined;
    if (detail === undefined) scope.log.error({ err: error }, 'watch failed in an unexpected way and starts again');
    this.#handler.onError?.(error instanceof Error ? error : new Error(String(error)));
    const askedMs = (detail?.retryAfterSeconds ?? 0) * 1_000;
    await this.#wait(Math.max(askedMs, backoffMs(this.#failures, FAILURE_BACKOFF, this.#clock)), scope);
  }

  /** A kind that is not served has no objects: the handler learns that once, and waits for the next list. */
  #becomeMissing(): void {
    this.#position = undefined;
    if (this.#isMissing) return;
    this.#isMissing = true;
    this.#sync([], undefined);
  }

  async #waitForKind(delayMs: number, scope: Scope): Promise<void> {
    const waiting = new AbortController();
    using _listener = addAbortListener(scope.signal, () => waiting.abort());
    const isOver = this.#wait(delayMs, { ...scope, signal: waiting.signal });
    await Promise.race([isOver, this.#source.appearance(waiting.signal)]);
    waiting.abort();
    await isOver;
  }

  async #wait(delayMs: number, scope: Scope): Promise<void> {
    try {
      await pause(delayMs, this.#clock, scope);
    } catch (error) {
      if (!scope.signal.aborted) throw error;
    }
  }
}
