import { container, resourceRequirements, toleration } from '../kubernetes.gen.ts';
import { anything, briefly, flag, free, intOrText, listOf, mapOf, object, text, textOrNumber } from '../schema.ts';
import { gatewayNameCheck } from '../text-checks.ts';
import { count, portNumber, scalarMap, utilization } from './shared-values.ts';

const port = object({
  name: text(),
  port: portNumber,
  nodePort: portNumber,
  targetPort: intOrText(),
  protocol: text(),
  appProtocol: text(),
});

const secretVolume = object({ name: text(), secretName: text(), mountPath: text() });

const configVolume = object({ name: text(), configMapName: text(), mountPath: text() });

/** One term of the flat form in which gateway values ask for anti-affinity. */
const antiAffinityTerm = object({
  key: text(),
  operator: text(),
  values: anything(),
  topologyKey: text(),
  matchLabels: mapOf(text()),
  matchExpressions: listOf(free()),
});

const gateway = object({
  additionalContainers: listOf(briefly(container, 'fields')),
  autoscaleEnabled: flag('Whether an autoscaler decides the number of pods.'),
  autoscaleMax: count('Highest number of pods.'),
  autoscaleMin: count('Lowest number of pods.'),
  configVolumes: listOf(configVolume),
  cpu: utilization,
  customService: flag('Whether the Service is left to the user.'),
  egressPorts: listOf(port),
  enabled: flag('Whether the gateways of this list are installed.'),
  env: scalarMap,
  externalTrafficPolicy: text(),
  ingressPorts: listOf(port),
  injectionTemplate: text(),
  ipFamilies: listOf(text()),
  ipFamilyPolicy: text(),
  labels: scalarMap,
  loadBalancerIP: text(),
  loadBalancerSourceRanges: listOf(text()),
  memory: utilization,
  name: text(undefined, { check: gatewayNameCheck }),
  namespace: text(),
  nodeSelector: scalarMap,
  podAnnotations: scalarMap,
  podAntiAffinityLabelSelector: listOf(antiAffinityTerm),
  podAntiAffinityTermLabelSelector: listOf(antiAffinityTerm),
  ports: listOf(port, 'Ports of the Service.'),
  replicaCount: count('Number of pods, where no autoscaler decides.'),
  resources: resourceRequirements,
  rollingMaxSurge: intOrText(),
  rollingMaxUnavailable: intOrText(),
  runAsRoot: flag('Whether the proxy runs as root, which ports below 1024 need.'),
  secretVolumes: listOf(secretVolume),
  serviceAccount: object({ annotations: scalarMap }),
  serviceAnnotations: scalarMap,
  tag: textOrNumber(),
  tolerations: listOf(toleration),
  type: text('Type of the Service.'),
});

/** `values.gateways`. */
export const gatewaysValues = object(
  {
    enabled: flag(),
    'istio-ingressgateway': gateway,
    'istio-egressgateway': gateway,
    securityContext: free(),
    seccompProfile: free(),
  },
  'Defaults for gateways, and for those that the Gateway API asks for.',
);
