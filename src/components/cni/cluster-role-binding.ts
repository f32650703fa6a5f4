import type { IClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { built } from '../shared/typed.ts';
import { agentLabels, NAME, type NodeAgent } from './node-agent.ts';
import { ROLES } from './roles.ts';

/** Gives the agent its roles. */
export function clusterRoleBindings(agent: NodeAgent): readonly KubernetesObject[] {
  return ROLES.filter(({ isNeeded }) => isNeeded(agent)).map(({ role, binding, bindingLabel }) =>
    built<IClusterRoleBinding>({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: binding, labels: { ...agentLabels(agent), ...bindingLabel } },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: agent.namespace }],
    }),
  );
}
