import type { KubernetesObject } from '../../core/index.ts';
import { networkPolicy } from '../shared/network-policy.ts';
import { withRevision } from '../shared/revision.ts';
import { agentLabels, NAME, type NodeAgent, SELECTOR } from './node-agent.ts';

const METRICS = { port: 15014 };
const READINESS = { port: 8000 };

/** Opens the agent's ports where the installation asks for network policies. */
export function agentNetworkPolicy(agent: NodeAgent): readonly KubernetesObject[] {
  const { values, namespace } = agent;
  if (!values.global.networkPolicy.enabled) return [];
  const labels = { ...agentLabels(agent), ...SELECTOR };
  return [
    networkPolicy({ name: withRevision(NAME, values.revision), namespace, labels }, SELECTOR, [[METRICS], [READINESS]]),
  ];
}
