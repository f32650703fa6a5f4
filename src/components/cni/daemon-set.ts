import type { IDaemonSet } from 'kubernetes-models/apps/v1';
import type { IPodTemplateSpec } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { unlessEmpty } from '../shared/empty.ts';
import { istioLabels } from '../shared/labels.ts';
import { volumesOf } from '../shared/mounted-volume.ts';
import { asGiven } from '../shared/text.ts';
import { built, type Draft } from '../shared/typed.ts';
import { updateStrategy } from '../shared/update-strategy.ts';
import { installContainer } from './container.ts';
import { agentLabels, DAEMON_SET_NAME, NAME, type NodeAgent, SELECTOR, sharesHostNetwork } from './node-agent.ts';
import { nodeDirectories } from './volumes.ts';

/** One agent on every Linux node. */
export function daemonSet(agent: NodeAgent): KubernetesObject {
  const { values, namespace } = agent;
  const labels = { ...agentLabels(agent), ...SELECTOR, ...asGiven(values.daemonSetLabels) };
  return built<IDaemonSet>({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: DAEMON_SET_NAME, namespace, labels },
    spec: {
      selector: { matchLabels: SELECTOR },
      updateStrategy: updateStrategy(values.updateStrategy),
      template: { metadata: podMetadata(agent), spec: podSpec(agent) },
    },
  });
}

function podMetadata({ values }: NodeAgent): Draft<IPodTemplateSpec['metadata']> {
  const noProxy = { 'sidecar.istio.io/inject': 'false' };
  const appArmor = { 'container.apparmor.security.beta.kubernetes.io/install-cni': 'unconfined' };
  return {
    // the selector last: no label of the user's may break it
    labels: {
      ...istioLabels(NAME),
      ...noProxy,
      'istio.io/dataplane-mode': 'none',
      ...asGiven(values.podLabels),
      ...SELECTOR,
    },
    annotations: {
      ...noProxy,
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '15014',
      'prometheus.io/path': '/metrics',
      ...(values.useAppArmorAnnotation ? appArmor : {}),
      ...asGiven(values.podAnnotations),
    },
  };
}

function podSpec(agent: NodeAgent): Draft<IPodTemplateSpec['spec']> {
  const { values } = agent;
  return {
    ...(sharesHostNetwork(agent) ? { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' } : {}),
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    affinity: unlessEmpty(values.affinity),
    tolerations: unlessEmpty(values.tolerations),
    priorityClassName: 'system-node-critical',
    serviceAccountName: NAME,
    terminationGracePeriodSeconds: values.terminationGracePeriodSeconds,
    containers: [installContainer(agent)],
    volumes: volumesOf(nodeDirectories(agent)),
  };
}
