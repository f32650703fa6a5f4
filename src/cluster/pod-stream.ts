import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { OperatorError } from '../core/index.ts';

/**
 * The subprotocol in which a kubelet forwards a port: each message begins with the number of its channel, and the first
 * one of each channel holds nothing but the port.
 * @see {@link https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/cri-streaming/pkg/streaming/portforward/websocket.go}
 */
export const PORT_FORWARD_PROTOCOL = 'v4.channel.k8s.io';

const DATA = 0;
const FAILURE = 1;
const PORT_BYTES = 2;
const TO_POD = Buffer.from([DATA]);

/**
 * One connection to a port of a pod. It ends when the pod closes it. The protocol cannot say that only one side has ended,
 * so ending it closes it. What the kubelet says went wrong is its error.
 */
export class PodStream extends Duplex {
  readonly #socket: WebSocket;
  /** Channels whose first message, the port, has been seen. */
  readonly #begun = new Set<number>();
  #failure = '';

  constructor(socket: WebSocket) {
    super();
    this.#socket = socket;
    socket.on('message', (message) => this.#receive(message));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.#closed());
  }

  #receive(message: Buffer): void {
    const channel = message[0];
    if (channel === undefined) return;
    const isFirst = !this.#begun.has(channel);
    this.#begun.add(channel);
    const content = message.subarray(isFirst ? 1 + PORT_BYTES : 1);
    if (content.length === 0) return;
    if (channel === FAILURE) this.#failure += content.toString('utf8');
    if (channel === DATA && !this.push(content)) this.#socket.pause(); // until whoever reads has caught up
  }

  #closed(): void {
    if (this.#failure === '') this.push(null);
    else this.destroy(new OperatorError(`${this.#failure.trim()}.`, { code: 'ApiError' }));
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.send(Buffer.concat([TO_POD, chunk]), done);
  }

  override _final(done: () => void): void {
    this.#socket.close();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.terminate();
    done(error);
  }
}
