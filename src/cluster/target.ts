import { access, readFile } from 'node:fs/promises';
import type { Agent } from 'node:http';
import { delimiter, join } from 'node:path';
import { type Clock, OperatorError } from '../core/index.ts';
import type { Credentials } from './credentials.ts';
import { type Impersonation, impersonating } from './impersonation.ts';
import { SERVICE_ACCOUNT_DIR, serviceAccountCredentials } from './in-cluster.ts';

/** What of the environment decides which cluster is meant. `cli` reads it; every field may be absent. */
export interface ClusterEnvironment {
  /** The variable KUBECONFIG: paths, separated as in PATH. */
  readonly kubeconfig?: string;
  /** The home folder, where `.kube/config` may be. */
  readonly home?: string;
  /** The variables KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT, which every pod has. */
  readonly serviceHost?: string;
  readonly servicePort?: string;
  /** Where the service account is mounted. Default: where the kubelet mounts it. */
  readonly serviceAccountDir?: string;
}

/** Which cluster is wanted. */
export interface TargetOptions {
  /** A kubeconfig that must exist; comes before everything in the environment. */
  readonly kubeconfigPath?: string;
  /** A context of the kubeconfig. Default: the current one. */
  readonly context?: string;
  readonly environment?: ClusterEnvironment;
  /** Whose requests they count as, whatever the kubeconfig says. */
  readonly impersonation?: Impersonation;
}

/** A server and how to talk to it. */
export interface Target {
  readonly server: string;
  /** The namespace that the context or the pod is in. */
  readonly namespace: string;
  /** The kubeconfig's context; absent inside a cluster. */
  readonly contextName?: string;
  /** The files that the context is from; absent inside a cluster. */
  readonly kubeconfig?: string;
  readonly credentials: Credentials;
  readonly proxyUrl?: string;
  readonly agentFor?: () => Promise<Agent>;
}

/** A server as messages name it: which it is, and why it is this one. */
export function describeServer({ server, contextName, kubeconfig }: Target): string {
  return contextName === undefined ? server : `${server} (context "${contextName}" of ${kubeconfig})`;
}

/**
 * Finds the cluster as kubectl does: `kubeconfigPath`, else the files in KUBECONFIG, else `~/.kube/config`, else the
 * cluster that this process runs in.
 * @throws {OperatorError} `KubeconfigInvalid` or `FileNotReadable`.
 */
export async function findTarget(options: TargetOptions, clock: Clock): Promise<Target> {
  const target = await findOwnTarget(options, clock);
  const { impersonation } = options;
  if (impersonation === undefined) return target;
  return { ...target, credentials: impersonating(target.credentials, impersonation) };
}

async function findOwnTarget(options: TargetOptions, clock: Clock): Promise<Target> {
  const paths = await kubeconfigPaths(options);
  if (paths.length > 0) {
    const { loadKubeconfig } = await import('./kubeconfig.ts');
    return await loadKubeconfig(paths, options.context, clock);
  }
  const target = await inClusterTarget(options.environment ?? {}, clock);
  if (target !== undefined) return target;
  throw new OperatorError('There is no kubeconfig, so it is not known which cluster is meant.', {
    code: 'KubeconfigInvalid',
    hint: 'Name one with --kubeconfig or the variable KUBECONFIG.',
  });
}

async function kubeconfigPaths({ kubeconfigPath, environment = {} }: TargetOptions): Promise<readonly string[]> {
  if (kubeconfigPath !== undefined) return [kubeconfigPath];
  const listed = (environment.kubeconfig ?? '').split(delimiter).filter((path) => path !== '');
  if (listed.length > 0) {
    const existing = await existingOf(listed);
    return existing.length > 0 ? existing : listed.slice(0, 1); // whose absence is then the error
  }
  return environment.home === undefined ? [] : await existingOf([join(environment.home, '.kube', 'config')]);
}

async function existingOf(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_path, index) => found[index] === true);
}

async function inClusterTarget(environment: ClusterEnvironment, clock: Clock): Promise<Target | undefined> {
  const { serviceHost = '', servicePort = '443', serviceAccountDir = SERVICE_ACCOUNT_DIR } = environment;
  if (serviceHost === '') return undefined;
  const host = serviceHost.includes(':') ? `[${serviceHost}]` : serviceHost;
  return {
    server: `https://${host}:${servicePort}`,
    namespace: await podNamespace(serviceAccountDir),
    credentials: serviceAccountCredentials(serviceAccountDir, clock),
  };
}

async function podNamespace(serviceAccountDir: string): Promise<string> {
  try {
    return (await readFile(join(serviceAccountDir, 'namespace'), 'utf8')).trim();
  } catch {
    return 'default'; // a projected service account may come without the file
  }
}
