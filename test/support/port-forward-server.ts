import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** As much of a WebSocket server as is used here; it comes with the client. */
interface Peer {
  send(data: Buffer): void;
  close(): void;
  terminate(): void;
  on(event: 'message', listener: (data: Buffer) => void): void;
}
interface PeerServer {
  readonly clients: Set<Peer>;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, done: (peer: Peer) => void): void;
}
type PeerServerConstructor = new (options: {
  noServer: true;
  handleProtocols: (offered: Set<string>) => string | false;
}) => PeerServer;
const { WebSocketServer } = createRequire(import.meta.url)('ws') as { WebSocketServer: PeerServerConstructor };

/** What the pod does with a connection. `answer` sends data, `fail` is the kubelet's word on what went wrong, `end` closes. */
export interface PodEnd {
  answer(data: string | Buffer): void;
  fail(message: string): void;
  end(): void;
}

/** How the stand-in behaves. */
export interface PortForwardBehaviour {
  /** Called when a connection is open. */
  readonly opened?: (pod: PodEnd) => void;
  /** Called with what the client sends. */
  readonly received?: (data: Buffer, pod: PodEnd) => void;
  /** The answer of the API server instead of an upgrade. */
  readonly refusal?: { readonly status: number; readonly message: string; readonly reason: string };
}

/**
 * A stand-in for API server and kubelet, after kubelet's own server (k8s.io/cri-streaming, portforward/websocket.go): the
 * subprotocol is v4.channel.k8s.io, channel 0 carries data and channel 1 failures, the first message of each holds the
 * port as two bytes, little end first, and when the pod has closed its side the kubelet closes the WebSocket. What this
 * client does has been tried against that server, too, as kwok runs it behind a real API server.
 */
export class PortForwardServer implements AsyncDisposable {
  readonly requests: { readonly url: string; readonly headers: IncomingMessage['headers'] }[] = [];
  readonly #http: Server;
  readonly #peers: PeerServer;

  private constructor(behaviour: PortForwardBehaviour) {
    this.#http = createServer((_request, response) => response.writeHead(400).end());
    this.#peers = new WebSocketServer({
      noServer: true,
      handleProtocols: (offered) => offered.has('v4.channel.k8s.io') && 'v4.channel.k8s.io',
    });
    this.#http.on('upgrade', (request, socket, head) => {
      this.requests.push({ url: request.url ?? '', headers: request.headers });
      if (behaviour.refusal !== undefined) refuse(socket, behaviour.refusal);
      else this.#peers.handleUpgrade(request, socket, head, (peer) => serve(peer, request, behaviour));
    });
  }

  static async start(behaviour: PortForwardBehaviour): Promise<PortForwardServer> {
    const server = new PortForwardServer(behaviour);
    server.#http.listen(0, '127.0.0.1');
    await once(server.#http, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** The connections that are open. */
  get open(): number {
    return this.#peers.clients.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const peer of this.#peers.clients) peer.terminate();
    this.#http.closeAllConnections();
    this.#http.close();
    await once(this.#http, 'close');
  }
}

function serve(peer: Peer, { url = '' }: IncomingMessage, { opened, received }: PortForwardBehaviour): void {
  const port = Number(new URL(url, 'http://x').searchParams.get('ports'));
  for (const channel of [0, 1]) peer.send(Buffer.from([channel, port % 256, Math.floor(port / 256)]));
  const pod: PodEnd = {
    answer: (data) => peer.send(Buffer.concat([Buffer.from([0]), Buffer.from(data)])),
    fail: (message) => peer.send(Buffer.concat([Buffer.from([1]), Buffer.from(message)])),
    end: () => peer.close(),
  };
  peer.on('message', (data) => {
    if (data[0] === 0) received?.(data.subarray(1), pod);
  });
  opened?.(pod);
}

function refuse(socket: Duplex, { status, message, reason }: NonNullable<PortForwardBehaviour['refusal']>): void {
  const body = JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code: status });
  socket.end(
    `HTTP/1.1 ${status} No\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}
