import { ANNOTATIONS } from '../../api/index.ts';
import { handBack, type LiveObject } from '../../apply/index.ts';
import { removeFinalizer } from '../status/resource-writer.ts';
import type { Requeue } from '../work-queue.ts';
import type { Pass } from './pass.ts';

/** True for a CR whose deletion leaves what it installed to somebody else. */
export function isHandedBack({ metadata }: LiveObject): boolean {
  return metadata.annotations?.[ANNOTATIONS.handBack] === 'true';
}

/** Leaves what a CR installed to another tool, then removes its finalizer. Nobody who uses the control plane loses it. */
export async function handBackPass(pass: Pass): Promise<Requeue> {
  const { installation, convergeDeps, deps, scope } = pass;
  const handedBack = installation.inventory.size;
  const { inventory, issues } = await handBack(installation.inventory, convergeDeps, scope);
  pass.setInventory(inventory);
  const report = { kind: 'deleting', remaining: inventory.size, issues, isHandBack: true } as const;
  if (inventory.size > 0) {
    await pass.conclude({ report });
    return { kind: 'backoff' };
  }
  await removeFinalizer(pass.resource, deps, scope);
  scope.log.info({ handedBack }, 'installation handed back');
  pass.tell({ report });
  return { kind: 'done' };
}
