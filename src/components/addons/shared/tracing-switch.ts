import type { JsonObject, KubernetesObject } from '../../../core/index.ts';
import { built } from '../../shared/typed.ts';
import type { Addon } from './addon.ts';

/**
 * Makes all proxies of the mesh send their traces to this add-on. How many requests are traced stays what the mesh
 * configuration says. Of several Telemetry resources for the whole mesh, istiod takes the oldest: one that its users made
 * before wins.
 */
export function tracingSwitch({ name, labels, mesh }: Addon): readonly KubernetesObject[] {
  const { tracingProvider, rootNamespace } = mesh;
  if (tracingProvider === undefined) return [];
  return [
    built<KubernetesObject & { readonly spec: JsonObject }>({
      apiVersion: 'telemetry.istio.io/v1',
      kind: 'Telemetry',
      metadata: { name, namespace: rootNamespace, labels },
      spec: { tracing: [{ providers: [{ name: tracingProvider }] }] },
    }),
  ];
}
