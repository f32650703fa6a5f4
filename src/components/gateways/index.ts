import type { KubernetesObject } from '../../core/index.ts';
import type { ComponentInput, GatewayValues } from '../../values/index.ts';
import type { Component } from '../component.ts';
import { deployment } from './deployment.ts';
import { EGRESS, type GatewayKind, gatewayOf, INGRESS } from './gateway.ts';
import { horizontalPodAutoscaler } from './horizontal-pod-autoscaler.ts';
import { gatewayNetworkPolicy } from './network-policy.ts';
import { podDisruptionBudget } from './pod-disruption-budget.ts';
import { role } from './role.ts';
import { roleBinding } from './role-binding.ts';
import { service } from './service.ts';
import { serviceAccount } from './service-account.ts';

/** Gateways at the edge of the mesh for what comes in; one instance for each entry of `components.ingressGateways`. */
export const ingressGateways: Component<GatewayValues> = gatewayComponent(INGRESS);

/** Gateways at the edge of the mesh for what goes out; one instance for each entry of `components.egressGateways`. */
export const egressGateways: Component<GatewayValues> = gatewayComponent(EGRESS);

function gatewayComponent(kind: GatewayKind): Component<GatewayValues> {
  return {
    name: kind.component,
    build: (input) => gatewayObjects(kind, input),
    workload: { kind: 'Deployment', container: 'istio-proxy' },
  };
}

function gatewayObjects(kind: GatewayKind, input: ComponentInput<GatewayValues>): readonly KubernetesObject[] {
  const gateway = gatewayOf(kind, input);
  return [
    serviceAccount(gateway),
    role(gateway),
    roleBinding(gateway),
    ...gatewayNetworkPolicy(gateway),
    deployment(gateway),
    ...service(gateway),
    ...horizontalPodAutoscaler(gateway),
    ...podDisruptionBudget(gateway),
  ];
}
