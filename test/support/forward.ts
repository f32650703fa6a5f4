import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type Agent, request as httpsRequest } from 'node:https';

/** A request as a proxy has taken it in, and the answer that waits for it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly response: ServerResponse;
}

/** Sends a request on. When the client goes away before the answer is through, so does the request. */
export function forward(
  { request, body, response }: Exchange,
  upstream: { readonly server: string; readonly agent: Agent },
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { host: _host, connection: _connection, ...headers } = request.headers;
  const url = new URL(request.url ?? '/', upstream.server);
  const outgoing = httpsRequest(url, { method: request.method, headers, agent: upstream.agent }, resolve);
  outgoing.on('error', reject);
  response.once('close', () => {
    if (!response.writableFinished) outgoing.destroy();
  });
  outgoing.end(body);
  return promise;
}

/** The headers of an answer, without those that are about one connection only. */
export function headersOf({ headers }: IncomingMessage): OutgoingHttpHeaders {
  const { connection: _connection, 'transfer-encoding': _encoding, ...kept } = headers;
  return kept;
}

/** The whole body of a message. */
export async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
