import { ANNOTATIONS, pruneModeOf, readStatus } from '../../api/index.ts';
import { type ComponentState, converge, leftOver, type Outcome, sameObjects, withManifest } from '../../apply/index.ts';
import { type ComponentName, formatId, idKey, issuesOf, type Manifest, type Notice, shown } from '../../core/index.ts';
import { settleFinalizer } from '../status/resource-writer.ts';
import type { ConvergingReport, Report } from '../status/status.ts';
import type { Requeue } from '../work-queue.ts';
import { applySettingsOf } from './apply-settings.ts';
import { DELETION_POLL_MS } from './delete-pass.ts';
import type { RenderedManifest } from './installation.ts';
import type { Pass } from './pass.ts';
import { purgeNotices } from './purge.ts';
import { earliest, requeueAfter } from './requeue-after.ts';
import { lookForUsers, removalDelay, removeWhenUnused } from './revision-use.ts';
import { seeInstalled } from './see-installed.ts';
import type { StuckRollout } from './stuck-rollouts.ts';

/**
 * Brings the cluster closer to what the CR asks for.
 * @param readinessTimeoutMs - how long a component may take to become ready.
 */
export async function installPass(pass: Pass, readinessTimeoutMs: number): Promise<Requeue> {
  const { installation, deps, scope } = pass;
  // Before anything that takes time: a stale HEALTHY would let Argo CD start the next sync wave.
  if (readStatus(pass.resource.status).observedGeneration !== pass.resource.metadata.generation) {
    await pass.write({ kind: 'accepted' });
  }
  await pass.claim();
  const rendering = installation.rendering(pass.resource, deps.render, deps.facts);
  if (rendering.kind === 'rejected') {
    const { code, path } = rendering.error.detail;
    scope.log.warn({ code, path }, 'resource rejected');
    return await keepAccepted(pass, { kind: 'rejected', issues: issuesOf(rendering.error) }, readinessTimeoutMs);
  }
  pass.resource = await settleFinalizer(pass.resource, deps, scope);
  await seeInstalled(pass, rendering.digested);
  const conflicts = pass.conflicts(rendering.digested);
  if (conflicts.length > 0) {
    deps.claims.waitForOthers(pass.key);
    await keepAccepted(pass, { kind: 'blocked', issues: conflicts }, readinessTimeoutMs);
    return { kind: 'backoff' };
  }
  installation.accepted = rendering;
  await recordIntent(pass, rendering);
  const outcome = await convergePass(pass, rendering);
  pass.setInventory(outcome.inventory);
  const { converging, stuck, requeue } = await sumUp(pass, rendering, outcome, readinessTimeoutMs);
  await pass.conclude({ report: converging, outcome, stuck });
  return earliest(requeue, await removeWhenUnused(pass, converging.use));
}

/**
 * Looks after what was accepted last as long as the document is wrong or in the way of another CR: nothing new is sent and
 * nothing is pruned.
 * @returns when to look again, as far as what is installed is concerned.
 */
async function keepAccepted(
  pass: Pass,
  refused: Extract<Report, { kind: 'rejected' | 'blocked' }>,
  readinessTimeoutMs: number,
): Promise<Requeue> {
  const { accepted } = pass.installation;
  if (accepted === undefined) {
    await pass.conclude({ report: refused });
    return { kind: 'done' };
  }
  await pass.write(refused); // what is wrong does not wait for repairs
  await seeInstalled(pass, accepted.digested);
  const outcome = await convergePass(pass, accepted, true);
  pass.setInventory(outcome.inventory);
  const { converging, stuck, requeue } = await sumUp(pass, accepted, outcome, readinessTimeoutMs);
  await pass.conclude({ report: { ...refused, installed: converging }, outcome, stuck });
  return requeue;
}

/** Puts everything that is about to be created on record first, so that a crash orphans nothing. */
async function recordIntent(pass: Pass, { digested }: RenderedManifest): Promise<void> {
  const { inventory } = pass.installation;
  const intended = withManifest(inventory, digested);
  pass.setInventory(intended);
  if (!sameObjects(inventory, intended)) await pass.write({ kind: 'accepted' });
}

