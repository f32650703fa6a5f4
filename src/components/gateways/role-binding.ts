import type { IRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { built } from '../shared/typed.ts';
import { type Gateway, ownLabels } from './gateway.ts';

/** Gives the Role to the gateway's service account. */
export function roleBinding(gateway: Gateway): KubernetesObject {
  const name = `${gateway.name}-sds`;
  return built<IRoleBinding>({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name, namespace: gateway.namespace, labels: ownLabels(gateway) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    // without a namespace: the one of the binding
    subjects: [{ kind: 'ServiceAccount', name: gateway.serviceAccountName }],
  });
}
