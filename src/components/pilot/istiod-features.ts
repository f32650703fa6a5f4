import type { TextMap } from '../../values/index.ts';
import { textOf } from '../shared/text.ts';

/** True when istiod publishes its root certificate as a ClusterTrustBundle, as its environment says. */
export function usesClusterTrustBundles(env: TextMap): boolean {
  return String(env.ENABLE_CLUSTER_TRUST_BUNDLE_API) === 'true';
}

/** The API group of ServiceExport and ServiceImport; clouds have their own. */
export function multiclusterServiceGroup(env: TextMap): string {
  return env.MCS_API_GROUP ? textOf(env.MCS_API_GROUP) : 'multicluster.x-k8s.io';
}
