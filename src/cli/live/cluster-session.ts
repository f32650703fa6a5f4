import { connect, type KubernetesCluster } from '../../cluster/index.ts';
import { type Scope, silentLogger, systemClock } from '../../core/index.ts';
import type { Io } from '../terminal/io.ts';
import { type ConnectionFlags, connectionOptions } from './connection.ts';

/** Opens a client for the cluster of the flags for as long as `work` takes. Commands talk to people, so nothing is logged. */
export async function withCluster<T>(
  flags: ConnectionFlags,
  io: Io,
  work: (cluster: KubernetesCluster, scope: Scope) => Promise<T>,
): Promise<T> {
  const scope: Scope = { signal: io.signal, log: silentLogger };
  using cluster = await connect(connectionOptions(flags, io), { clock: systemClock }, scope);
  return await work(cluster, scope);
}

/** The cluster as a person tells it from others. */
export function clusterName({ contextName, server }: Pick<KubernetesCluster, 'contextName' | 'server'>): string {
  return contextName === undefined ? server : `${contextName} (${server})`;
}
