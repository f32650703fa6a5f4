import type { LiveObject, Selection } from '../apply/index.ts';
import { type Clock, isObject, type Json, OperatorError, type Scope, valueAt } from '../core/index.ts';
import type { ApiClient } from './api-client.ts';
import { type Call, describeCall, describeSelection } from './call.ts';
import { linesOf } from './json-lines.ts';
import { acceptHeader, selectors } from './list.ts';
import { readObject, unreadable } from './object-reader.ts';
import { collectionPath, query, type Resource } from './resource.ts';
import { parseStatus, statusError } from './status-error.ts';

/** One thing that a watch reports. */
export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: LiveObject }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

/** How long one watch request lasts. Times are milliseconds. */
export interface StreamOptions {
  readonly resourceVersion: string;
  /** When the server ends the request by itself. */
  readonly serverTimeoutMs: number;
  /** Without a byte for this long, the connection counts as dead. */
  readonly inactivityMs: number;
}

/**
 * One watch request: yields events until the server ends it.
 * @throws {OperatorError} `Gone` when the server has forgotten `resourceVersion`, `ApiTimeout` after `inactivityMs`.
 */
export async function* streamEvents(
  deps: { readonly api: ApiClient; readonly clock: Clock },
  target: { readonly resource: Resource; readonly selection: Selection },
  options: StreamOptions,
  scope: Scope,
): AsyncGenerator<WatchEvent> {
  const call = watchCall(target.resource, target.selection, options);
  const incoming = await deps.api.open(call, scope);
  using guard = inactivityGuard(deps.clock, options.inactivityMs, () => incoming.destroy(silent(call, options)));
  try {
    for await (const line of linesOf(touching(guard.touch, incoming))) yield readEvent(call, line);
  } catch (error) {
    throw deps.api.translate(call, error);
  } finally {
    incoming.destroy();
  }
}

function watchCall(resource: Resource, selection: Selection, options: StreamOptions): Call {
  const parameters = {
    ...selectors(selection),
    watch: true,
    allowWatchBookmarks: true,
    resourceVersion: options.resourceVersion,
    timeoutSeconds: Math.ceil(options.serverTimeoutMs / 1_000),
  };
  return {
    verb: 'watch',
    resource: resource.plural,
    subject: describeSelection(resource, selection.namespace),
    kind: { apiVersion: resource.apiVersion, kind: resource.kind },
    request: {
      method: 'GET',
      path: `${collectionPath(resource, selection.namespace ?? '')}${query(parameters)}`,
      headers: { accept: acceptHeader(selection, 'object') },
    },
  };
}

function readEvent(call: Call, line: string): WatchEvent {
  const event = parseLine(call, line);
  const type = isObject(event) ? event.type : undefined;
  const object = isObject(event) ? event.object : undefined;
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, object: readObject(call, object) };
    case 'BOOKMARK': {
      const resourceVersion = valueAt(object, 'metadata', 'resourceVersion');
      if (typeof resourceVersion !== 'string') throw unreadable(call);
      return { type, resourceVersion };
    }
    case 'ERROR': {
      const status = parseStatus(object, 500);
      throw status === undefined ? unreadable(call) : statusError(call, status);
    }
    default:
      throw unreadable(call);
  }
}

function parseLine(call: Call, line: string): Json {
  try {
    return JSON.parse(line) as Json;
  } catch {
    throw unreadable(call); // without the parser's message, which would quote the object
  }
}

function silent(call: Call, options: StreamOptions): OperatorError {
  const seconds = options.inactivityMs / 1_000;
  return new OperatorError(`Cannot ${describeCall(call)}: the connection has been silent for ${seconds} s.`, {
    code: 'ApiTimeout',
  });
}

async function* touching(touch: () => void, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    touch();
    yield chunk;
  }
}

/** Calls `onSilence` when `touch` has not been called for `limitMs`. One timer, however many touches. */
function inactivityGuard(clock: Clock, limitMs: number, onSilence: () => void): Disposable & { touch: () => void } {
  let lastMs = clock.monotonicMs();
  const arm = (delayMs: number): Disposable => clock.after(delayMs, check);
  const check = () => {
    const leftMs = lastMs + limitMs - clock.monotonicMs();
    if (leftMs <= 0) onSilence();
    else timer = arm(leftMs);
  };
  let timer = arm(limitMs);
  return {
    touch: () => {
      lastMs = clock.monotonicMs();
    },
    [Symbol.dispose]: () => timer[Symbol.dispose](),
  };
}
