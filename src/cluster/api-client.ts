import type { IncomingMessage } from 'node:http';
import { type Clock, type Json, OperatorError, pause, type Scope, untilAborted, withDeadline } from '../core/index.ts';
import { type Call, describeCall, isRepeatable } from './call.ts';
import { connectionError, isConnectionError, isTransient, neverArrived } from './connection-error.ts';
import type { ConnectionSlots } from './connection-slots.ts';
import type { Credentials } from './credentials.ts';
import type { BeforeRequest, OnRequest } from './request-metrics.ts';
import { backoffMs, isRetryable, retryAfterSeconds } from './retry.ts';
import { responseError } from './status-error.ts';
import { readBody, type Transport, type WireResponse } from './transport.ts';

/** What an `ApiClient` works with. */
export interface ApiClientDeps {
  readonly transport: Transport;
  readonly credentials: Credentials;
  readonly slots: ConnectionSlots;
  readonly clock: Clock;
  readonly onRequest: OnRequest;
  readonly beforeRequest: BeforeRequest;
}

/** How patient an `ApiClient` is. */
export interface ApiClientOptions {
  /** The server, as messages name it. */
  readonly server: string;
  /** Milliseconds for a call with all its attempts. */
  readonly timeoutMs: number;
  /** Attempts of one call, the first included. */
  readonly attempts: number;
}

type Attempt = { readonly response: WireResponse } | { readonly error: Error };

const RETRY = { firstMs: 250, limitMs: 5_000 };

/** Sends calls with deadlines, retries and fresh credentials, and turns every failure into an `OperatorError`. */
export class ApiClient {
  readonly #deps: ApiClientDeps;
  readonly #options: ApiClientOptions;

