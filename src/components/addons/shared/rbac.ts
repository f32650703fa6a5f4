import type { IClusterRole, IClusterRoleBinding, IPolicyRule } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { KubernetesObject } from '../../../core/index.ts';
import { built } from '../../shared/typed.ts';
import type { Addon } from './addon.ts';

const API_GROUP = 'rbac.authorization.k8s.io';

/**
 * A role in the whole cluster and who has it: the account of the add-on. The namespace is in the name, because another
 * installation may have the same add-on elsewhere.
 */
export function clusterWideRights(addon: Addon, rules: readonly IPolicyRule[]): readonly KubernetesObject[] {
  const { labels, namespace } = addon;
  const name = `${addon.name}-${namespace}`;
  return [
    built<IClusterRole>({
      apiVersion: `${API_GROUP}/v1`,
      kind: 'ClusterRole',
      metadata: { name, labels },
      rules,
    }),
    built<IClusterRoleBinding>({
      apiVersion: `${API_GROUP}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name, labels },
      roleRef: { apiGroup: API_GROUP, kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name: addon.name, namespace }],
    }),
  ];
}
