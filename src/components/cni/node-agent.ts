import type { CniValues, ComponentInput } from '../../values/index.ts';
import { istioLabels } from '../shared/labels.ts';
import { revisionLabel } from '../shared/revision.ts';

/** The name of most objects; what has more to say appends to it. */
export const NAME = 'istio-cni';

/** The DaemonSet. The plugin looks for this name when it has to tell a node agent that is being replaced from one that is gone. */
export const DAEMON_SET_NAME = `${NAME}-node`;

/** The ConfigMap that the agent takes its environment from. */
export const CONFIG_MAP_NAME = `${NAME}-config`;

/** What selects the agent's pods. */
export const SELECTOR = { 'k8s-app': DAEMON_SET_NAME };

/** The node agent that gives pods their place in the mesh, as the builders of its objects see it. */
export type NodeAgent = ComponentInput<CniValues>;

/** The labels of everything that belongs to the agent. */
export function agentLabels({ values }: NodeAgent): Record<string, string> {
  return { ...istioLabels(NAME), release: 'istio', 'istio.io/rev': revisionLabel(values.revision) };
}

/** The labels of most objects. */
export function objectLabels(agent: NodeAgent): Record<string, string> {
  return { ...agentLabels(agent), app: NAME };
}

/** True where pods join the mesh through ztunnel. */
export function isAmbient({ values }: NodeAgent): boolean {
  return Boolean(values.ambient.enabled);
}

/** True where the agent works in the network of its node instead of switching to it. */
export function sharesHostNetwork(agent: NodeAgent): boolean {
  return isAmbient(agent) && Boolean(agent.values.ambient.shareHostNetworkNamespace);
}
