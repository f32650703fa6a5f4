import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { findBinaries } from './binaries.ts';
import { clusterHandle, lockCluster, type TestCluster } from './cluster.ts';
import { ClusterError } from './cluster-error.ts';
import { clusterFiles } from './components.ts';
import { clusterDir } from './paths.ts';
import { type ExistingState, readState, writeState } from './state.ts';

const REQUEST_TIMEOUT = '--request-timeout=10s';

interface Kubeconfig {
  readonly clusters?: readonly { readonly cluster?: { readonly server?: string } }[];
}

/**
 * Lets a name stand for a cluster that is there already; nothing is started, and nothing will be stopped.
 *
 * Its kubeconfig is copied with the context of now: switching the user's own context later does not redirect a test.
 * @param kubeconfigPath - default: what `KUBECONFIG` or `~/.kube/config` says.
 * @throws {ClusterError} when the file or the cluster does not answer.
 */
export async function useExistingCluster(
  name: string,
  kubeconfigPath: string | undefined,
  signal: AbortSignal,
): Promise<TestCluster> {
  if (kubeconfigPath !== undefined && !existsSync(kubeconfigPath)) {
    throw new ClusterError(`There is no kubeconfig ${kubeconfigPath}.`);
  }
  const { kubectl } = await findBinaries(() => {}, signal, ['kubectl']);
  const source = kubeconfigPath === undefined ? [] : [`--kubeconfig=${kubeconfigPath}`];
  const run = async (args: readonly string[]) => {
    const answer = await promisify(execFile)(kubectl, [...args, ...source], { signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      const { stderr = '' } = error as { readonly stderr?: string };
      throw new ClusterError(`The existing cluster cannot be used: ${stderr.trim().split('\n').pop()}`);
    });
    return answer.stdout;
  };
  const text = await run(['config', 'view', '--raw', '--minify', '--flatten']);
  await run(['get', '--raw', '/readyz', REQUEST_TIMEOUT]);

  await using _lock = await lockCluster(name, signal);
  const old = await readState(name);
  if (old?.kind === 'own') throw new ClusterError(`Cluster ${name} was started here: "down" it first, or use --name.`);
  const state: ExistingState = {
    kind: 'existing',
    name,
    instance: randomBytes(8).toString('hex'),
    startedAt: new Date().toISOString(),
    server: (parse(text) as Kubeconfig).clusters?.[0]?.cluster?.server ?? 'unknown',
    kubectlPath: kubectl,
  };
  await writeState(state);
  await writeFile(clusterFiles(clusterDir(name)).kubeconfig, text, { mode: 0o600 });
  return clusterHandle(state);
}
