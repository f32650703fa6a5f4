import type { KubernetesObject } from '../../core/index.ts';
import type { CniValues, ComponentInput } from '../../values/index.ts';
import type { Component } from '../component.ts';
import { hasClusterObjects, hasNamespacedObjects } from '../shared/resource-scope.ts';
import { clusterRoles } from './cluster-role.ts';
import { clusterRoleBindings } from './cluster-role-binding.ts';
import { configMap } from './config-map.ts';
import { daemonSet } from './daemon-set.ts';
import { networkAttachmentDefinition } from './network-attachment-definition.ts';
import { agentNetworkPolicy } from './network-policy.ts';
import { resourceQuota } from './resource-quota.ts';
import { serviceAccount } from './service-account.ts';

/** The CNI node agent: takes over from the init container of sidecars, and captures the pods of ambient mode. */
export const cni: Component<CniValues> = {
  name: 'Cni',
  build: agentObjects,
  workload: { kind: 'DaemonSet', container: 'install-cni' },
};

function agentObjects(agent: ComponentInput<CniValues>): readonly KubernetesObject[] {
  const scope = agent.values.global.resourceScope;
  return [
    ...(hasClusterObjects(scope) ? clusterObjects(agent) : []),
    ...(hasNamespacedObjects(scope) ? namespaceObjects(agent) : []),
    ...agentNetworkPolicy(agent), // in every scope, as upstream has it
  ];
}

function clusterObjects(agent: ComponentInput<CniValues>): readonly KubernetesObject[] {
  return [...clusterRoles(agent), ...clusterRoleBindings(agent)];
}

function namespaceObjects(agent: ComponentInput<CniValues>): readonly KubernetesObject[] {
  return [
    serviceAccount(agent),
    configMap(agent),
    ...resourceQuota(agent),
    ...networkAttachmentDefinition(agent),
    daemonSet(agent),
  ];
}
