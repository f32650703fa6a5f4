import {
  ISTIO_VERSION,
  type JsonObject,
  OPERATOR_VERSION,
  OperatorError,
  withoutUndefined,
  writeYaml,
} from '../../core/index.ts';
import type { ConnectionFlags } from '../live/connection.ts';
import { type ControlPlane, findControlPlanes } from '../live/control-planes.ts';
import { EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { say } from '../terminal/messages.ts';
import { formatTable } from '../terminal/table.ts';

/** Options of `iop version`. */
export interface VersionFlags extends ConnectionFlags {
  readonly client?: boolean;
  /** False asks no cluster, either. */
  readonly remote?: boolean;
  /** Numbers only. */
  readonly short?: boolean;
  readonly output: 'text' | 'json' | 'yaml';
}

/** `iop version`: what this program is and installs, and the control planes of the cluster. */
export async function version(flags: VersionFlags, io: Io): Promise<number> {
  const client = { iop: OPERATOR_VERSION, istio: ISTIO_VERSION };
  if (flags.output === 'text') {
    // also when there is no cluster to ask
    const text = flags.short === true ? client.iop : `iop ${client.iop}, installs Istio ${client.istio}`;
    await io.stdout.write(`${text}\n`);
  }
  const isAsked = flags.client !== true && flags.remote !== false;
  const found = isAsked ? await planesOf(flags, io) : undefined;
  const planes = found ?? [];
  if (flags.output === 'json') {
    await io.stdout.write(`${JSON.stringify({ client, controlPlanes: planes }, null, 2)}\n`);
  } else if (flags.output === 'yaml') {
    await io.stdout.write(writeYaml([withoutUndefined({ client, controlPlanes: planes.map(asPlain) }) as JsonObject]));
  } else if (found !== undefined) await io.stdout.write(planesText(planes, flags, io));
  return EXIT_OK;
}

/**
 * The client for clusters is loaded only when one is asked: who wants the number wants it at once.
 * @returns undefined where there is no cluster and nobody has named one: that is how it is on a new machine, and no failure.
 */
async function planesOf(flags: ConnectionFlags, io: Io): Promise<readonly ControlPlane[] | undefined> {
  const { withCluster } = await import('../live/cluster-session.ts');
  try {
    return await withCluster(flags, io, findControlPlanes);
  } catch (error) {
    const isNamed = [flags.kubeconfig, flags.context, io.env.KUBECONFIG].some(
      (name) => name !== undefined && name !== '',
    );
    if (isNamed || !(error instanceof OperatorError) || error.detail.code !== 'KubeconfigInvalid') throw error;
    await say(`No cluster was asked for its control planes. ${error.message}`, io);
    return undefined;
  }
}

function asPlain(plane: ControlPlane): JsonObject {
  return withoutUndefined({ ...plane }) as JsonObject;
}

function planesText(planes: readonly ControlPlane[], { short }: VersionFlags, io: Io): string {
  if (planes.length === 0) return 'The cluster has no control plane.\n';
  const rows = planes.map((plane) => [`${plane.namespace}/${plane.name}`, plane.revision, plane.version ?? 'unknown']);
  if (short === true) return rows.map(([, revision, number]) => `${number} (${revision})\n`).join('');
  return formatTable([['CONTROL PLANE', 'REVISION', 'VERSION'], ...rows], io.stdout);
}
