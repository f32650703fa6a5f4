import type { KubernetesObject } from '../../core/index.ts';
import { yamlText } from '../../core/index.ts';
import { configMap } from './config-map.ts';
import type { PilotContext } from './pilot-context.ts';

/** One ConfigMap a class: what istiod merges into the objects that it makes for Gateways of that class. */
export function gatewayClassConfigMaps(pilot: PilotContext): readonly KubernetesObject[] {
  return Object.entries(pilot.values.gatewayClasses).map(([className, byKind]) => {
    const data = Object.entries(byKind).map(([kind, overlay]) => [kind, yamlText(overlay ?? {})] as const);
    return configMap(pilot, `istio-${pilot.revisionLabel}-gatewayclass-${className}`, Object.fromEntries(data), {
      labels: { 'gateway.istio.io/defaults-for-class': className },
    });
  });
}
