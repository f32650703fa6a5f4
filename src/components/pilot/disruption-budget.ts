import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { intOrString } from '../shared/int-or-string.ts';
import { built } from '../shared/typed.ts';
import type { PilotContext } from './pilot-context.ts';

/** Keeps node drains from taking all of istiod. With a single replica it would block every drain, so there is none. */
export function disruptionBudget(pilot: PilotContext): readonly KubernetesObject[] {
  const { values, name, namespace, revisionLabels } = pilot;
  const replicas = values.autoscaleEnabled ? values.autoscaleMin : values.replicaCount;
  if (!values.global.defaultPodDisruptionBudget.enabled || Number(replicas ?? 0) <= 1) return [];
  return [
    built<IPodDisruptionBudget>({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name, namespace, labels: { app: 'istiod', istio: 'pilot', ...revisionLabels } },
      spec: {
        ...allowedDisruption(values.pdb),
        unhealthyPodEvictionPolicy: values.pdb.unhealthyPodEvictionPolicy || undefined,
        selector: { matchLabels: pilot.podSelector },
      },
    }),
  ];
}

/** `minAvailable` has a default, so a `maxUnavailable` from the user takes its place. */
function allowedDisruption(pdb: PilotContext['values']['pdb']) {
  if (pdb.minAvailable && pdb.maxUnavailable === undefined) return { minAvailable: intOrString(pdb.minAvailable) };
  return pdb.maxUnavailable ? { maxUnavailable: intOrString(pdb.maxUnavailable) } : {};
}
