import type { KubernetesObject } from '../../core/index.ts';
import type { ComponentInput, ZtunnelValues } from '../../values/index.ts';
import type { Component } from '../component.ts';
import { hasClusterObjects, hasNamespacedObjects } from '../shared/resource-scope.ts';
import { daemonSet } from './daemon-set.ts';
import { ztunnelNetworkPolicy } from './network-policy.ts';
import { privilegedRole } from './privileged-role.ts';
import { resourceQuota } from './resource-quota.ts';
import { serviceAccount } from './service-account.ts';

/** The node proxy of ambient mode: carries the traffic of the pods on its node through the mesh. */
export const ztunnel: Component<ZtunnelValues> = {
  name: 'Ztunnel',
  build: ztunnelObjects,
  workload: { kind: 'DaemonSet', container: 'istio-proxy' },
};

function ztunnelObjects(input: ComponentInput<ZtunnelValues>): readonly KubernetesObject[] {
  const scope = input.values.resourceScope;
  return [
    ...(hasClusterObjects(scope) ? privilegedRole(input) : []),
    ...(hasNamespacedObjects(scope) ? [serviceAccount(input), ...resourceQuota(input), daemonSet(input)] : []),
    ...ztunnelNetworkPolicy(input), // in every scope, as upstream has it
  ];
}
