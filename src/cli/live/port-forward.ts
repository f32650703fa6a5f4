import { addAbortListener } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { PortForward } from '@kubernetes/client-node/dist/portforward.js';
import { OperatorError, type Scope } from '../../core/index.ts';

/** From which port of which pod to which local one. */
export interface ForwardOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace: string;
  readonly pod: string;
  readonly podPort: number;
  readonly address: string;
  /** 0 takes a free one. */
  readonly localPort: number;
  /** Told when one connection fails; the others go on. */
  readonly onError: (message: string) => void;
}

/**
 * Forwards connections to a local port to a pod until the scope is aborted. This module is imported only where it is
 * used, because it brings a WebSocket client along.
 * @param onListening - told the local port when it takes connections.
 * @throws {OperatorError} `Usage` when the local port cannot be had.
 */
export async function forwardPort(
  options: ForwardOptions,
  onListening: (port: number) => Promise<void>,
  scope: Scope,
): Promise<void> {
  const config = new KubeConfig();
  if (options.kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(options.kubeconfig);
  if (options.context !== undefined) config.setCurrentContext(options.context);
  const forward = new PortForward(config);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy()); // the browser hung up
    const { namespace, pod, podPort } = options;
    forward.portForward(namespace, pod, [podPort], socket, null, socket).catch((error: unknown) => {
      options.onError(messageOf(error));
      socket.destroy();
    });
  });
  await listening(server, options);
  const closed = Promise.withResolvers<void>();
  server.once('close', closed.resolve);
  using _listener = addAbortListener(scope.signal, () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  await onListening(typeof address === 'object' && address !== null ? address.port : options.localPort);
  await closed.promise;
}

async function listening(server: Server, { localPort, address }: ForwardOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(localPort, address, resolve);
  await promise.catch((error: unknown) => {
    throw new OperatorError(
      `Cannot listen on ${address}:${localPort}: ${messageOf(error)}.`,
      { code: 'Usage', hint: 'Choose another --port, or leave it out for a free one.' },
      error,
    );
  });
}

/** WebSocket failures come as events with a message, not as errors. */
function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return 'the connection failed';
}
