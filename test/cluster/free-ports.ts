import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { ClusterError } from './cluster-error.ts';

/**
 * Below those that systems give to outgoing connections: one of these could have the port of a component that is being
 * restarted.
 */
const [FIRST, LAST] = [20_000, 32_000];

const ATTEMPTS = 1_000;

/**
 * Ports of 127.0.0.1 that nobody uses now, all different. Another process may still take one before they are used.
 * @throws {ClusterError} when there seem to be none.
 */
export async function findFreePorts(count: number): Promise<readonly number[]> {
  const held = new Map<number, Server>();
  for (let attempt = 0; held.size < count && attempt < ATTEMPTS; attempt++) {
    const port = randomInt(FIRST, LAST);
    const server = held.has(port) ? undefined : await listen(port);
    if (server !== undefined) held.set(port, server);
  }
  await Promise.all([...held.values()].map((server) => once(server.close(), 'close')));
  if (held.size < count) throw new ClusterError(`No free ports were found between ${FIRST} and ${LAST}.`);
  return [...held.keys()];
}

/** @returns undefined when somebody has the port. */
async function listen(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if (error instanceof Object && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
}
