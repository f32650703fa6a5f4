import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { KubernetesObject } from '../../../core/index.ts';
import type { AddonName } from '../../../values/index.ts';
import { built, type Draft } from '../../shared/typed.ts';
import { type Addon, selectorOf } from './addon.ts';

/** A port of an add-on and who may reach it. */
export interface Access {
  readonly ports: readonly number[];
  /** Add-ons, in any namespace; `anybody` for what every pod of the mesh uses or what is exposed. */
  readonly from: readonly AddonName[] | 'anybody';
}

/**
 * Keeps everybody else away from an add-on: neither Prometheus nor Jaeger asks who is there. A port-forward of `kubectl`
 * still reaches it, because that starts inside the pod. Egress is open: the API server and the pods that are scraped have no
 * address that a policy could name.
 */
export function networkPolicy(addon: Addon, accesses: readonly Access[]): KubernetesObject {
  const { name, namespace, labels, selector } = addon;
  return built<INetworkPolicy>({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace, labels },
    spec: {
      podSelector: { matchLabels: selector },
      policyTypes: ['Ingress'],
      ingress: accesses.map(ingressRule),
    } satisfies Draft<INetworkPolicy['spec']>,
  });
}

function ingressRule({ ports, from }: Access) {
  return {
    ports: ports.map((port) => ({ protocol: 'TCP' as const, port })),
    from:
      from === 'anybody'
        ? undefined
        : from.map((other) => ({ namespaceSelector: {}, podSelector: { matchLabels: selectorOf(other) } })),
  };
}

/** Who may open a dashboard: where it is exposed, whatever brings the traffic in; otherwise the add-ons that read it. */
export function dashboardAccess(addon: Addon, port: number, readers: readonly AddonName[]): readonly Access[] {
  if (addon.isExposed) return [{ ports: [port], from: 'anybody' }];
  return readers.length === 0 ? [] : [{ ports: [port], from: readers }];
}
