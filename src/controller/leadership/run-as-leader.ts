import type { Cluster } from '../../apply/index.ts';
import type { Scope } from '../../core/index.ts';
import { fencedCluster, type WriteFence } from './fenced-cluster.ts';
import { LeaderElection, type LeaderElectionDeps, type LeaderElectionOptions } from './leader-election.ts';

/** Collaborators of a leader. */
export interface RunAsLeaderDeps extends LeaderElectionDeps {
  /** Guarded by the lease from now on; the client behind `cluster` asks it before every request. */
  readonly fence?: WriteFence;
}

/**
 * Runs `work` whenever this process is the leader, until the scope is aborted. The cluster that the work is given writes
 * nothing unless the lease is surely held.
 * @param work - goes on until its scope is aborted; see `LeaderElection.run`.
 */
export async function runAsLeader(
  options: LeaderElectionOptions,
  deps: RunAsLeaderDeps,
  work: (cluster: Cluster, scope: Scope) => Promise<void>,
  scope: Scope,
): Promise<void> {
  const election = new LeaderElection(options, deps);
  const isHeld = () => election.isHeld();
  const fenced = fencedCluster(deps.cluster, { clock: deps.clock, isHeld });
  deps.fence?.guard(isHeld);
  await election.run((inner) => work(fenced, inner), scope);
}
