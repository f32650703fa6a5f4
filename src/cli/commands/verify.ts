import {
  conflictsOf,
  type DigestedManifest,
  digestManifest,
  type LiveObject,
  type PlanRow,
  planLive,
  readinessOf,
} from '../../apply/index.ts';
import type { KubernetesCluster } from '../../cluster/index.ts';
import { revisionOf } from '../../controller/index.ts';
import {
  type ClusterFacts,
  type ComponentName,
  formatId,
  type Issue,
  idOf,
  issuesOf,
  OperatorError,
  type Scope,
} from '../../core/index.ts';
import { prepare } from '../input/prepare.ts';
import { renderResource } from '../input/render-resource.ts';
import type { InputFlags } from '../input/wanted.ts';
import { withCluster } from '../live/cluster-session.ts';
import type { ConnectionFlags } from '../live/connection.ts';
import { expectRevision, findControlPlanes, revisionNamed } from '../live/control-planes.ts';
import { claimsOf, listResources } from '../live/installed.ts';
import { EXIT_FAILED, EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { say } from '../terminal/messages.ts';
import { paintFor } from '../terminal/paint.ts';
import { formatTable } from '../terminal/table.ts';

/** Options of `iop verify`. */
export interface VerifyFlags extends ConnectionFlags, InputFlags {
  readonly output: 'text' | 'json';
}

/** What was found out about one object, or about what an IstioOperator asks for. */
interface Finding extends Pick<PlanRow, 'id' | 'changes'> {
  readonly component?: ComponentName;
  readonly state: 'ok' | 'missing' | 'differs' | 'not ready' | 'not ours' | 'error';
  readonly detail: string;
  /** The IstioOperator that asks for it, as `namespace/name`; undefined for what flags ask for. */
  readonly askedBy?: string;
}

/** What was found out, and what is to be said of it when something is not as it should be. */
interface Checked {
  readonly findings: readonly Finding[];
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
    const { findings, remark } = await check(flags, cluster, io, scope);
    await io.stdout.write(flags.output === 'json' ? findingsJson(findings) : findingsText(findings, io));
    if (findings.every(({ state }) => state === 'ok')) return EXIT_OK;
    if (remark !== '') await say(remark, io);
    return EXIT_FAILED;
  });
}

/** What the flags ask for; without any, what the IstioOperators of the cluster ask for; without those, the default. */
async function check(flags: VerifyFlags, cluster: KubernetesCluster, io: Io, scope: Scope): Promise<Checked> {
  const isGiven = flags.filename.length > 0 || flags.set.length > 0;
  const all = isGiven ? [] : await listResources(cluster, scope);
  const asked = flags.revision === '' ? 'default' : flags.revision;
  const meant = all.filter((resource) => asked === undefined || revisionOf(resource) === asked);
  if (meant.length > 0) return { findings: await checkResources(meant, all, cluster, scope), remark: '' };
  const revision = isGiven ? flags.revision : await revisionThere(asked, cluster, scope);
  const prepared = await prepare({ ...flags, revision }, cluster, io, scope);
  const rows = await planLive({ ...prepared, adopt: false }, cluster, scope);
  return { findings: findingsIn(rows), remark: isGiven ? '' : COMPARED_WITH_DEFAULT };
}

/** The revision as a manifest names it. A mistyped one is no control plane of which everything is missing. */
async function revisionThere(
  revision: string | undefined,
  cluster: KubernetesCluster,
  scope: Scope,
): Promise<string | undefined> {
  if (revision === undefined) return undefined;
  const planes = await findControlPlanes(cluster, scope);
  expectRevision(revision, planes);
  return revisionNamed(revision, planes);
}

/** Each as it asks for it; one that is wrong says nothing about the others. */
async function checkResources(
  resources: readonly LiveObject[],
  all: readonly LiveObject[],
  cluster: KubernetesCluster,
  scope: Scope,
): Promise<readonly Finding[]> {
  const facts = await cluster.facts(scope);
  const claims = claimsOf(all);
  const findings: Finding[] = [];
  for (const resource of resources) {
    const askedBy = `${resource.metadata.namespace ?? ''}/${resource.metadata.name}`;
    const { manifest, issues } = renderedOf(resource, facts);
    const claimedBy = claims.besides(askedBy);
    const conflicts = manifest === undefined ? [] : conflictsOf(manifest, claimedBy);
    const wrong = [...issues, ...conflicts].map((issue) => wrongFinding(resource, issue));
    const job = { inventory: new Map(), claimedBy, adopt: false };
    const rows = manifest === undefined ? [] : await planLive({ ...job, manifest }, cluster, scope);
    findings.push(...[...wrong, ...findingsIn(rows)].map((finding) => ({ ...finding, askedBy })));
  }
  return findings;
}

