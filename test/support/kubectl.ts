import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestCluster } from '../cluster/index.ts';
import { waitUntil } from '../cluster/wait-until.ts';

const run = promisify(execFile);

/** The project's root; relative paths in arguments start there. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Runs kubectl against a test cluster. @returns what it prints. @throws with what it says when it fails. */
export async function kubectl(cluster: TestCluster, args: readonly string[], signal?: AbortSignal): Promise<string> {
  const all = ['--kubeconfig', cluster.kubeconfigPath, ...args];
  const { stdout } = await run(cluster.kubectlPath, all, {
    cwd: ROOT,
    maxBuffer: 64 * 1024 * 1024,
    ...(signal && { signal }),
  });
  return stdout;
}

/**
 * Installs the IstioOperator CRD and waits until the API server serves it, and says so to whoever looks kinds up, as kubectl
 * does: that comes a moment later. `kubectl wait` and its JSON paths fail on a CRD that has no conditions yet, so the API
 * itself is asked.
 */
export async function installCrd(cluster: TestCluster, signal: AbortSignal): Promise<void> {
  await kubectl(cluster, ['apply', '--server-side', '-k', 'crds'], signal);
  const ask = (...args: string[]) => kubectl(cluster, args, signal).catch(() => '');
  const isServed = async () =>
    (await ask('get', '--raw', '/apis/install.istio.io/v1alpha1/istiooperators?limit=1')) !== '' &&
    (await ask('api-resources', '--api-group=install.istio.io', '-o', 'name')).includes('istiooperators');
  await waitUntil('The API server did not serve IstioOperators', isServed, 30_000, signal);
}
