import type { KubernetesObject } from '../../core/index.ts';
import { istioLabels } from '../shared/labels.ts';
import { nodeCriticalQuota } from '../shared/node-critical-quota.ts';
import { NAME, type NodeAgent } from './node-agent.ts';

/** Room for the agents, where the platform asks for it. */
export function resourceQuota({ values, namespace }: NodeAgent): readonly KubernetesObject[] {
  if (!values.resourceQuotas.enabled) return [];
  const metadata = { name: `${NAME}-resource-quota`, namespace, labels: istioLabels(NAME) };
  return [nodeCriticalQuota(metadata, values.resourceQuotas.pods)];
}
