import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { headersOf } from './forward.ts';

/** Answers with an error of the API server. */
export function refuse(
  response: ServerResponse,
  code: number,
  reason: string,
  message: string,
  headers: OutgoingHttpHeaders = {},
): void {
  response
    .writeHead(code, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify(statusOf(code, reason, message)));
}

/** A Status object, as the API server makes them. */
export function statusOf(code: number, reason: string, message: string) {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, reason, message };
}

/** Announces the whole answer and breaks the connection after half of it. */
export function truncate(answer: IncomingMessage, content: Buffer, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 502, { ...headersOf(answer), 'content-length': content.length });
  response.write(content.subarray(0, content.length / 2), () => response.destroy());
}
