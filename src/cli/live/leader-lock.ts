import { randomUUID } from 'node:crypto';
import { type LeaderElectionOptions, lockName } from '../../controller/index.ts';
import { OperatorError } from '../../core/index.ts';
import { parseDurationMs } from '../input/duration.ts';
import type { Io } from '../terminal/io.ts';

/** Two attempts to renew must fit in, or one lost answer ends the leadership. */
const LEAST_RENEW_DEADLINE_MS = 4_000;

/** Flags that say how several operators agree on one that works. */
export interface LeaderLockFlags {
  readonly leaderElectionNamespace?: string;
  readonly renewDeadline: string;
  readonly revision?: string;
}

/**
 * The lock that this process competes for: in the namespace that was asked for, else in that of its own pod.
 * @param cluster - the connection; without a context it is that of a pod.
 * @throws {OperatorError} `Usage` when the deadline cannot be kept.
 * @returns undefined where there is no such namespace (a workstation), or the flag is empty: then nobody is waited for.
 */
export function leaderLock(
  flags: LeaderLockFlags,
  cluster: { readonly contextName: string | undefined; readonly namespace: string },
  { env }: Pick<Io, 'env'>,
): LeaderElectionOptions | undefined {
  const renewDeadlineMs = parseDurationMs(flags.renewDeadline, '--renew-deadline');
  if (renewDeadlineMs < LEAST_RENEW_DEADLINE_MS) {
    throw new OperatorError(`--renew-deadline: ${flags.renewDeadline} is too short.`, {
      code: 'Usage',
      hint: 'Leases are renewed every 2s, so give it 4s or more.',
    });
  }
  const own = cluster.contextName === undefined ? cluster.namespace : '';
  const namespace = flags.leaderElectionNamespace ?? env.POD_NAMESPACE ?? own;
  if (namespace === '') return undefined;
  return {
    namespace,
    name: lockName(flags.revision),
    identity: `${env.POD_NAME ?? env.HOSTNAME ?? 'istio-operator'}_${randomUUID()}`,
    renewDeadlineMs,
  };
}
