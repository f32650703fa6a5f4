import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { readAuthority } from './credentials.ts';
import { clusterDir } from './paths.ts';
import type { OwnState } from './state.ts';

const REQUEST_TIMEOUT_MS = 2_000;

export interface ApiRequest {
  /** Default: GET. A PATCH is a server-side apply, the query parameters are up to the caller. */
  readonly method?: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly body?: unknown;
}

/** The answer of the API server; `body` is parsed if it is JSON. */
export interface ApiResponse {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Asks the API server of a cluster as its administrator.
 * @returns undefined when there is no answer within two seconds: it is not there yet, or paused, or gone.
 */
export async function callApi(
  state: OwnState,
  call: ApiRequest,
  signal: AbortSignal,
): Promise<ApiResponse | undefined> {
  const authority = await readAuthority(clusterDir(state.name));
  if (authority === undefined) return undefined;
  const method = call.method ?? 'GET';
  const sent = request(new URL(call.path, state.server), {
    method,
    ca: authority,
    agent: false, // a connection for each call: none is left behind
    headers: {
      authorization: `Bearer ${state.token}`,
      'content-type': method === 'PATCH' ? 'application/apply-patch+yaml' : 'application/json',
    },
    signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
  });
  const answer = await receive(sent, call.body).catch(() => undefined); // only the connection can fail in there
  signal.throwIfAborted();
  return answer === undefined ? undefined : { status: answer.status, body: parse(answer.text) };
}

async function receive(sent: ClientRequest, body: unknown): Promise<{ status: number; text: string }> {
  const answered = once(sent, 'response');
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await answered) as [IncomingMessage];
  return { status: response.statusCode ?? 0, text: await text(response) };
}

/** Whether the API server says that it is ready. */
export async function isReady(state: OwnState, signal: AbortSignal): Promise<boolean> {
  return (await callApi(state, { path: '/readyz' }, signal))?.status === 200;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
