import type { IRole, IRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { built } from '../shared/typed.ts';
import type { PilotContext } from './pilot-context.ts';

/** What istiod may do in the root namespace. */
export function role({ name, istioNamespace, labels }: PilotContext): KubernetesObject {
  return built<IRole>({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name, namespace: istioNamespace, labels },
    rules: [
      // A dry-run create of an invalid Gateway shows whether the validation webhook is up.
      { apiGroups: ['networking.istio.io'], resources: ['gateways'], verbs: ['create'] },
      // The CA's key and certificates.
      { apiGroups: [''], resources: ['secrets'], verbs: ['create', 'get', 'watch', 'list', 'update', 'delete'] },
      // Reports of how far configuration has spread.
      { apiGroups: [''], resources: ['configmaps'], verbs: ['delete'] },
      // Leader election.
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'update', 'patch', 'create'] },
    ],
  });
}

/** Gives the role to istiod's account. */
export function roleBinding({ name, istioNamespace, labels }: PilotContext): KubernetesObject {
  return built<IRoleBinding>({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name, namespace: istioNamespace, labels },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace: istioNamespace }],
  });
}
