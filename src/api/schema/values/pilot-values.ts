import {
  affinity,
  container,
  envVar,
  horizontalPodAutoscalerBehavior,
  resourceRequirements,
  seccompProfile,
  toleration,
  topologySpreadConstraint,
  volume,
  volumeMount,
} from '../kubernetes.gen.ts';
import { durationCheck } from '../mesh/mesh-text-checks.ts';
import {
  anything,
  briefly,
  decimal,
  flag,
  intOrText,
  listOf,
  object,
  quotable,
  text,
  textOrNumber,
} from '../schema.ts';
import { count, scalarMap, utilization } from './shared-values.ts';

/** `values.istiodRemote`, which the control plane has too. */
export const istiodRemoteValues = object({
  enabled: flag(),
  enabledLocalInjectorIstiod: flag(),
  injectionCABundle: text(),
  injectionPath: text(),
  injectionURL: text(),
});

/** `values.istio_cni` and `values.pilot.cni`. */
export const cniUsageValues = object({ chained: flag(), enabled: flag(), provider: text() });

/** `values.pilot`. */
export const pilotValues = object(
  {
    affinity,
    autoscaleBehavior: horizontalPodAutoscalerBehavior,
    autoscaleEnabled: flag('Whether an autoscaler decides the number of istiod pods.'),
    autoscaleMax: count('Highest number of istiod pods.'),
    autoscaleMin: count('Lowest number of istiod pods.'),
    cni: cniUsageValues,
    configMap: flag(),
    cpu: utilization,
    crlConfigMapName: text(),
    deploymentAnnotations: scalarMap,
    deploymentLabels: scalarMap,
    enabled: flag(),
    env: scalarMap,
    envVarFrom: listOf(envVar),
    extraContainerArgs: listOf(anything()),
    hub: text(),
    image: text(),
    initContainers: listOf(briefly(container, 'fields')),
    ipFamilies: listOf(text()),
    ipFamilyPolicy: text(),
    istiodRemote: istiodRemoteValues,
    jwksResolverExtraRootCA: text(),
    keepaliveMaxServerConnectionAge: text(undefined, { check: durationCheck }),
    memory: utilization,
    nodeSelector: scalarMap,
    pdb: object({ minAvailable: intOrText(), maxUnavailable: intOrText(), unhealthyPodEvictionPolicy: text() }),
    podAnnotations: scalarMap,
    podLabels: scalarMap,
    replicaCount: count('Number of istiod pods, where no autoscaler decides.'),
    resources: resourceRequirements,
    rollingMaxSurge: intOrText(),
    rollingMaxUnavailable: intOrText(),
    seccompProfile,
    serviceAccountAnnotations: scalarMap,
    serviceAnnotations: scalarMap,
    sidecarInjectorWebhookAnnotations: scalarMap,
    tag: textOrNumber(),
    taint: object({ enabled: flag(), name: text(), namespace: text() }),
    tolerations: listOf(toleration),
    topologySpreadConstraints: listOf(topologySpreadConstraint),
    traceSampling: quotable(decimal('Share of requests that are traced, in percent.')),
    trafficDistribution: text(),
    trustedZtunnelName: text(),
    trustedZtunnelNamespace: text(),
    variant: text(),
    volumeMounts: listOf(volumeMount),
    volumes: listOf(briefly(volume, 'fields')),
  },
  'Settings of istiod.',
);
