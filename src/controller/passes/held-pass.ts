import type { Issue } from '../../core/index.ts';
import { formatIssue } from '../status/format-issue.ts';
import type { Requeue } from '../work-queue.ts';
import type { Pass } from './pass.ts';
import { earliest } from './requeue-after.ts';
import { lookForUsers, removeWhenUnused } from './revision-use.ts';

/**
 * Leaves a mesh as it is whose version this operator does not install, and says so. Only who uses its control plane is
 * looked for: a revision that nobody uses any more can be removed, whatever its version is.
 */
export async function heldPass(pass: Pass, held: Issue): Promise<Requeue> {
  const { installation, deps, scope } = pass;
  await deps.watchKinds(installation.inventory.values(), scope);
  const use = await lookForUsers(pass);
  const report = { kind: 'skipped', reason: held.code, message: formatIssue(held), ...(use && { use }) } as const;
  await pass.conclude({ report });
  return earliest({ kind: 'done' }, await removeWhenUnused(pass, use));
}
