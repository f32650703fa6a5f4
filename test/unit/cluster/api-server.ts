import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { type ConnectOptions, clientFor, type KubernetesCluster } from '../../../src/cluster/connect.ts';
import type { Credentials } from '../../../src/cluster/credentials.ts';
import type { RequestReport } from '../../../src/cluster/index.ts';
import { OperatorError, type Scope, silentLogger } from '../../../src/core/index.ts';
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts';

/** A request as the server got it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the server does with a request: answers now, later or never. */
export type Responder = (request: Received, response: ServerResponse) => void;

/** An HTTP server that plays an API server. It notes what it gets. */
export interface ApiServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: Received[];
  /** Connections that clients opened so far. */
  readonly connections: number;
  /** Connections that are open now. */
  readonly open: ReadonlySet<Socket>;
  respond: Responder;
}

/** Starts a server; `respond` may be replaced while it runs. */
export async function startApiServer(respond: Responder): Promise<ApiServer> {
  const open = new Set<Socket>();
  const state = { requests: [] as Received[], connections: 0, open, respond };
  const server = createServer(async (incoming, response) => {
    const request = await receive(incoming);
    state.requests.push(request);
    state.respond(request, response);
  });
  server.on('connection', (socket) => {
    state.connections++;
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, {
    url,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  });
}

/** Answers with JSON. */
export function answer(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** Answers with a `Status`, as API servers explain failures. */
export function fail(
  response: ServerResponse,
  code: number,
  reason: string,
  more: { readonly message?: string; readonly details?: object; readonly headers?: Record<string, string> } = {},
) {
  const { message = reason, details, headers } = more;
  answer(response, code, { kind: 'Status', status: 'Failure', code, reason, message, details }, headers);
}

/** Begins an answer that stays open, as that of a watch. */
export function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
}

/** A ConfigMap as a server returns it. */
export function liveConfigMap(name: string, resourceVersion = '1', more: object = {}) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default', uid: `uid-${name}`, resourceVersion },
    ...more,
  };
}

/** A page of a list. */
export function listOf(items: readonly object[], resourceVersion = '1', next?: string) {
  return { kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion, continue: next }, items };
}

const NOBODY = { headers: {}, tls: {} };
const ANONYMOUS: Credentials = { authenticate: async () => NOBODY, expire: () => {} };

/** A client of such a server, with a clock that stands still. */
export interface TestClient extends Disposable {
  readonly cluster: KubernetesCluster;
  readonly clock: FakeClock;
  readonly reports: RequestReport[];
}

/** Makes a client; `credentials` default to none. */
export function aClient(
  server: Pick<ApiServer, 'url'>,
  options: ConnectOptions = {},
  credentials: Credentials = ANONYMOUS,
): TestClient {
  const clock = fakeClock();
  const reports: RequestReport[] = [];
  const target = { server: server.url, namespace: 'default', credentials };
  const deps = { clock, onRequest: (report: RequestReport) => reports.push(report) };
  const cluster = clientFor(target, options, deps, silentLogger);
  return { cluster, clock, reports, [Symbol.dispose]: () => cluster[Symbol.dispose]() };
}

/** Waits for something that goes over a socket: no timer, but as many turns of the event loop as it takes. */
export async function until(isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error('it did not come true');
    await setImmediate();
  }
}

/** A scope for one call. */
export function aScope(signal: AbortSignal = new AbortController().signal): Scope {
  return { signal, log: silentLogger };
}

/** The error that a call fails with. */
export async function failureOf(call: Promise<unknown>): Promise<OperatorError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof OperatorError) return error;
  throw error ?? new Error('the call did not fail');
}

async function receive(incoming: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const url = new URL(incoming.url ?? '/', 'http://server');
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