  constructor(deps: ApiClientDeps, options: ApiClientOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** The body of a successful answer. */
  async send(call: Call, scope: Scope): Promise<Json> {
    const timedOut = () => this.#timeout(call);
    const { timeoutMs } = this.#options;
    const body = await withDeadline(
      { timeoutMs, clock: this.#deps.clock, timedOut },
      (limited) => this.#sendWithRetries(call, limited),
      scope,
    );
    return parseBody(call, body, this.#options.server);
  }

  /** A successful answer whose body is still to come. The deadline holds until its headers are there; no retries. */
  async open(call: Call, scope: Scope): Promise<IncomingMessage> {
    scope.signal.throwIfAborted();
    const life = new AbortController();
    const stop = () => life.abort(scope.signal.reason);
    scope.signal.addEventListener('abort', stop, { once: true });
    using _deadline = this.#deps.clock.after(this.#options.timeoutMs, () => life.abort(this.#timeout(call)));
    try {
      const incoming = await this.#openAuthenticated(call, life.signal);
      incoming.once('close', () => scope.signal.removeEventListener('abort', stop));
      return incoming;
    } catch (error) {
      scope.signal.removeEventListener('abort', stop);
      throw life.signal.aborted ? life.signal.reason : error;
    }
  }

  /** What to throw for an error from the connection: an `OperatorError`, or the error itself when it is a bug. */
  translate(call: Call, error: unknown): unknown {
    return isConnectionError(error) ? connectionError(call, this.#options.server, error) : error;
  }

  async #sendWithRetries(call: Call, scope: Scope): Promise<string> {
    const startedMs = this.#deps.clock.monotonicMs();
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(call, scope);
      if ('response' in outcome && outcome.response.status < 300) return outcome.response.body;
      const delayMs = this.#delayBeforeRetry(call, outcome, attempt);
      const leftMs = this.#options.timeoutMs - (this.#deps.clock.monotonicMs() - startedMs);
      if (delayMs === undefined || delayMs >= leftMs) throw this.#failure(call, outcome);
      scope.log.debug({ object: call.subject, attempt, code: statusOf(outcome) }, 'request is tried again');
      await pause(delayMs, this.#deps.clock, scope);
    }
  }

  /** One attempt; with credentials that are no longer accepted, a second one with fresh ones. */
  async #attempt(call: Call, scope: Scope): Promise<Attempt> {
    using _slot = await this.#deps.slots.acquire(call.priority, scope.signal);
    const first = await this.#exchange(call, scope);
    return 'response' in first && first.response.status === 401 ? await this.#exchange(call, scope) : first;
  }

  async #exchange(call: Call, scope: Scope): Promise<Attempt> {
    const { clock, credentials, transport } = this.#deps;
    const auth = await untilAborted(credentials.authenticate(), scope.signal);
    const check = () => this.#deps.beforeRequest({ verb: call.verb, resource: call.resource });
    check();
    const startedMs = clock.monotonicMs();
    try {
      const response = await transport.exchange(call.request, auth, scope.signal, check);
      this.#report(call, response.status, startedMs);
      if (response.status === 401) credentials.expire(auth);
      return { response };
    } catch (error) {
      this.#report(call, 0, startedMs);
      if (scope.signal.aborted) throw scope.signal.reason;
      if (isConnectionError(error)) return { error };
      throw error;
    }
  }

  /** Milliseconds until the next attempt; undefined when there must not be one. */
  #delayBeforeRetry(call: Call, outcome: Attempt, attempt: number): number | undefined {
    if (attempt >= this.#options.attempts) return undefined;
    const ownMs = backoffMs(attempt, RETRY, this.#deps.clock);
    if ('error' in outcome) {
      const mayRepeat = isTransient(outcome.error) && (isRepeatable(call) || neverArrived(outcome.error));
      return mayRepeat ? ownMs : undefined;
    }
    const { status, headers } = outcome.response;
    if (!isRetryable(status, headers, isRepeatable(call))) return undefined;
    return Math.max(ownMs, (retryAfterSeconds(headers) ?? 0) * 1_000);
  }

  #failure(call: Call, outcome: Attempt): OperatorError {
    if ('error' in outcome) return connectionError(call, this.#options.server, outcome.error);
    return responseError(call, outcome.response, this.#options.server);
  }

  async #openAuthenticated(call: Call, signal: AbortSignal): Promise<IncomingMessage> {
    let incoming = await this.#openOnce(call, signal);
    if (incoming.statusCode === 401) {
      incoming.destroy();
      incoming = await this.#openOnce(call, signal);
    }
    const status = incoming.statusCode ?? 0;
    if (status < 300) return incoming;
    const response = { status, headers: incoming.headers, body: await readBody(incoming) };
    throw responseError(call, response, this.#options.server);
  }

  async #openOnce(call: Call, signal: AbortSignal): Promise<IncomingMessage> {
    const { clock, credentials, transport } = this.#deps;
    const auth = await untilAborted(credentials.authenticate(), signal);
    const startedMs = clock.monotonicMs();
    try {
      const incoming = await transport.open(call.request, auth, signal);
      this.#report(call, incoming.statusCode ?? 0, startedMs);
      if (incoming.statusCode === 401) credentials.expire(auth);
      return incoming;
    } catch (error) {
      this.#report(call, 0, startedMs);
      throw this.translate(call, error);
    }
  }

  #timeout(call: Call): OperatorError {
    this.#deps.transport.closeIdle();
    const { server, timeoutMs } = this.#options;
    return new OperatorError(
      `Cannot ${describeCall(call)}: the API server ${server} did not answer within ${timeoutMs / 1_000} s.`,
      {
        code: 'ApiTimeout',
        hint: 'Look whether it is overloaded, or whether something between here and there swallows what is sent.',
        ...(call.object === undefined ? {} : { objects: [call.object] }),
      },
    );
  }

  #report(call: Call, code: number, startedMs: number): void {
    const durationMs = this.#deps.clock.monotonicMs() - startedMs;
    this.#deps.onRequest({ verb: call.verb, resource: call.resource, code, durationMs });
  }
}

function statusOf(outcome: Attempt): number {
  return 'response' in outcome ? outcome.response.status : 0;
}

function parseBody(call: Call, body: string, server: string): Json {
  try {
    return JSON.parse(body) as Json;
  } catch {
    // The parser's message would quote the body, which may be a Secret.
    throw new OperatorError(`Cannot ${describeCall(call)}: the answer of ${server} is not JSON.`, {
      code: 'ApiError',
      hint: 'Check that the server URL is that of a Kubernetes API server.',
    });
  }
}
