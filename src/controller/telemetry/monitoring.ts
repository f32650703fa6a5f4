import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OperatorError, type Scope } from '../../core/index.ts';
import type { Metrics } from './metrics.ts';

/** What the monitoring server shows. */
export interface MonitoringDeps {
  readonly metrics: Metrics;
  /** True from the moment the CRs have been listed once. */
  readonly isReady: () => boolean;
}

/** Where it listens; port 0 picks a free one. */
export interface MonitoringOptions {
  readonly host: string;
  readonly port: number;
}

/**
 * Serves `/metrics`, `/healthz` (the process answers) and `/readyz` (the CRs are known) until disposed.
 * @returns the port that it listens on.
 * @throws {OperatorError} `Usage` when the port is taken.
 */
export async function serveMonitoring(
  options: MonitoringOptions,
  deps: MonitoringDeps,
  scope: Scope,
): Promise<{ readonly port: number } & AsyncDisposable> {
  const server = createServer((request, response) => {
    respond(request.url ?? '/', deps).then(
      ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      (err: unknown) => {
        scope.log.error({ err }, 'metrics not collected');
        response.writeHead(500).end();
      },
    );
  });
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function respond(url: string, deps: MonitoringDeps): Promise<Answer> {
  const plain = (status: number, body: string): Answer => ({ status, type: 'text/plain', body: `${body}\n` });
  switch (url.split('?', 1)[0]) {
    case '/metrics':
      return { status: 200, type: deps.metrics.contentType, body: await deps.metrics.collect() };
    case '/healthz':
      return plain(200, 'ok');
    case '/readyz':
      return deps.isReady() ? plain(200, 'ok') : plain(503, 'the IstioOperators have not been listed yet');
    default:
      return plain(404, 'not found; try /metrics, /healthz, /readyz');
  }
}

async function listen(server: Server, { host, port }: MonitoringOptions): Promise<void> {
  const failed = once(server, 'error').then(([error]: unknown[]) => {
    throw new OperatorError(
      `Cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}.`,
      { code: 'Usage', hint: 'Choose another port with --monitoring-port; 0 takes a free one.' },
      error,
    );
  });
  server.listen(port, host);
  await Promise.race([once(server, 'listening'), failed]);
  failed.catch(() => undefined); // nobody waits for it any more; later errors surface as 'error' events
}
