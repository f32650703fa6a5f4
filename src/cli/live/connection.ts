import { resolve } from 'node:path';
import type { ConnectOptions } from '../../cluster/index.ts';
import type { Io } from '../terminal/io.ts';

/** Flags that say which cluster is meant. */
export interface ConnectionFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** What `connect` needs, from the flags and the environment; kubectl reads the same ones. */
export function connectionOptions(flags: ConnectionFlags, io: Io): ConnectOptions {
  const { env } = io;
  const environment = {
    kubeconfig: env.KUBECONFIG,
    home: env.HOME,
    serviceHost: env.KUBERNETES_SERVICE_HOST,
    servicePort: env.KUBERNETES_SERVICE_PORT,
    // Where the kubelet mounts it elsewhere, and for running as in a pod without being in one.
    serviceAccountDir: env.SERVICE_ACCOUNT_DIR,
  };
  return {
    ...(flags.kubeconfig === undefined ? {} : { kubeconfigPath: resolve(io.cwd, flags.kubeconfig) }),
    ...(flags.context === undefined ? {} : { context: flags.context }),
    environment: Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined)),
    proxy: env,
  };
}
