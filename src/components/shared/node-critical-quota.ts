import type { IResourceQuota } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { built } from './typed.ts';

/**
 * A quota that lets pods of the priority `system-node-critical` into a namespace. GKE admits them only where one does.
 * @param pods - how many.
 */
export function nodeCriticalQuota(
  metadata: { readonly name: string; readonly namespace: string; readonly labels: Readonly<Record<string, string>> },
  pods: number | string | undefined,
): KubernetesObject {
  return built<IResourceQuota>({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata,
    spec: {
      hard: pods === undefined ? undefined : { pods: String(pods) },
      scopeSelector: {
        matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['system-node-critical'] }],
      },
    },
  });
}
