import type { IClusterRole, IClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { istioLabels } from '../shared/labels.ts';
import { privilegedRule } from '../shared/openshift.ts';
import { built } from '../shared/typed.ts';
import { objectAnnotations, SELECTOR, type Ztunnel } from './ztunnel.ts';

/** On OpenShift: the role that lets ztunnel run as privileged as it must, and its binding. */
export function privilegedRole(ztunnel: Ztunnel): readonly KubernetesObject[] {
  const rules = privilegedRule(ztunnel.values.platform);
  if (rules.length === 0) return [];
  const { resourceName: name, namespace } = ztunnel;
  const metadata = {
    name,
    labels: { ...istioLabels('ztunnel'), ...SELECTOR, release: name },
    annotations: objectAnnotations(ztunnel),
  };
  return [
    built<IClusterRole>({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata, rules }),
    built<IClusterRoleBinding>({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    }),
  ];
}
