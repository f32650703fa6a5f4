import type { KubernetesObject } from '../../core/index.ts';
import { nodeCriticalQuota } from '../shared/node-critical-quota.ts';
import { objectLabels, type Ztunnel } from './ztunnel.ts';

/** Room for ztunnel's pods, where the platform asks for it. */
export function resourceQuota(ztunnel: Ztunnel): readonly KubernetesObject[] {
  const { values, resourceName: name, namespace } = ztunnel;
  if (!values.resourceQuotas.enabled) return [];
  return [nodeCriticalQuota({ name, namespace, labels: objectLabels(ztunnel) }, values.resourceQuotas.pods)];
}
