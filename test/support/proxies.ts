import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A proxy on this machine, and where clients asked it to connect to. */
export interface TestProxy extends AsyncDisposable {
  readonly url: string;
  readonly targets: string[];
}

/** An HTTP proxy that understands CONNECT. */
export async function httpProxy(): Promise<TestProxy> {
  const targets: string[] = [];
  const server = createHttpServer();
  server.on('connect', ({ url = '' }, client: Socket) => {
    targets.push(url);
    const [host, port] = url.split(':');
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      tunnel(client, upstream);
    });
  });
  return await listening('http', server, targets);
}

/** A SOCKS 5 proxy without authentication, for IPv4 addresses. */
export async function socksProxy(): Promise<TestProxy> {
  const targets: string[] = [];
  const server = createServer(async (client) => {
    await once(client, 'readable');
    client.read(); // the greeting: which ways to log in the client knows
    client.write(Uint8Array.of(5, 0));
    await once(client, 'readable');
    const request: Buffer = client.read();
    const host = request.subarray(4, 8).join('.');
    const port = request.readUInt16BE(8);
    targets.push(`${host}:${port}`);
    const upstream = connect(port, host, () => {
      client.write(Uint8Array.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0));
      tunnel(client, upstream);
    });
  });
  return await listening('socks5', server, targets);
}

function tunnel(client: Socket, upstream: Socket): void {
  client.pipe(upstream).pipe(client);
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}

async function listening(scheme: string, server: Server, targets: string[]): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    targets,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), 'close');
    },
  };
}
