import * as args from './agent-arguments.ts';
import * as env from './agent-environment.ts';
import { agentImage, pullPolicy } from './agent-image.ts';
import { deployedProbes } from './agent-probes.ts';
import { installationResources } from './agent-resources.ts';
import * as volumes from './agent-volumes.ts';
import { formatted, inline, quoted, setting } from './expressions.ts';
import { gatewayObjects } from './gateway-objects.ts';
import { confined, gatewayPod, proxyAccount } from './security-contexts.ts';
import { type Fields, type Part, type TemplateSource, when } from './template-text.ts';

const REQUESTED_NETWORK = '(index $.InfrastructureLabels "topology.istio.io/network")';
const NETWORK = `(or ${REQUESTED_NETWORK} ${setting('global.network')})`;

/** What istiod deploys for a Gateway of the class `istio`: Envoy at the edge of the mesh. */
export function kubeGatewayTemplate(): TemplateSource {
  return gatewayObjects({
    managedBy: '"istio.io-gateway-controller"',
    outsideAmbient: false,
    sparesOldServers: true,
    serviceAnnotations: {},
    podSpec: {
      securityContext: gatewayPod(true),
      serviceAccountName: quoted('$.ServiceAccount'),
      containers: [proxyContainer()],
      volumes: podVolumes(),
      imagePullSecrets: volumes.pullSecrets(),
    },
  });
}

/** The ports of every proxy that istiod deploys. */
export function deployedProxyPorts(): readonly Part[] {
  return [
    { name: 'metrics', containerPort: 15_020, protocol: 'TCP' },
    { name: 'status-port', containerPort: 15_021, protocol: 'TCP' },
    { name: 'http-envoy-prom', containerPort: 15_090, protocol: 'TCP' },
  ];
}

/** The Deployment as the owner of its pods. */
export function deploymentOwner(): readonly Part[] {
  return [
    env.variable('ISTIO_META_WORKLOAD_NAME', quoted('$.DeploymentName')),
    env.variable(
      'ISTIO_META_OWNER',
      formatted('kubernetes://apis/apps/v1/namespaces/%s/deployments/%s', '$.Namespace', '$.DeploymentName'),
    ),
  ];
}

function proxyContainer(): Fields {
  const lifecycle = setting('global.proxy.lifecycle');
  return {
    name: 'istio-proxy',
    image: agentImage('global.proxy.image'),
    imagePullPolicy: pullPolicy(),
    args: [
      'proxy',
      'router',
      ...args.domainArguments(),
      ...args.separateLogLevelArguments(),
      args.tokenServiceArgument(),
      args.jsonLogArgument(),
    ],
    ports: deployedProxyPorts(),
    lifecycle: when(lifecycle, inline(lifecycle)),
    env: environment(),
    ...deployedProbes(),
    resources: installationResources('global.proxy.resources'),
    securityContext: confined(proxyAccount()),
    volumeMounts: mounts(),
  };
}

function environment(): readonly Part[] {
  return [
    ...env.identity(),
    env.cpuLimit(),
    env.proxyConfig(),
    env.variable('ISTIO_META_POD_PORTS', '[]'),
    env.variable('ISTIO_META_APP_CONTAINERS', ''),
    ...env.runtimeLimits(),
    env.clusterId('ISTIO_META_CLUSTER_ID', '$.ClusterID'),
    env.nodeName(),
    env.variable('ISTIO_META_INTERCEPTION_MODE', quoted('$.ProxyConfig.InterceptionMode.String')),
    env.variableWhen(NETWORK, 'ISTIO_META_NETWORK', quoted(NETWORK)),
    ...deploymentOwner(),
    env.meshId(),
    env.trustDomain(),
    env.proxyMetadata(),
    env.variableWhen(REQUESTED_NETWORK, 'ISTIO_META_REQUESTED_NETWORK_VIEW', quoted(REQUESTED_NETWORK)),
  ];
}

function mounts(): readonly Part[] {
  return [
    ...volumes.socketMounts(),
    volumes.certificateMount(),
    volumes.whereIstiodSigns(volumes.mount('istiod-ca-cert', '/var/run/secrets/istio')),
    volumes.mount('istio-data', '/var/lib/istio/data'),
    volumes.mount('istio-envoy', '/etc/istio/proxy'),
    volumes.mount('istio-token', '/var/run/secrets/tokens'),
    volumes.mount('istio-podinfo', '/etc/istio/pod'),
  ];
}

function podVolumes(): readonly Part[] {
  return [
    volumes.emptyVolume('workload-socket'),
    volumes.emptyVolume('credential-socket'),
    volumes.certificateVolume(volumes.emptyVolume),
    volumes.memoryVolume('istio-envoy'),
    volumes.emptyVolume('istio-data'),
    volumes.podInfoVolume(),
    volumes.meshTokenVolume('istio-token'),
    volumes.whereIstiodSigns(volumes.rootCertificateVolume()),
  ];
}
