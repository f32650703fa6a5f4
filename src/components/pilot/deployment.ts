import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { IPodSpec, IToleration } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { unlessEmpty } from '../shared/empty.ts';
import { intOrString } from '../shared/int-or-string.ts';
import { istioLabels } from '../shared/labels.ts';
import { volumesOf } from '../shared/mounted-volume.ts';
import { asGiven, textMap } from '../shared/text.ts';
import { built, type Draft } from '../shared/typed.ts';
import { discoveryContainer } from './discovery-container.ts';
import { discoveryVolumes } from './discovery-volumes.ts';
import type { PilotContext } from './pilot-context.ts';

/** istiod may start on nodes whose CNI agent is not ready: it is who takes their taint off. */
const CNI_NOT_READY: IToleration = { key: 'cni.istio.io/not-ready', operator: 'Exists' };

/** The Deployment of istiod. */
export function deployment(pilot: PilotContext): KubernetesObject {
  const { values, name, namespace, revisionLabels } = pilot;
  return built<IDeployment>({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace,
      labels: { app: 'istiod', istio: 'pilot', ...revisionLabels, ...textMap(values.deploymentLabels) },
      annotations: asGiven(values.deploymentAnnotations),
    },
    spec: {
      // With an autoscaler the number of replicas is the autoscaler's.
      replicas: values.autoscaleEnabled ? undefined : values.replicaCount || undefined,
      strategy: {
        rollingUpdate: {
          maxSurge: intOrString(values.rollingMaxSurge),
          maxUnavailable: intOrString(values.rollingMaxUnavailable),
        },
      },
      selector: { matchLabels: podSelector(pilot) },
      template: {
        metadata: { labels: podLabels(pilot), annotations: podAnnotations(pilot) },
        spec: podSpec(pilot),
      },
    },
  });
}

/** Cannot change on a live Deployment, so it is what it has been in every release. */
function podSelector({ revision, revisionLabel }: PilotContext): Readonly<Record<string, string>> {
  return revision === '' ? { istio: 'pilot' } : { app: 'istiod', 'istio.io/rev': revisionLabel };
}

function podLabels({ values, revision, revisionLabel }: PilotContext): Readonly<Record<string, string>> {
  return {
    ...istioLabels('istiod'),
    app: 'istiod',
    istio: revision === '' ? 'pilot' : 'istiod',
    'istio.io/rev': revisionLabel,
    'operator.istio.io/component': 'Pilot',
    ...textMap(values.podLabels),
    // The control plane is not part of the mesh.
    'sidecar.istio.io/inject': 'false',
    'istio.io/dataplane-mode': 'none',
  };
}

function podAnnotations({ values }: PilotContext): Readonly<Record<string, string>> {
  return {
    'prometheus.io/port': '15014',
    'prometheus.io/scrape': 'true',
    'sidecar.istio.io/inject': 'false',
    ...asGiven(values.podAnnotations),
  };
}

function podSpec(pilot: PilotContext): Draft<IPodSpec> {
  const { values } = pilot;
  const volumes = discoveryVolumes(pilot);
  return {
    serviceAccountName: pilot.name,
    priorityClassName: values.global.priorityClassName || undefined,
    nodeSelector: asGiven(values.nodeSelector),
    affinity: unlessEmpty(values.affinity),
    tolerations: [CNI_NOT_READY, ...values.tolerations],
    topologySpreadConstraints: unlessEmpty(values.topologySpreadConstraints),
    initContainers: unlessEmpty(values.initContainers),
    containers: [discoveryContainer(pilot, volumes)],
    volumes: [...volumesOf(volumes), ...values.volumes],
  };
}
