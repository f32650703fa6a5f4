import type { IHorizontalPodAutoscaler, IMetricSpec } from 'kubernetes-models/autoscaling/v2';
import type { KubernetesObject } from '../../core/index.ts';
import { unlessEmpty } from '../shared/empty.ts';
import { built } from '../shared/typed.ts';
import type { PilotContext } from './pilot-context.ts';

/** The autoscaler of istiod, where one is wanted. */
export function autoscaler({ values, name, namespace, revisionLabels }: PilotContext): readonly KubernetesObject[] {
  if (!values.autoscaleEnabled || !values.autoscaleMin || !values.autoscaleMax) return [];
  const memory = values.memory.targetAverageUtilization;
  return [
    built<IHorizontalPodAutoscaler>({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name, namespace, labels: { app: 'istiod', ...revisionLabels } },
      spec: {
        minReplicas: values.autoscaleMin,
        maxReplicas: values.autoscaleMax,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
        metrics: [
          utilization('cpu', values.cpu.targetAverageUtilization),
          ...(memory ? [utilization('memory', memory)] : []),
        ],
        behavior: unlessEmpty(values.autoscaleBehavior),
      },
    }),
  ];
}

function utilization(name: 'cpu' | 'memory', percent: number | undefined): IMetricSpec {
  const target = { type: 'Utilization', ...(percent !== undefined && { averageUtilization: percent }) };
  return { type: 'Resource', resource: { name, target } };
}
