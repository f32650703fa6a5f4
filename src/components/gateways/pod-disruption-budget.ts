import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { built } from '../shared/typed.ts';
import { type Gateway, objectLabels } from './gateway.ts';

/**
 * Keeps one pod of a gateway up while nodes are drained. A gateway that may have a single pod gets none: its budget would
 * never let the node of that pod be drained.
 */
export function podDisruptionBudget(gateway: Gateway): readonly KubernetesObject[] {
  const { autoscaleEnabled, autoscaleMin, replicaCount } = gateway.settings;
  const fewestPods = (autoscaleEnabled ? autoscaleMin : replicaCount) ?? 0;
  if (!gateway.global.defaultPodDisruptionBudget.enabled || fewestPods <= 1) return [];
  return [
    built<IPodDisruptionBudget>({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: gateway.name, namespace: gateway.namespace, labels: objectLabels(gateway) },
      spec: { minAvailable: 1, selector: { matchLabels: gateway.selector } },
    }),
  ];
}
