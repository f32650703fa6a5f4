import { planLive } from '../../apply/index.ts';
import { isAbort, issuesOf, OperatorError, throwIssues } from '../../core/index.ts';
import { planStatusOf } from '../status/plan-status.ts';
import type { Report } from '../status/status.ts';
import type { Requeue } from '../work-queue.ts';
import { applySettingsOf } from './apply-settings.ts';
import type { Pass } from './pass.ts';
import { requeueAfter } from './requeue-after.ts';
import { seeInstalled } from './see-installed.ts';

/** How old a plan gets: what the watches do not see, such as a change to an object that is not ours, shows by then. */
const REFRESH_MS = 300_000;

/** Shows in the status what an installation would do now, and writes nothing else: no object, no finalizer. */
export async function dryRunPass(pass: Pass): Promise<Requeue> {
  const report = await plan(pass);
  await pass.conclude({ report });
  return report.issues.length > 0 ? requeueAfter(report.issues) : { kind: 'after', delayMs: REFRESH_MS };
}

/** What stands in the way of a plan is part of the answer: the status keeps what it said about the installation. */
async function plan(pass: Pass): Promise<Extract<Report, { kind: 'planned' }>> {
  const { installation, deps, scope } = pass;
  try {
    const rendering = installation.rendering(pass.resource, deps.render, deps.facts);
    if (rendering.kind === 'rejected') throw rendering.error;
    await seeInstalled(pass, rendering.digested);
    throwIssues(pass.conflicts(rendering.digested));
    const claimedBy = deps.claims.besides(pass.key);
    const settings = applySettingsOf(pass.resource, rendering.manifest);
    const job = { ...settings, manifest: rendering.digested, inventory: installation.inventory, claimedBy };
    const rows = await planLive(job, deps.cluster, scope);
    return { kind: 'planned', issues: [], plan: planStatusOf(rows, rendering.manifest.notices) };
  } catch (error) {
    if (isAbort(error, scope.signal) || !(error instanceof OperatorError)) throw error;
    return { kind: 'planned', issues: issuesOf(error) };
  }
}
