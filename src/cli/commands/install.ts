import { LABELS } from '../../api/index.ts';
import { type ComponentState, leftOver, type Outcome } from '../../apply/index.ts';
import type { KubernetesCluster } from '../../cluster/index.ts';
import {
  type ComponentName,
  formatId,
  idKey,
  type ObjectId,
  OperatorError,
  type Scope,
  systemClock,
  throwIssues,
} from '../../core/index.ts';
import { parseDurationMs } from '../input/duration.ts';
import { operatedNotice, type Prepared, prepareWanted } from '../input/prepare.ts';
import { type InputFlags, readWanted, type Wanted } from '../input/wanted.ts';
import { clusterName, withCluster } from '../live/cluster-session.ts';
import type { ConnectionFlags } from '../live/connection.ts';
import { type ControlPlane, expectRevision, findControlPlanes, revisionNamed } from '../live/control-planes.ts';
import { type InstallJob, installOnce } from '../live/install-once.ts';
import { claimsOf, listResources } from '../live/installed.ts';
import { confirm } from '../terminal/confirm.ts';
import { EXIT_FAILED, EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { say, warn } from '../terminal/messages.ts';
import { paintFor } from '../terminal/paint.ts';
import { startProgress } from '../terminal/progress.ts';
import { versionStep } from '../terminal/version-step.ts';
import { showPlan } from './plan.ts';

/** Options of `iop install` and `iop upgrade`. */
export interface InstallFlags extends ConnectionFlags, InputFlags {
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly quiet?: boolean;
  readonly output: 'text' | 'json';
  readonly readinessTimeout: string;
}

/** `iop install`: applies once and waits until everything is ready. Running it again finishes what was interrupted. */
export async function install(flags: InstallFlags, io: Io): Promise<number> {
  return await run(flags, io, async (_planes, cluster, scope) => readWanted(flags, await cluster.facts(scope), io));
}

/** `iop upgrade`: the same for a control plane that is there already; it warns of steps that Istio does not support. */
export async function upgrade(flags: InstallFlags, io: Io): Promise<number> {
  return await run(flags, io, async (planes, cluster, scope) => {
    const revision = revisionNamed(flags.revision, planes);
    const wanted = await readWanted({ ...flags, revision }, await cluster.facts(scope), io);
    await expectOwn(wanted, expectRevision(wanted.rendering.revision, planes), cluster, scope);
    return wanted;
  });
}

/** Makes sure that the upgrade of a control plane is not for an operator to do. */
async function expectOwn(
  { owner, rendering }: Wanted,
  planes: readonly ControlPlane[],
  cluster: KubernetesCluster,
  scope: Scope,
): Promise<void> {
  const claimedBy = claimsOf(await listResources(cluster, scope)).besides(`${owner.namespace}/${owner.name}`);
  const holders = planes.map((plane) => claimedBy({ group: 'apps', kind: 'Deployment', ...plane })[0]);
  const [holder] = holders;
  if (holder === undefined || holders.includes(undefined)) return;
  throw new OperatorError(
    `The control plane of the revision "${rendering.revision}" belongs to the IstioOperator ${holder.owner}, which is upgraded by its operator.`,
    {
      code: 'Conflict',
      hint: 'Bring the operator up to date with iop operator init --image IMAGE; settings are changed with kubectl apply.',
    },
  );
}

/** Objects that the question names before it only counts. */
const MAX_REMOVED = 10;

/** Reads what is to be installed, and refuses what cannot be. */
type Read = (planes: readonly ControlPlane[], cluster: KubernetesCluster, scope: Scope) => Promise<Wanted>;

async function run(flags: InstallFlags, io: Io, read: Read): Promise<number> {
  const readinessTimeoutMs = parseDurationMs(flags.readinessTimeout, '--readiness-timeout');
  return await withCluster(flags, io, async (cluster, scope) => {
    const planes = await findControlPlanes(cluster, scope);
    // what the manifest has in common with others comes later: it would hide that there is nothing to upgrade
    const wanted = await read(planes, cluster, scope);
    const prepared = await prepareWanted(wanted, cluster, io, scope);
    if (flags.dryRun === true) {
      await showPlan(prepared, flags, { cluster, io }, scope);
      return EXIT_OK;
    }
    throwIssues(prepared.held === undefined ? [] : [prepared.held]);
    if (prepared.operated !== undefined) await warn([operatedNotice(prepared.operated)], io);
    const question = questionFor(prepared, planes, cluster);
    if (!(await confirm(question, flags.yes === true, io))) {
      await io.stderr.write('Nothing was changed.\n');
      return EXIT_FAILED;
    }
    const job = jobFor(prepared, flags, readinessTimeoutMs);
    const outcomes = await apply(job, flags, { cluster, io }, scope);
    await conclude(prepared, outcomes, flags, io);
    return EXIT_OK;
  });
}

function questionFor(
  { rendering, inventory, manifest }: Prepared,
  planes: readonly ControlPlane[],
  cluster: KubernetesCluster,
): string {
  const { version, revision, resolved } = rendering;
  const current = planes.find((plane) => plane.revision === revision);
  const wanted = manifest.components.flatMap(({ objects }) => objects.map(({ id }) => idKey(id)));
  const gone = leftOver(inventory, new Set(wanted));
  const name = revision === 'default' ? '' : `, revision "${revision}"`;
  return `${versionStep(current?.version, version)}This installs Istio ${version} with the profile "${resolved.profile}"${name} into ${clusterName(cluster)}.\n${removalText(gone)}Go ahead?`;
}

/** What an installation removes, a line each as far as anybody reads. */
function removalText(gone: readonly ObjectId[]): string {
  if (gone.length === 0) return '';
  const lines = gone.slice(0, MAX_REMOVED).map((id) => `  - ${formatId(id)}\n`);
  const more = gone.length > MAX_REMOVED ? `  and ${gone.length - MAX_REMOVED} more, which iop plan lists\n` : '';
  return `It removes ${gone.length} object${gone.length === 1 ? '' : 's'}:\n${lines.join('')}${more}`;
}

function jobFor(prepared: Prepared, flags: InstallFlags, readinessTimeoutMs: number): InstallJob {
  const { manifest, owner, inventory, claimedBy, rendering } = prepared;
  const settings = { adopt: flags.force === true, namespaceLabels: rendering.namespaceLabels ?? {} };
  return { manifest, owner, inventory, claimedBy, settings, readinessTimeoutMs };
}

async function apply(
  job: InstallJob,
  flags: InstallFlags,
  { cluster, io }: { readonly cluster: KubernetesCluster; readonly io: Io },
  scope: Scope,
): Promise<readonly Outcome[]> {
  const names = job.manifest.components.map(({ component }) => component);
  const progress = await startProgress(names, flags, io);
  let isDone = false;
  try {
    const deps = {
      cluster,
      clock: systemClock,
      onState: (state: ComponentState) => progress.update(state),
      onRetry: progress.retrying.bind(progress),
    };
    const outcomes = await installOnce(job, deps, scope);
    isDone = true;
    return outcomes;
  } finally {
    await progress.end(isDone);
    if (io.signal.aborted) {
      await say('Interrupted. What was applied stays; the same command finishes the installation.', io);
    }
  }
}

async function conclude(prepared: Prepared, outcomes: readonly Outcome[], flags: InstallFlags, io: Io): Promise<void> {
  const { rendering, owner } = prepared;
  const applied = outcomes
    .flatMap((outcome) => outcome.applied)
    .filter(({ action }) => action !== 'failed' && action !== 'skipped');
  const deleted = outcomes.flatMap((outcome) => outcome.deleted);
  if (flags.output === 'json') {
    const objects = applied.map(({ planned: { id }, action }) => ({ ...id, action }));
    const removed = deleted.map(({ group, kind, namespace, name }) => ({
      group,
      kind,
      namespace,
      name,
      action: 'deleted',
    }));
    const { version, revision, resolved } = rendering;
    const summary = { version, revision, profile: resolved.profile, owner, objects: [...objects, ...removed] };
    await io.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  }
  if (flags.quiet === true) return;
  const changed = applied.filter(({ action }) => action !== 'unchanged').length;
  const paint = paintFor(io.stderr, io);
  await io.stderr.write(
    `${paint('green', `Istio ${rendering.version} is installed`)}: ${changed} objects written, ${deleted.length} removed.\n${nextStep(prepared)}`,
  );
}

/** How to go on, where there is a control plane that namespaces can follow. */
function nextStep({ rendering, manifest }: Prepared): string {
  const has = (name: ComponentName) => manifest.components.some(({ component }) => component === name);
  if (!has('Pilot')) return '';
  const { revision } = rendering;
  const sidecars = revision === 'default' ? 'istio-injection=enabled' : `${LABELS.revision}=${revision}`;
  const label = has('Ztunnel') ? 'istio.io/dataplane-mode=ambient' : sidecars;
  return `Put a namespace into the mesh with:\n  kubectl label namespace NAME ${label}\n`;
}
