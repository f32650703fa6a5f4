import type { IClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { built } from '../shared/typed.ts';
import { deploysGateways, gatewayControllerRoleName, istiodClusterRoleName } from './cluster-role-names.ts';
import type { PilotContext } from './pilot-context.ts';

/** Gives istiod's cluster roles to its account. Each binding has the name of its role. */
export function clusterRoleBindings(pilot: PilotContext): readonly KubernetesObject[] {
  const names = [istiodClusterRoleName(pilot), ...(deploysGateways(pilot) ? [gatewayControllerRoleName(pilot)] : [])];
  return names.map((name) =>
    built<IClusterRoleBinding>({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name, labels: pilot.labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name: pilot.name, namespace: pilot.istioNamespace }],
    }),
  );
}
