import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { built, type Draft } from './typed.ts';

/** A port that a policy opens; TCP where no protocol is given. */
export interface OpenPort {
  readonly port: number | string | undefined;
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP' | undefined;
}

/**
 * A NetworkPolicy that lets its pods be reached on the given ports and lets them reach anything: what they talk to (the
 * API server, istiod, other networks) has no address that a policy could name.
 * @param ingress - one rule for each list of ports.
 */
export function networkPolicy(
  metadata: { readonly name: string; readonly namespace: string; readonly labels: Readonly<Record<string, string>> },
  podLabels: Readonly<Record<string, string>>,
  ingress: readonly (readonly OpenPort[])[],
): KubernetesObject {
  return built<INetworkPolicy>({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata,
    spec: {
      podSelector: { matchLabels: podLabels },
      policyTypes: ['Ingress', 'Egress'],
      ingress: ingress.map((ports) => ({ ports: ports.map(asRulePort) })),
      egress: [{}],
    } satisfies Draft<INetworkPolicy['spec']>,
  });
}

function asRulePort({ port, protocol }: OpenPort) {
  return { protocol: protocol ?? ('TCP' as const), port };
}
