import type { IServiceAccount } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { pullSecrets } from '../shared/pull-secrets.ts';
import { built } from '../shared/typed.ts';
import { NAME, type NodeAgent, objectLabels } from './node-agent.ts';

/** The identity of the agent. */
export function serviceAccount(agent: NodeAgent): KubernetesObject {
  return built<IServiceAccount>({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    imagePullSecrets: pullSecrets(agent.values.global.imagePullSecrets),
    metadata: { name: NAME, namespace: agent.namespace, labels: objectLabels(agent) },
  });
}
