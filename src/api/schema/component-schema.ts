import {
  affinity,
  deploymentStrategy,
  envVar,
  horizontalPodAutoscalerSpec,
  podDisruptionBudgetSpec,
  podSecurityContext,
  probe,
  resourceRequirements,
  serviceSpec,
  toleration,
  volume,
  volumeMount,
} from './kubernetes.gen.ts';
import {
  anything,
  briefly,
  count,
  flag,
  free,
  listOf,
  mapOf,
  object,
  oneOf,
  text,
  textOrNumber,
  withDescription,
} from './schema.ts';
import { gatewayNameCheck, hubCheck, namespaceCheck, tagCheck } from './text-checks.ts';

/** One change to a rendered object. */
export const patchSchema = object({
  path: text('Where to change the object: spec.template.spec.containers.[name:discovery].args.[-1].'),
  value: anything('What to write there; without it the path is deleted.'),
});

/** Changes to one rendered object. */
export const overlaySchema = object(
  {
    apiVersion: text('API version of the object; informative.'),
    kind: text('Kind of the object to change.'),
    name: text('Name of the object to change.'),
    patches: listOf(patchSchema, 'The changes, applied in order.'),
  },
  undefined,
  { required: ['kind', 'name'] },
);

/** The settings of a component's Kubernetes objects. */
export const k8sSchema = object(
  {
    affinity: withDescription(affinity, 'Where the pods may and should run.'),
    env: listOf(envVar, 'Environment variables, merged by name.'),
    hpaSpec: withDescription(horizontalPodAutoscalerSpec, 'Settings of the HorizontalPodAutoscaler.'),
    imagePullPolicy: oneOf(['Always', 'IfNotPresent', 'Never'], 'When the image is pulled.'),
    nodeSelector: mapOf(text(), 'Labels of the nodes that the pods run on.'),
    overlays: listOf(overlaySchema, 'Changes to rendered objects, where no setting above does it.'),
    podAnnotations: mapOf(text(), 'Annotations of the pods.'),
    podDisruptionBudget: withDescription(podDisruptionBudgetSpec, 'Settings of the PodDisruptionBudget.'),
    priorityClassName: text('Priority class of the pods.'),
    readinessProbe: withDescription(probe, 'Readiness probe of the main container.'),
    replicaCount: count('Number of pods, where no autoscaler decides.'),
    resources: withDescription(resourceRequirements, 'CPU and memory of the main container.'),
    securityContext: withDescription(podSecurityContext, 'Security context of the pods.'),
    service: withDescription(serviceSpec, 'Settings of the Service.'),
    serviceAnnotations: mapOf(text(), 'Annotations of the Service.'),
    strategy: withDescription(deploymentStrategy, 'How pods are replaced.'),
    tolerations: listOf(toleration, 'Taints that the pods tolerate.'),
    volumeMounts: listOf(volumeMount, 'Volume mounts of the main container.'),
    volumes: listOf(briefly(volume, 'fields'), 'Volumes of the pods.'),
  },
  'Settings of the Kubernetes objects of this component.',
);

/** What every component has. */
export const componentFields = {
  enabled: flag('Whether the component is installed; true where the component is listed.'),
  namespace: text('Namespace of the component, where it is not the control plane’s.', { check: namespaceCheck }),
  hub: text('Registry of the images of this component.', { check: hubCheck }),
  tag: textOrNumber('Tag of the images of this component.', { check: tagCheck }),
  k8s: k8sSchema,
  spec: free(),
};

/** The same settings where they do little or nothing; they are checked, but the CRD does not describe them. */
export const rareK8sSchema = briefly(k8sSchema, 'nothing');

/** A component without more settings than every component has. */
export const componentSchema = object(componentFields);

/** The component with the CRDs and what the whole cluster shares. */
export const baseSchema = object({
  ...componentFields,
  enabled: flag('Whether CRDs and cluster-wide objects are installed.'),
  k8s: withDescription(rareK8sSchema, 'Only overlays have an effect here.'),
});

/** The component that Istio 1.24 dropped. */
const istiodRemoteSchema = object({ ...componentFields, k8s: rareK8sSchema });

/** One gateway. */
export const gatewaySchema = object({
  ...componentFields,
  name: text('Name of the gateway; istio-ingressgateway or istio-egressgateway by default.', {
    check: gatewayNameCheck,
  }),
  label: mapOf(text(), 'Labels of the gateway’s pods and selector.'),
});

/** The components. */
export const componentsSchema = object(
  {
    base: withDescription(baseSchema, 'CRDs and what the whole cluster shares.'),
    pilot: withDescription(componentSchema, 'The control plane, istiod.'),
    cni: withDescription(componentSchema, 'The CNI plugin, a DaemonSet.'),
    ztunnel: withDescription(componentSchema, 'The node proxy of ambient mode, a DaemonSet.'),
    istiodRemote: withDescription(istiodRemoteSchema, 'Without effect; use the profile remote.'),
    ingressGateways: listOf(gatewaySchema, 'Gateways for traffic into the mesh; the list replaces the profile’s.'),
    egressGateways: listOf(gatewaySchema, 'Gateways for traffic out of the mesh; the list replaces the profile’s.'),
  },
  'What is installed.',
);
