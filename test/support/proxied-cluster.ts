import { readFile, writeFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import type { TestCluster } from '../cluster/index.ts';
import { type FaultProxy, type FaultProxyOptions, startFaultProxy } from './fault-proxy.ts';

/** What a proxy does besides standing in front of a cluster. */
export type ClusterProxyOptions = Omit<FaultProxyOptions, 'server' | 'ca' | 'cert' | 'key' | 'random'> &
  Partial<Pick<FaultProxyOptions, 'random'>>;

/** Starts a proxy in front of a cluster, with the certificate of its API server. It does no damage unless told to. */
export async function startClusterProxy(cluster: TestCluster, options: ClusterProxyOptions = {}): Promise<FaultProxy> {
  const { server, serverCertificate } = cluster;
  const [ca, cert, key] = await Promise.all([
    caOf(cluster),
    readFile(serverCertificate.certPath, 'utf8'),
    readFile(serverCertificate.keyPath, 'utf8'),
  ]);
  return await startFaultProxy({ random: Math.random, ...options, server, ca, cert, key });
}

/** The certificate authority of a cluster, PEM. */
export async function caOf(cluster: TestCluster): Promise<string> {
  const config = parse(await readFile(cluster.kubeconfigPath, 'utf8'));
  const { 'certificate-authority-data': data, 'certificate-authority': path = '' } = config.clusters[0].cluster;
  return data === undefined ? await readFile(path, 'utf8') : Buffer.from(data, 'base64').toString('utf8');
}

/**
 * Writes the kubeconfig of a cluster with another server of the same authority (a proxy), or with nothing but a token (that of an account).
 * @returns the path.
 */
export async function writeKubeconfig(
  path: string,
  cluster: TestCluster,
  { server, token }: { readonly server?: string; readonly token?: string },
): Promise<string> {
  const config = parse(await readFile(cluster.kubeconfigPath, 'utf8'));
  if (server !== undefined) for (const { cluster: entry } of config.clusters) entry.server = server;
  if (token !== undefined) for (const entry of config.users) entry.user = { token };
  await writeFile(path, stringify(config));
  return path;
}
