import type { IHorizontalPodAutoscaler, IMetricSpec } from 'kubernetes-models/autoscaling/v2';
import type { KubernetesObject } from '../../core/index.ts';
import { built, type Draft } from '../shared/typed.ts';
import { type Gateway, objectLabels } from './gateway.ts';

/** Scales a gateway by its CPU use; none where autoscaling is off or has no bounds. */
export function horizontalPodAutoscaler(gateway: Gateway): readonly KubernetesObject[] {
  const { autoscaleEnabled, autoscaleMin, autoscaleMax, cpu } = gateway.settings;
  if (!autoscaleEnabled || !autoscaleMin || !autoscaleMax) return [];
  return [
    built<IHorizontalPodAutoscaler>({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: gateway.name, namespace: gateway.namespace, labels: objectLabels(gateway) },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: gateway.name },
        minReplicas: autoscaleMin,
        maxReplicas: autoscaleMax,
        metrics: metrics(cpu.targetAverageUtilization),
      },
    }),
  ];
}

/** Without a target the API server's own applies. */
function metrics(averageUtilization: number | undefined): Draft<IMetricSpec>[] | undefined {
  if (averageUtilization === undefined) return undefined;
  return [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } }];
}
