import type { IRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { built } from '../shared/typed.ts';
import { type Gateway, ownLabels } from './gateway.ts';

/** Lets a gateway read the TLS certificates that Gateway resources name: the Secrets of its namespace. */
export function role(gateway: Gateway): KubernetesObject {
  return built<IRole>({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: `${gateway.name}-sds`, namespace: gateway.namespace, labels: ownLabels(gateway) },
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }],
  });
}
