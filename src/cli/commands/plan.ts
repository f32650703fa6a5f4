import { type Cluster, type PlanRow, planLive } from '../../apply/index.ts';
import type { Scope } from '../../core/index.ts';
import { type Prepared, prepare } from '../input/prepare.ts';
import type { InputFlags } from '../input/wanted.ts';
import { withCluster } from '../live/cluster-session.ts';
import type { ConnectionFlags } from '../live/connection.ts';
import { EXIT_CHANGES, EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { warn } from '../terminal/messages.ts';
import { paintFor } from '../terminal/paint.ts';
import { formatPlan, hasChanges, planJson } from '../terminal/plan-text.ts';

/** Options of `iop plan`. */
export interface PlanFlags extends ConnectionFlags, InputFlags {
  readonly force?: boolean;
  readonly output: 'text' | 'json';
}

/** `iop plan`: what an installation would change on the live cluster. @returns 2 when something would, else 0. */
export async function plan(flags: PlanFlags, io: Io): Promise<number> {
  return await withCluster(flags, io, async (cluster, scope) => {
    const prepared = await prepare(flags, cluster, io, scope);
    const rows = await showPlan(prepared, flags, { cluster, io }, scope);
    return hasChanges(rows) ? EXIT_CHANGES : EXIT_OK;
  });
}

/** Prints what an installation would change. */
export async function showPlan(
  prepared: Prepared,
  flags: Pick<PlanFlags, 'force' | 'output'>,
  { cluster, io }: { readonly cluster: Cluster; readonly io: Io },
  scope: Scope,
): Promise<readonly PlanRow[]> {
  if (prepared.held !== undefined) await warn([prepared.held], io);
  const rows = await planLive({ ...prepared, adopt: flags.force === true }, cluster, scope);
  await io.stdout.write(flags.output === 'json' ? planJson(rows) : formatPlan(rows, paintFor(io.stdout, io)));
  return rows;
}
