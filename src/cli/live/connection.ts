import { resolve } from 'node:path';
import type { ConnectOptions, Impersonation } from '../../cluster/index.ts';
import { OperatorError } from '../../core/index.ts';
import { parseDurationMs } from '../input/duration.ts';
import type { Io } from '../terminal/io.ts';

/** Flags that say which cluster is meant. */
export interface ConnectionFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Whose requests they count as. */
  readonly as?: string;
  readonly asGroup?: readonly string[];
  readonly asUid?: string;
  /** How long one request may take, as a Go duration. */
  readonly kubeclientTimeout?: string;
}

/**
 * What `connect` needs, from the flags and the environment; kubectl reads the same ones.
 * @throws {OperatorError} `Usage` for flags that say nothing together.
 */
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
    ...(flags.kubeconfig === undefined || flags.kubeconfig === ''
      ? {}
      : { kubeconfigPath: resolve(io.cwd, flags.kubeconfig) }),
    ...(flags.context === undefined ? {} : { context: flags.context }),
    ...impersonationOf(flags),
    ...timeoutOf(flags),
    environment: Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined)),
    proxy: env,
  };
}

function impersonationOf({ as: user, asGroup = [], asUid: uid }: ConnectionFlags): { impersonation?: Impersonation } {
  if (user !== undefined) return { impersonation: { user, groups: asGroup, ...(uid === undefined ? {} : { uid }) } };
  if (asGroup.length === 0 && uid === undefined) return {};
  throw new OperatorError(`${uid === undefined ? '--as-group' : '--as-uid'} says nothing without a user.`, {
    code: 'Usage',
    hint: 'Add --as USER; for a service account: --as system:serviceaccount:NAMESPACE:NAME.',
  });
}

function timeoutOf({ kubeclientTimeout }: ConnectionFlags): { timeoutMs?: number } {
  if (kubeclientTimeout === undefined) return {};
  const timeoutMs = parseDurationMs(kubeclientTimeout, '--kubeclient-timeout');
  if (timeoutMs > 0) return { timeoutMs };
  throw new OperatorError('--kubeclient-timeout: no request can be answered in no time.', {
    code: 'Usage',
    hint: 'Write it like 15s or 1m.',
  });
}
