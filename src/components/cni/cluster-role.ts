import type { IClusterRole, IPolicyRule } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { privilegedRule } from '../shared/openshift.ts';
import { built } from '../shared/typed.ts';
import { DAEMON_SET_NAME, NAME, type NodeAgent, objectLabels } from './node-agent.ts';
import { ROLES, type RoleName } from './roles.ts';

/** What the agent may do: a role for all, one for repairing pods, one for ambient mode. */
export function clusterRoles(agent: NodeAgent): readonly KubernetesObject[] {
  return ROLES.filter(({ isNeeded }) => isNeeded(agent)).map(({ role }) =>
    built<IClusterRole>({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: role, labels: objectLabels(agent) },
      rules: RULES[role](agent),
    }),
  );
}

/** Either a pod or its status can be labelled; the status gives away less. */
const LABEL_PODS: IPolicyRule = { apiGroups: [''], resources: ['pods/status'], verbs: ['patch', 'update'] };

const RULES: Readonly<Record<RoleName, (agent: NodeAgent) => IPolicyRule[]>> = {
  [NAME]: ({ values }) => [
    { apiGroups: [''], resources: ['pods', 'nodes', 'namespaces'], verbs: ['get', 'list', 'watch'] },
    ...privilegedRule(values.platform || values.global.platform),
  ],
  [`${NAME}-repair-role`]: (agent) => [
    { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['watch', 'get', 'list'] },
    ...repairRules(agent),
  ],
  [`${NAME}-ambient`]: () => [
    LABEL_PODS,
    { apiGroups: ['apps'], resources: ['daemonsets'], resourceNames: [DAEMON_SET_NAME], verbs: ['get'] },
  ],
};

/** One way of repair counts. Setting up the network of a running pod takes no permission: the agent is on its node. */
function repairRules({ values: { repair } }: NodeAgent): IPolicyRule[] {
  if (repair.repairPods) return [];
  if (repair.deletePods) return [{ apiGroups: [''], resources: ['pods'], verbs: ['delete'] }];
  return repair.labelPods ? [LABEL_PODS] : [];
}
