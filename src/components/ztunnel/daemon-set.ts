import type { IDaemonSet } from 'kubernetes-models/apps/v1';
import type { IContainer, IPodTemplateSpec } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { unlessEmpty } from '../shared/empty.ts';
import { imageReference } from '../shared/image.ts';
import { istioLabels } from '../shared/labels.ts';
import { mountsOf, volumesOf } from '../shared/mounted-volume.ts';
import { resourceRequirements } from '../shared/resources.ts';
import { asGiven } from '../shared/text.ts';
import { built, type Draft } from '../shared/typed.ts';
import { updateStrategy } from '../shared/update-strategy.ts';
import { environment } from './environment.ts';
import { ownVolumes } from './volumes.ts';
import { objectAnnotations, objectLabels, SELECTOR, type Ztunnel } from './ztunnel.ts';

/** One ztunnel on every Linux node. */
export function daemonSet(ztunnel: Ztunnel): KubernetesObject {
  const { values, resourceName: name, namespace } = ztunnel;
  return built<IDaemonSet>({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace, labels: objectLabels(ztunnel), annotations: objectAnnotations(ztunnel) },
    spec: {
      selector: { matchLabels: SELECTOR },
      updateStrategy: updateStrategy(values.updateStrategy),
      template: { metadata: podMetadata(ztunnel), spec: podSpec(ztunnel) },
    },
  });
}

function podMetadata({ values }: Ztunnel): Draft<IPodTemplateSpec['metadata']> {
  const noProxy = { 'sidecar.istio.io/inject': 'false' };
  return {
    // the selector last: no label of the user's may break it
    labels: {
      ...istioLabels('ztunnel'),
      ...noProxy,
      'istio.io/dataplane-mode': 'none',
      ...asGiven(values.podLabels),
      ...SELECTOR,
    },
    annotations: {
      ...noProxy,
      ...(values.revision ? { 'istio.io/rev': values.revision } : {}),
      ...asGiven(values.podAnnotations),
    },
  };
}

function podSpec(ztunnel: Ztunnel): Draft<IPodTemplateSpec['spec']> {
  const { values, resourceName } = ztunnel;
  return {
    nodeSelector: { 'kubernetes.io/os': 'linux', ...asGiven(values.nodeSelector) },
    affinity: unlessEmpty(values.affinity),
    tolerations: unlessEmpty(values.tolerations),
    dnsPolicy: unlessEmpty(values.dnsPolicy),
    dnsConfig: unlessEmpty(values.dnsConfig),
    priorityClassName: 'system-node-critical',
    serviceAccountName: resourceName,
    terminationGracePeriodSeconds: values.terminationGracePeriodSeconds,
    containers: [proxyContainer(ztunnel)],
    volumes: [...volumesOf(ownVolumes(ztunnel)), ...values.volumes],
  };
}

function proxyContainer(ztunnel: Ztunnel): Draft<IContainer> {
  const { values } = ztunnel;
  const { image, hub, tag, variant } = values;
  return {
    name: 'istio-proxy',
    image: imageReference({ image, defaultImage: 'ztunnel', hub, tag, variant }),
    imagePullPolicy: unlessEmpty(values.imagePullPolicy),
    args: ['proxy', 'ztunnel'],
    env: environment(ztunnel),
    ports: [{ name: 'ztunnel-stats', containerPort: 15020, protocol: 'TCP' }],
    readinessProbe: { httpGet: { path: '/healthz/ready', port: 15021 } },
    resources: resourceRequirements(values.resources),
    securityContext: {
      // SYS_ADMIN implies this; saying false would be refused
      allowPrivilegeEscalation: true,
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsUser: 0,
      runAsGroup: 1337,
      runAsNonRoot: false,
      // to redirect traffic (NET_ADMIN, NET_RAW) in the network namespaces of pods (SYS_ADMIN)
      capabilities: { drop: ['ALL'], add: ['NET_ADMIN', 'SYS_ADMIN', 'NET_RAW'] },
      seLinuxOptions: unlessEmpty(values.seLinuxOptions),
    },
    volumeMounts: [...mountsOf(ownVolumes(ztunnel)), ...values.volumeMounts],
  };
}