/** What an IstioOperator asks for, or why that cannot be told. */
function renderedOf(
  resource: LiveObject,
  facts: ClusterFacts,
): { readonly manifest?: DigestedManifest; readonly issues: readonly Issue[] } {
  try {
    const { components, ignoredFields } = renderResource(resource, facts);
    return { manifest: digestManifest(components, ignoredFields), issues: [] };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { issues: issuesOf(error) };
  }
}

function wrongFinding(resource: LiveObject, { path, message, hint }: Issue): Finding {
  const where = path === undefined || message.startsWith(path) ? '' : `${path}: `;
  const detail = `${where}${message}${hint === undefined ? '' : ` ${hint}`}`;
  return { id: idOf(resource), state: 'error', detail, changes: [] };
}

function findingsIn(rows: readonly PlanRow[]): readonly Finding[] {
  return rows
    .filter(({ action }) => action !== 'delete')
    .map((row) => ({ id: row.id, component: row.component, changes: row.changes, ...judge(row) }));
}

function judge(row: PlanRow): Pick<Finding, 'state' | 'detail'> {
  if (row.action === 'create' || row.live === undefined) return { state: 'missing', detail: 'does not exist' };
  if (row.action === 'blocked') return { state: 'not ours', detail: row.note ?? '' };
  if (row.action === 'change') {
    const paths = row.changes.map(({ path }) => path);
    const more = paths.length > MAX_FIELDS ? ` and ${paths.length - MAX_FIELDS} more` : '';
    return { state: 'differs', detail: `${paths.slice(0, MAX_FIELDS).join(', ')}${more}` };
  }
  const { ready, message, reason, desired, readyCount } = readinessOf(row.live);
  if (!ready) return { state: 'not ready', detail: message ?? reason ?? '' };
  return { state: 'ok', detail: desired === undefined ? '' : `${readyCount ?? 0} of ${desired} ready` };
}

function findingsJson(findings: readonly Finding[]): string {
  const objects = findings.map(({ id, component, state, detail, changes, askedBy }) => ({
    ...id,
    component,
    askedBy,
    state,
    ...(detail === '' ? {} : { detail }),
    ...(changes.length === 0 ? {} : { changes }),
  }));
  return `${JSON.stringify({ ok: objects.every(({ state }) => state === 'ok'), objects }, null, 2)}\n`;
}

/** Workloads and whatever is wrong, one line each; that a role is there is a number. */
function findingsText(findings: readonly Finding[], io: Io): string {
  const paint = paintFor(io.stdout, io);
  if (findings.length > 0 && findings.every(({ state }) => state === 'missing')) {
    return `${paint('red', `Not installed: none of ${findings.length} objects is there.`)}\n`;
  }
  const shown = findings.filter(({ state, detail }) => state !== 'ok' || detail !== '');
  const isMixed = new Set(findings.map(({ askedBy }) => askedBy)).size > 1;
  const rows = [
    ['STATE', 'ISTIOOPERATOR', 'COMPONENT', 'OBJECT', 'DETAIL'],
    ...shown.map(({ id, component = '', state, detail, askedBy = '' }) => [
      state,
      askedBy,
      component,
      formatId(id),
      detail,
    ]),
  ].map((row) => (isMixed ? row : row.toSpliced(1, 1)));
  const isGood = findings.every(({ state }) => state === 'ok');
  const sum = paint(isGood ? 'green' : 'red', sumText(findings));
  return `${shown.length === 0 ? '' : formatTable(rows, io.stdout)}${sum}\n`;
}

function sumText(findings: readonly Finding[]): string {
  const wrong = new Set(findings.filter(({ state }) => state === 'error').map(({ askedBy = '' }) => askedBy));
  const objects = findings.filter(({ state }) => state !== 'error');
  const bad = objects.filter(({ state }) => state !== 'ok');
  const parts = [
    ...(wrong.size === 0 ? [] : [`Not installed as it is: the IstioOperator ${[...wrong].join(', ')}.`]),
    ...(bad.length > 0 ? [`${bad.length} of ${objects.length} objects are not as they should be.`] : []),
    ...(bad.length === 0 && (objects.length > 0 || wrong.size === 0)
      ? [`All ${objects.length} objects are there, as they should be, and ready.`]
      : []),
  ];
  return parts.join(' ');
}
