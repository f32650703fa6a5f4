import type { IPolicyRule } from 'kubernetes-models/rbac.authorization.k8s.io/v1';

/** On OpenShift: the rule that lets pods of a node agent run as privileged as they must. Elsewhere none is needed. */
export function privilegedRule(platform: string | undefined): IPolicyRule[] {
  if (platform !== 'openshift') return [];
  return [
    {
      apiGroups: ['security.openshift.io'],
      resources: ['securitycontextconstraints'],
      resourceNames: ['privileged'],
      verbs: ['use'],
    },
  ];
}
