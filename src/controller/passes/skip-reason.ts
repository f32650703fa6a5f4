import { ANNOTATIONS } from '../../api/index.ts';
import type { LiveObject } from '../../apply/index.ts';
import { isObject, valueAt } from '../../core/index.ts';

/** Why a CR is not worked on, as a word and as a sentence. */
export interface SkipReason {
  readonly reason: 'InstalledState' | 'Paused' | 'OtherRevision';
  readonly message: string;
}

/** What `istioctl install` named the CRs in which it noted what it had installed. */
const INSTALLED_STATE = 'installed-state';

/**
 * A reason not to work on this CR; undefined when there is none.
 * @param revision - the only revision that this operator looks after; undefined or empty means all.
 */
export function skipReason(resource: LiveObject, revision: string | undefined): SkipReason | undefined {
  const { name, annotations } = resource.metadata;
  if (name.startsWith(INSTALLED_STATE)) {
    return {
      reason: 'InstalledState',
      message: `istioctl keeps a record in resources named ${INSTALLED_STATE}…; to have it installed by this operator, apply it under another name`,
    };
  }
  if (annotations?.[ANNOTATIONS.ignoreReconcile] === 'true') {
    return { reason: 'Paused', message: `the annotation ${ANNOTATIONS.ignoreReconcile} is set` };
  }
  const own = String(valueAt(isObject(resource.spec) ? resource.spec : {}, 'revision') ?? '');
  if (revision === undefined || revision === '' || revision === own) return undefined;
  return {
    reason: 'OtherRevision',
    message: `this operator looks after revision "${revision}" only, this is "${own}"`,
  };
}
