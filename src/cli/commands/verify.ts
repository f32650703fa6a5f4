import { digestManifest, type LiveObject, type PlanRow, planLive, readinessOf } from '../../apply/index.ts';
import type { KubernetesCluster } from '../../cluster/index.ts';
import { formatId, type JsonObject, type Scope, valueAt } from '../../core/index.ts';
import { prepare } from '../input/prepare.ts';
import { renderResource } from '../input/render-resource.ts';
import type { InputFlags } from '../input/wanted.ts';
import { withCluster } from '../live/cluster-session.ts';
import type { ConnectionFlags } from '../live/connection.ts';
import { expectControlPlane } from '../live/control-planes.ts';
import { listResources } from '../live/installed.ts';
import { EXIT_FAILED, EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { say } from '../terminal/messages.ts';
import { paintFor } from '../terminal/paint.ts';
import { formatTable } from '../terminal/table.ts';

/** Options of `iop verify`. */
export interface VerifyFlags extends ConnectionFlags, InputFlags {
  readonly output: 'text' | 'json';
}

/** What was found out about one object. */
interface Finding {
  readonly row: PlanRow;
  readonly state: 'ok' | 'missing' | 'differs' | 'not ready' | 'not ours';
  readonly detail: string;
}

/** What is compared, and what is to be said of it when something is not as it should be. */
interface Expected {
  readonly rows: readonly PlanRow[];
  readonly remark: string;
}

const COMPARED_WITH_DEFAULT =
  'This compares with the default profile. What was installed with -f or --set is verified with the same -f and --set.';

/** Fields that are named when an object differs; a table has no room for more. */
const MAX_FIELDS = 3;

/**
 * `iop verify`: every object of the manifest is there, the fields that it sets have these values, workloads are ready.
 * @returns 1 when something is not so.
 */
export async function verify(flags: VerifyFlags, io: Io): Promise<number> {
  return await withCluster(flags, io, async (cluster, scope) => {
    const { rows, remark } = await rowsFor(flags, cluster, io, scope);
    const findings = rows.filter(({ action }) => action !== 'delete').map(findingFor);
    const bad = findings.filter(({ state }) => state !== 'ok');
    await io.stdout.write(flags.output === 'json' ? findingsJson(findings) : findingsText(findings, bad, io));
    if (bad.length === 0) return EXIT_OK;
    if (remark !== '') await say(remark, io);
    return EXIT_FAILED;
  });
}

/** What the flags ask for; without any, what the IstioOperators of the cluster ask for; without those, the default. */
async function rowsFor(flags: VerifyFlags, cluster: KubernetesCluster, io: Io, scope: Scope): Promise<Expected> {
  const isGiven = flags.filename.length > 0 || flags.set.length > 0;
  const resources = isGiven ? [] : (await listResources(cluster, scope)).filter((resource) => isMeant(resource, flags));
  if (resources.length === 0) {
    // a mistyped revision is no control plane of which everything is missing
    if (!isGiven && flags.revision !== undefined) await expectControlPlane(flags.revision, cluster, scope);
    const prepared = await prepare(flags, cluster, io, scope);
    const rows = await planLive({ ...prepared, adopt: false }, cluster, scope);
    return { rows, remark: isGiven ? '' : COMPARED_WITH_DEFAULT };
  }
  const facts = await cluster.facts(scope);
  const rows: PlanRow[] = [];
  for (const resource of resources) {
    const { components, ignoredFields } = renderResource(resource, facts);
    const manifest = digestManifest(components, ignoredFields);
    const job = { manifest, inventory: new Map(), claimedBy: () => [], adopt: false };
    rows.push(...(await planLive(job, cluster, scope)));
  }
  return { rows, remark: '' };
}

function isMeant({ spec }: LiveObject, { revision }: VerifyFlags): boolean {
  return revision === undefined || valueAt((spec ?? {}) as JsonObject, 'revision') === revision;
}

function findingFor(row: PlanRow): Finding {
  if (row.action === 'create' || row.live === undefined) return { row, state: 'missing', detail: 'does not exist' };
  if (row.action === 'blocked') return { row, state: 'not ours', detail: row.note ?? '' };
  if (row.action === 'change') {
    const paths = row.changes.map(({ path }) => path);
    const more = paths.length > MAX_FIELDS ? ` and ${paths.length - MAX_FIELDS} more` : '';
    return { row, state: 'differs', detail: `${paths.slice(0, MAX_FIELDS).join(', ')}${more}` };
  }
  const { ready, message, reason, desired, readyCount } = readinessOf(row.live);
  if (!ready) return { row, state: 'not ready', detail: message ?? reason ?? '' };
  return { row, state: 'ok', detail: desired === undefined ? '' : `${readyCount ?? 0} of ${desired} ready` };
}

function findingsJson(findings: readonly Finding[]): string {
  const objects = findings.map(({ row: { id, component, changes }, state, detail }) => ({
    ...id,
    component,
    state,
    ...(detail === '' ? {} : { detail }),
    ...(changes.length === 0 ? {} : { changes }),
  }));
  return `${JSON.stringify({ ok: objects.every(({ state }) => state === 'ok'), objects }, null, 2)}\n`;
}

/** Workloads and whatever is wrong, one line each; that a role is there is a number. */
function findingsText(findings: readonly Finding[], bad: readonly Finding[], io: Io): string {
  const paint = paintFor(io.stdout, io);
  if (findings.length > 0 && findings.every(({ state }) => state === 'missing')) {
    return `${paint('red', `Not installed: none of ${findings.length} objects is there.`)}\n`;
  }
  const shown = findings.filter(({ state, detail }) => state !== 'ok' || detail !== '');
  const table = formatTable(
    [
      ['STATE', 'COMPONENT', 'OBJECT', 'DETAIL'],
      ...shown.map(({ row, state, detail }) => [state, row.component, formatId(row.id), detail]),
    ],
    io.stdout,
  );
  const sum =
    bad.length === 0
      ? paint('green', `All ${findings.length} objects are there, as they should be, and ready.`)
      : paint('red', `${bad.length} of ${findings.length} objects are not as they should be.`);
  return `${shown.length === 0 ? '' : table}${sum}\n`;
}
