import { deletionOrder, prune } from '../../apply/index.ts';
import { isDoneWithin, OperatorError } from '../../core/index.ts';
import { hasFinalizer, removeFinalizer } from '../status/resource-writer.ts';
import type { Requeue } from '../work-queue.ts';
import { handBackPass, isHandedBack } from './hand-back-pass.ts';
import type { Pass } from './pass.ts';
import { isPurged } from './purge.ts';
import { type DeletionBlock, LOOK_MS, whatBlocksDeletion } from './revision-use.ts';

/** How soon a deletion that waits for finalizers is looked at again, besides when the watch tells. */
export const DELETION_POLL_MS = 2_000;

/** How soon a deletion that waits for users is looked at again, besides when they go. */
const BLOCKED_POLL_MS = 30_000;

/** Removes what the CR installed, then its finalizer. Nothing that can be wrong with the CR stands in the way. */
export async function deletePass(pass: Pass): Promise<Requeue> {
  const { installation, deps, scope } = pass;
  if (!hasFinalizer(pass.resource)) return { kind: 'done' };
  if (!deps.usesFinalizer) return await letGo(pass);
  await pass.claim();
  if (installation.mayHaveUnrecorded) await pass.findLabelled();
  if (isHandedBack(pass.resource)) return await handBackPass(pass);
  await lookAtInstalled(pass);
  const blocked = await whatBlocksDeletion(pass);
  if (blocked !== undefined) return await waitForUsers(pass, blocked);
  const entries = deletionOrder([...installation.inventory.values()]);
  const purge = isPurged(pass.resource) ? { isPurge: true } : {};
  const pruned = await prune(entries, installation.inventory, { ...pass.convergeDeps, ...purge }, scope);
  pass.setInventory(pruned.inventory);
  if (pruned.inventory.size === 0) {
    await removeFinalizer(pass.resource, deps, scope);
    scope.log.info({ deleted: pruned.deleted.length }, 'installation removed');
    pass.tell({ report: { kind: 'deleting', remaining: 0, issues: [], ...purge } });
    return { kind: 'done' };
  }
  const remaining = pruned.inventory.size;
  await pass.conclude({ report: { kind: 'deleting', remaining, issues: pruned.issues, ...purge } });
  return pruned.issues.length > 0 ? { kind: 'backoff' } : { kind: 'after', delayMs: DELETION_POLL_MS };
}

/** Where the operator works without a finalizer, a deletion leaves what was installed: it may not be there to see it. */
async function letGo({ key, resource, deps, scope }: Pass): Promise<Requeue> {
  await removeFinalizer(resource, deps, scope);
  deps.onForget?.(key);
  scope.log.info({}, 'resource let go, what it installed stays');
  return { kind: 'done' };
}

/** Whoever uses its control plane is watched, and wakes it when he no longer does; that another one goes, too, is not. */
async function waitForUsers(pass: Pass, { issue, use }: DeletionBlock): Promise<Requeue> {
  const remaining = pass.installation.inventory.size;
  await pass.conclude({ report: { kind: 'deleting', remaining, issues: [issue], use } });
  return { kind: 'after', delayMs: BLOCKED_POLL_MS };
}

/** After a restart, what is installed has not been seen. Somebody may want some of it kept; not to see it stops nothing. */
async function lookAtInstalled({ installation, deps, scope }: Pass): Promise<void> {
  const seen = deps.watchKinds(installation.inventory.values(), scope).catch((error: unknown) => {
    if (!(error instanceof OperatorError)) throw error;
    scope.log.warn({ code: error.detail.code }, 'installed objects not seen before their deletion');
  });
  await isDoneWithin(LOOK_MS, seen, deps.clock);
}
