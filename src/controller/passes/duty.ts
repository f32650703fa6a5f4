import { ANNOTATIONS, heldVersion } from '../../api/index.ts';
import type { LiveObject } from '../../apply/index.ts';
import type { Issue } from '../../core/index.ts';
import { type SkipReason, skipReason } from './skip-reason.ts';

/** What is to be done for a CR that no other operator looks after. */
export type Duty =
  | { readonly kind: 'delete' | 'dryRun' | 'install' }
  | { readonly kind: 'skip'; readonly why: SkipReason }
  | { readonly kind: 'hold'; readonly held: Issue };

/**
 * Decides it from the CR alone.
 * @param options - the only revision that this operator looks after, and whether it deletes what it has installed.
 */
export function dutyFor(
  resource: LiveObject,
  options: { readonly revision?: string | undefined; readonly usesFinalizer: boolean },
): Duty {
  const { deletionTimestamp, annotations } = resource.metadata;
  const why = skipReason(resource, options.revision);
  // An operator that holds no CR would only take the finalizer off, and with it from another one what that has to delete.
  const isOthers = !options.usesFinalizer && why?.reason === 'OtherRevision';
  // Deletion comes first: a CR can always be deleted.
  if (deletionTimestamp !== undefined && !isOthers) return { kind: 'delete' };
  if (why !== undefined) return { kind: 'skip', why };
  if (annotations?.[ANNOTATIONS.dryRun] === 'true') return { kind: 'dryRun' };
  const held = heldVersion(annotations);
  return held === undefined ? { kind: 'install' } : { kind: 'hold', held };
}