async function convergePass(
  pass: Pass,
  { digested, manifest }: RenderedManifest,
  repairsOnly = false,
): Promise<Outcome> {
  const settings = applySettingsOf(pass.resource, manifest);
  const input = { manifest: digested, inventory: pass.installation.inventory, settings, repairsOnly };
  return await converge(input, pass.convergeDeps, pass.scope);
}

/** What the outcome of a pass means for the status, and when the next one is due. */
async function sumUp(
  pass: Pass,
  { digested, manifest }: RenderedManifest,
  outcome: Outcome,
  readinessTimeoutMs: number,
): Promise<{ converging: ConvergingReport; stuck: readonly StuckRollout[]; requeue: Requeue }> {
  const { installation, deps, scope } = pass;
  const timing = timingOf(pass, outcome.components, readinessTimeoutMs);
  const { components, stuck, nextMs } = await installation.rollouts.explain(outcome.components, deps, scope);
  const use = await lookForUsers(pass);
  const wanted = digested.components.flatMap(({ objects }) => objects.map(({ id }) => idKey(id)));
  const converging: ConvergingReport = {
    kind: 'converging',
    components,
    timedOut: timing.timedOut,
    leftOver:
      pruneModeOf(pass.resource.metadata.annotations) === 'off' ? [] : leftOver(outcome.inventory, new Set(wanted)),
    ...(outcome.held === undefined ? {} : { held: outcome.held }),
    pruneIssues: outcome.pruneIssues,
    notices: [...manifest.notices, ...noticesOf(pass, outcome)],
    versions: versionsOf(manifest),
    ...(use === undefined ? {} : { use }),
  };
  const issues = [...outcome.components.flatMap((state) => state.issues), ...outcome.pruneIssues];
  const removing: Requeue =
    outcome.deleting.length > 0 ? { kind: 'after', delayMs: DELETION_POLL_MS } : { kind: 'done' };
  const requeue = earliest(
    issues.length > 0 ? requeueAfter(issues) : removing,
    timing.nextMs,
    nextMs,
    outcome.lookAgainMs,
  );
  return { converging, stuck, requeue };
}

/** Base has no workload and is of the version of the rest; add-ons have versions of their own. */
function versionsOf({ components, version }: Manifest): Partial<Record<ComponentName, string>> {
  const istio = components.filter(({ component }) => component !== 'AddonComponents');
  return Object.fromEntries(istio.map((each) => [each.component, each.version ?? version]));
}

/** What to know besides what the document says. */
function noticesOf({ resource }: Pass, { stays }: Outcome): readonly Notice[] {
  return [...notPruned(stays), ...purgeNotices(resource), ...removalDelay(resource).notices];
}

/** What is left over and stays is worth a word as long as it is there. */
function notPruned(stays: Outcome['stays']): readonly Notice[] {
  if (stays.length === 0) return [];
  const message = `No longer asked for and not removed, because pruning is off: ${shown(stays.map(formatId))}.`;
  return [{ code: 'NotPruned', message, hint: `Remove the annotation ${ANNOTATIONS.prune} to have them removed.` }];
}

/** Which components have been unready for too long, and in how many milliseconds the next one will have been. */
function timingOf(
  { installation, deps }: Pass,
  components: readonly ComponentState[],
  readinessTimeoutMs: number,
): { timedOut: ReadonlySet<ComponentName>; nextMs?: number } {
  const nowMs = deps.clock.monotonicMs();
  const timedOut = new Set<ComponentName>();
  let nextMs = Number.POSITIVE_INFINITY;
  for (const { component, phase } of components) {
    const unreadyMs = installation.unreadyForMs(component, phase !== 'progressing', nowMs);
    if (unreadyMs === undefined) continue;
    const leftMs = readinessTimeoutMs - unreadyMs;
    if (leftMs <= 0) timedOut.add(component);
    else nextMs = Math.min(nextMs, leftMs);
  }
  return Number.isFinite(nextMs) ? { timedOut, nextMs } : { timedOut };
}
