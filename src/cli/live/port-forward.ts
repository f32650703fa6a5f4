import { addAbortListener } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isAbort, OperatorError, type Scope } from '../../core/index.ts';

/** Where connections come in, and where they go. */
export interface ForwardOptions {
  readonly address: string;
  /** The local ports to try in this order; 0 takes a free one. */
  readonly localPorts: readonly [number, ...number[]];
  /** Opens a connection to the other side. */
  readonly dial: (scope: Scope) => Promise<Duplex>;
  /** Told when one connection fails; the others go on. */
  readonly onError: (error: unknown) => void;
}

/**
 * Forwards connections to a local port until the scope is aborted.
 * @param onListening - told the local port when it takes connections.
 * @throws {OperatorError} `Usage` when no local port can be had.
 */
export async function forwardPort(
  options: ForwardOptions,
  onListening: (port: number) => Promise<void>,
  scope: Scope,
): Promise<void> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    connectBoth(socket, options, scope).catch((error: unknown) => {
      socket.destroy();
      if (!isAbort(error, scope.signal) && !isHangUp(error)) options.onError(error);
    });
  });
  const port = await listening(server, options);
  const closed = Promise.withResolvers<void>();
  server.once('close', closed.resolve);
  using _listener = addAbortListener(scope.signal, () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await onListening(port);
  await closed.promise;
}

async function connectBoth(socket: Socket, { dial }: ForwardOptions, scope: Scope): Promise<void> {
  socket.on('error', () => socket.destroy()); // also while the other side is still being called
  const remote = await dial(scope);
  socket.once('close', () => remote.destroy()); // the browser hung up
  if (socket.destroyed) remote.destroy();
  await Promise.all([pipeline(socket, remote), pipeline(remote, socket)]);
}

/** The browser, or we, closed the connection before all was said: that happens all the time. */
function isHangUp(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE', 'ERR_STREAM_DESTROYED'].includes(code);
}

/** Listens on the first port that is free. */
async function listening(
  server: Server,
  { localPorts, address }: Pick<ForwardOptions, 'localPorts' | 'address'>,
): Promise<number> {
  const [first, ...others] = localPorts;
  try {
    return await listenOn(server, first, address);
  } catch (error) {
    const [next, ...rest] = others;
    if (next !== undefined && isTaken(error)) {
      return await listening(server, { localPorts: [next, ...rest], address });
    }
    throw new OperatorError(
      `Cannot listen on ${address}:${first}: ${isTaken(error) ? 'the port is in use' : messageOf(error)}.`,
      { code: 'Usage', hint: 'Choose another --port, or leave it out for a free one.' },
      error,
    );
  }
}

async function listenOn(server: Server, port: number, address: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, address, resolve);
  await promise;
  server.off('error', reject);
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : port;
}

function isTaken(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EADDRINUSE';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
