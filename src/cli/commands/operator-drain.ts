import { parseDurationMs } from '../input/duration.ts';
import { watchedNamespaces } from '../input/watched-namespaces.ts';
import { clusterName, withCluster } from '../live/cluster-session.ts';
import type { ConnectionFlags } from '../live/connection.ts';
import { drain, drainedBy, missingOperator } from '../live/drain.ts';
import type { Fate } from '../live/fate.ts';
import { confirm } from '../terminal/confirm.ts';
import { EXIT_FAILED, EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { say, warn } from '../terminal/messages.ts';
import { drainDeps, fateWarnings } from './operator-setup.ts';

/** Options of `iop operator drain`. */
export interface DrainFlags extends ConnectionFlags {
  readonly resources: Fate;
  readonly watchNamespace: string;
  readonly revision?: string;
  readonly operatorNamespace: string;
  readonly name: string;
  readonly timeout: string;
  readonly yes?: boolean;
}

/**
 * `iop operator drain`: what has to happen to the IstioOperators before their operator goes for good.
 * @returns 1 when one was deleted without what it had installed.
 */
export async function operatorDrain(flags: DrainFlags, io: Io): Promise<number> {
  const { resources: fate, operatorNamespace: namespace, name, revision } = flags;
  const timeoutMs = parseDurationMs(flags.timeout, '--timeout');
  if (fate === 'keep') return EXIT_OK;
  const watchNamespaces = watchedNamespaces(flags.watchNamespace);
  const job = { fate, watchNamespaces, revision, deployment: { namespace, name }, timeoutMs };
  return await withCluster(flags, io, async (cluster, scope) => {
    const concerned = await drainedBy(job, cluster, scope);
    await warn([...fateWarnings(fate, concerned), ...(await missingOperator(job, cluster, scope))], io);
    const question = `This stops the operator ${namespace}/${name} of ${clusterName(cluster)}. Go ahead?`;
    if (!(await confirm(question, flags.yes === true, io))) {
      await say('Nothing was changed.', io);
      return EXIT_FAILED;
    }
    const left = await drain(job, drainDeps(cluster, io), scope);
    return left.length === 0 ? EXIT_OK : EXIT_FAILED;
  });
}
