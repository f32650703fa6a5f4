import { ISTIO_VERSION, OPERATOR_VERSION } from '../../core/index.ts';
import { withCluster } from '../live/cluster-session.ts';
import type { ConnectionFlags } from '../live/connection.ts';
import { findControlPlanes } from '../live/control-planes.ts';
import { EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { formatTable } from '../terminal/table.ts';

/** Options of `iop version`. */
export interface VersionFlags extends ConnectionFlags {
  readonly client?: boolean;
  readonly output: 'text' | 'json';
}

/** `iop version`: what this program is and installs, and the control planes of the cluster. */
export async function version(flags: VersionFlags, io: Io): Promise<number> {
  const client = { iop: OPERATOR_VERSION, istio: ISTIO_VERSION };
  if (flags.output === 'text') {
    await io.stdout.write(`iop ${client.iop}, installs Istio ${client.istio}\n`); // also when there is no cluster to ask
  }
  const planes = flags.client === true ? [] : await withCluster(flags, io, findControlPlanes);
  if (flags.output === 'json') {
    await io.stdout.write(`${JSON.stringify({ client, controlPlanes: planes }, null, 2)}\n`);
  } else if (planes.length > 0) {
    const rows = planes.map((plane) => [
      `${plane.namespace}/${plane.name}`,
      plane.revision,
      plane.version ?? 'unknown',
    ]);
    await io.stdout.write(formatTable([['CONTROL PLANE', 'REVISION', 'VERSION'], ...rows], io.stdout));
  } else if (flags.client !== true) await io.stdout.write('The cluster has no control plane.\n');
  return EXIT_OK;
}
