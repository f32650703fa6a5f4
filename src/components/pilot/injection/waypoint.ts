import * as args from './agent-arguments.ts';
import * as env from './agent-environment.ts';
import { agentImage, pullPolicy } from './agent-image.ts';
import { deployedProbes } from './agent-probes.ts';
import { installationResources } from './agent-resources.ts';
import * as volumes from './agent-volumes.ts';
import { formatted, inline, quoted, setting } from './expressions.ts';
import { gatewayObjects } from './gateway-objects.ts';
import { deployedProxyPorts, deploymentOwner } from './kube-gateway.ts';
import { confined, profile } from './security-contexts.ts';
import { type Fields, type Part, type TemplateSource, when } from './template-text.ts';

const NETWORK = `(or (index $.InfrastructureLabels "topology.istio.io/network") ${setting('global.network')})`;

/** What istiod deploys for waypoints and for the gateways between networks of an ambient mesh. */
export function waypointTemplate(): TemplateSource {
  return gatewayObjects({
    managedBy: '$.ControllerLabel',
    outsideAmbient: true,
    sparesOldServers: true,
    serviceAnnotations: { 'networking.istio.io/traffic-distribution': 'PreferClose' },
    podSpec: {
      affinity: placement('affinity'),
      topologySpreadConstraints: placement('topologySpreadConstraints'),
      nodeSelector: placement('nodeSelector'),
      tolerations: placement('tolerations'),
      serviceAccountName: quoted('$.ServiceAccount'),
      containers: [proxyContainer()],
      volumes: podVolumes(),
      imagePullSecrets: volumes.pullSecrets(),
    },
  });
}

function placement(field: string): Part {
  const given = setting(`global.waypoint.${field}`);
  return when(given, inline(given));
}

function proxyContainer(): Fields {
  // OpenShift gives every namespace a range of users, and refuses others.
  const chosen = (id: number): Part => when(`ne ${setting('global.platform')} "openshift"`, id);
  return {
    name: 'istio-proxy',
    image: agentImage('global.proxy.image'),
    imagePullPolicy: pullPolicy(),
    args: [
      'proxy',
      'waypoint',
      ...args.domainArguments(),
      '--serviceCluster',
      formatted('%s.$(POD_NAMESPACE)', '$.ServiceAccount'),
      ...args.separateLogLevelArguments(),
      args.jsonLogArgument(),
      args.outlierLogArgument(),
    ],
    ports: deployedProxyPorts(),
    env: environment(),
    ...deployedProbes(),
    resources: installationResources('global.waypoint.resources'),
    securityContext: {
      ...confined({ runAsUser: chosen(1337), runAsGroup: chosen(1337) }),
      seccompProfile: profile('gateways.seccompProfile'),
    },
    volumeMounts: mounts(),
  };
}

function environment(): readonly Part[] {
  const joinsNetworks = `and ${NETWORK} (eq $.ControllerLabel "istio.io-eastwest-controller")`;
  return [
    env.fromField('ISTIO_META_SERVICE_ACCOUNT', 'spec.serviceAccountName'),
    env.nodeName(),
    ...env.identity(),
    env.cpuLimit(),
    env.proxyConfig(),
    env.proxyMetadata(),
    ...env.runtimeLimits(),
    env.clusterId('ISTIO_META_CLUSTER_ID', '"Kubernetes"'),
    env.variableWhen(NETWORK, 'ISTIO_META_NETWORK', quoted(NETWORK)),
    env.variableWhen(joinsNetworks, 'ISTIO_META_REQUESTED_NETWORK_VIEW', quoted(NETWORK)),
    env.variable('ISTIO_META_INTERCEPTION_MODE', 'REDIRECT'),
    ...deploymentOwner(),
    env.meshId(),
    env.trustDomain(),
  ];
}

function mounts(): readonly Part[] {
  return [
    volumes.mount('workload-socket', '/var/run/secrets/workload-spiffe-uds'),
    volumes.mount('istiod-ca-cert', '/var/run/secrets/istio'),
    volumes.mount('istio-data', '/var/lib/istio/data'),
    volumes.mount('istio-envoy', '/etc/istio/proxy'),
    volumes.mount('istio-token', '/var/run/secrets/tokens'),
    volumes.mount('istio-podinfo', '/etc/istio/pod'),
  ];
}

function podVolumes(): readonly Part[] {
  return [
    volumes.emptyVolume('workload-socket'),
    volumes.memoryVolume('istio-envoy'),
    volumes.memoryVolume('go-proxy-envoy'),
    volumes.emptyVolume('istio-data'),
    volumes.emptyVolume('go-proxy-data'),
    volumes.podInfoVolume(),
    volumes.tokenVolume('istio-token', 'istio-ca'),
    volumes.rootCertificateVolume(),
  ];
}
