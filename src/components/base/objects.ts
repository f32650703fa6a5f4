import type { KubernetesObject } from '../../core/index.ts';
import type { BaseValues, ComponentInput } from '../../values/index.ts';
import { hasClusterObjects, hasNamespacedObjects } from '../shared/resource-scope.ts';
import { istioCrds } from './crds/index.ts';
import { defaultRevisionPolicy } from './default-revision-policy.ts';
import { defaultRevisionValidator } from './default-revision-validator.ts';
import { readerServiceAccount } from './reader-service-account.ts';

/**
 * What a cluster has once, whatever number of control planes runs in it: Istio's CRDs, the account that control planes
 * of other clusters read this one with, and, where a default revision is named, who validates for it.
 */
export function baseObjects({ values }: ComponentInput<BaseValues>): readonly KubernetesObject[] {
  const scope = values.global.resourceScope;
  const objects: KubernetesObject[] = [];
  if (hasNamespacedObjects(scope) && values.global.enableReaderRBAC) {
    objects.push(readerServiceAccount(values));
  }
  if (hasClusterObjects(scope)) {
    objects.push(...crds(values));
    if (values.defaultRevision) {
      objects.push(defaultRevisionValidator(values, values.defaultRevision));
      if (values.experimental.stableValidationPolicy) objects.push(...defaultRevisionPolicy(values.defaultRevision));
    }
  }
  return objects;
}

/** Both switches off is the one way to say that somebody else looks after all CRDs: either alone leaves them in. */
function crds({ base }: BaseValues): readonly KubernetesObject[] {
  if (base.enableCRDTemplates) return istioCrds({ excluded: base.excludedCRDs });
  return base.enableIstioConfigCRDs ? istioCrds() : [];
}
