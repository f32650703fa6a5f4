import { systemClock } from '../../core/index.ts';
import { parseDurationMs } from '../input/duration.ts';
import { watchedNamespaces } from '../input/watched-namespaces.ts';
import { withCluster } from '../live/cluster-session.ts';
import type { ConnectionFlags } from '../live/connection.ts';
import { drain } from '../live/drain.ts';
import type { Fate } from '../live/fate.ts';
import { EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';

/** Options of `iop operator drain`. */
export interface DrainFlags extends ConnectionFlags {
  readonly resources: Fate;
  readonly watchNamespace: string;
  readonly revision?: string;
  readonly operatorNamespace: string;
  readonly name: string;
  readonly timeout: string;
}

/** `iop operator drain`: what has to happen to the IstioOperators before their operator goes for good. */
export async function operatorDrain(flags: DrainFlags, io: Io): Promise<number> {
  const { resources: fate, operatorNamespace: namespace, name, revision } = flags;
  const timeoutMs = parseDurationMs(flags.timeout, '--timeout');
  if (fate === 'keep') return EXIT_OK;
  const watchNamespaces = watchedNamespaces(flags.watchNamespace);
  const job = { fate, watchNamespaces, revision, deployment: { namespace, name }, timeoutMs };
  return await withCluster(flags, io, async (cluster, scope) => {
    const say = async (line: string) => void (await io.stderr.write(`${line}\n`));
    const left = await drain(job, { cluster, clock: systemClock, say }, scope);
    for (const resource of left) {
      await say(
        `warning: ${resource} was deleted without all that it installed: the operator did not get through in time.`,
      );
    }
    return EXIT_OK;
  });
}
