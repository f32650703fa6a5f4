import type { KubernetesObject } from '../../core/index.ts';
import { istioLabels } from '../shared/labels.ts';
import { NAME, type NodeAgent } from './node-agent.ts';

/**
 * Tells Multus, where it runs the networks of pods, that the plugin exists. It says no more than its name, and stands in
 * `default`, where Multus finds it for pods of every namespace.
 */
export function networkAttachmentDefinition({ values }: NodeAgent): readonly KubernetesObject[] {
  if (values.provider !== 'multus') return [];
  return [
    {
      apiVersion: 'k8s.cni.cncf.io/v1',
      kind: 'NetworkAttachmentDefinition',
      metadata: { name: NAME, namespace: 'default', labels: istioLabels(NAME) },
    },
  ];
}
