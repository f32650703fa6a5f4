/** What is used of the package `ws`, which brings no types along. */
declare module 'ws' {
  import type { EventEmitter } from 'node:events';
  import type { ClientRequest, IncomingMessage } from 'node:http';
  import type { RequestOptions } from 'node:https';

  export interface ClientOptions extends RequestOptions {
    readonly handshakeTimeout?: number;
    readonly perMessageDeflate?: boolean;
  }

  export interface WebSocketEvents {
    open: [];
    message: [data: Buffer, isBinary: boolean];
    close: [code: number, reason: Buffer];
    error: [error: Error];
    'unexpected-response': [request: ClientRequest, response: IncomingMessage];
  }

  export class WebSocket extends EventEmitter<WebSocketEvents> {
    constructor(url: string | URL, protocols: readonly string[], options: ClientOptions);
    send(data: Buffer, sent: (error?: Error) => void): void;
    pause(): void;
    resume(): void;
    close(): void;
    terminate(): void;
  }
}
