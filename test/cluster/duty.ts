import { acquireLock } from './lock.ts';
import { sendSignal } from './process-table.ts';
import { readState, removeCluster } from './state.ts';

/** What a watchdog has to end when its owner is gone. */
export interface Duty {
  /** Process groups, by the id of their leader. */
  readonly groups: readonly number[];
  /** A cluster; `instance` tells it from a later one of the same name. */
  readonly cluster?: { readonly name: string; readonly instance: string };
}

export const NO_DUTY: Duty = { groups: [] };

/** Ends what the duty names. */
export async function disposeOf({ groups, cluster }: Duty): Promise<void> {
  for (const group of groups) sendSignal(-group, 'SIGKILL');
  if (cluster === undefined) return;
  await using _lock = await acquireLock(`cluster-${cluster.name}`, () => {}, new AbortController().signal);
  // Somebody may have found the dead cluster first, and have started another one in its place.
  const state = await readState(cluster.name);
  if (state === undefined || state.instance === cluster.instance) await removeCluster(cluster.name);
}
