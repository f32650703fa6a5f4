import * as env from './agent-environment.ts';
import { agentgatewayImage, pullPolicy } from './agent-image.ts';
import { deployedProbes } from './agent-probes.ts';
import { installationResources } from './agent-resources.ts';
import * as volumes from './agent-volumes.ts';
import { inline, quoted, setting } from './expressions.ts';
import { gatewayObjects } from './gateway-objects.ts';
import { confined, gatewayPod } from './security-contexts.ts';
import { type Fields, type Part, print, type TemplateSource, when } from './template-text.ts';

const NETWORK = `(or (index $.InfrastructureLabels "topology.istio.io/network") ${setting('global.network')})`;

/** What istiod deploys for a Gateway of the class `istio-agentgateway`: the gateway for agents and models. */
export function agentgatewayTemplate(): TemplateSource {
  return gatewayObjects({
    managedBy: '"istio.io-agentgateway-controller"',
    outsideAmbient: false,
    sparesOldServers: false,
    serviceAnnotations: {},
    podSpec: {
      securityContext: gatewayPod(true),
      serviceAccountName: quoted('$.ServiceAccount'),
      containers: [gatewayContainer()],
      volumes: podVolumes(),
      imagePullSecrets: volumes.pullSecrets(),
    },
  });
}

function gatewayContainer(): Fields {
  const lifecycle = setting('global.proxy.lifecycle');
  return {
    name: 'agentgateway',
    image: agentgatewayImage(),
    imagePullPolicy: pullPolicy(),
    args: ['--config', '{}'],
    ports: [
      { name: 'metrics', containerPort: 15_020, protocol: 'TCP' },
      { name: 'status-port', containerPort: 15_021, protocol: 'TCP' },
    ],
    lifecycle: when(lifecycle, inline(lifecycle)),
    env: environment(),
    ...deployedProbes(),
    resources: installationResources('global.proxy.resources'),
    securityContext: confined({
      runAsUser: print('$.ProxyUID | default 10101'),
      runAsGroup: print('$.ProxyGID | default 10101'),
    }),
    volumeMounts: [
      volumes.mount('istiod-ca-cert', '/var/run/secrets/xds'),
      volumes.mount('xds-token', '/var/run/secrets/xds-tokens'),
      volumes.mount('tmp', '/tmp'),
      volumes.mount('istiod-ca-cert', '/var/run/secrets/istio'),
      volumes.mount('istio-token', '/var/run/secrets/tokens'),
    ],
  };
}

function environment(): readonly Part[] {
  return [
    env.fromField('POD_NAME', 'metadata.name'),
    env.fromField('POD_NAMESPACE', 'metadata.namespace'),
    env.fromField('NAMESPACE', 'metadata.namespace'),
    env.fromField('INSTANCE_IP', 'status.podIP'),
    env.fromField('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
    env.fromLimit('CPU_LIMIT', 'limits.cpu'),
    env.variable('GATEWAY', quoted('$.Name')),
    env.variable('RUST_BACKTRACE', '1'),
    env.clusterId('CLUSTER_ID', '$.ClusterID'),
    env.variableWhen(NETWORK, 'NETWORK', quoted(NETWORK)),
    env.trustDomain(),
    env.proxyMetadata(),
    env.variable('XDS_ADDRESS', quoted('$.ProxyConfig.DiscoveryAddress')),
    env.authorityAddress('CA_ADDRESS'),
  ];
}

function podVolumes(): readonly Part[] {
  return [
    volumes.emptyVolume('tmp'),
    volumes.meshTokenVolume('xds-token'),
    volumes.meshTokenVolume('istio-token'),
    volumes.whereIstiodSigns(volumes.rootCertificateVolume()),
  ];
}
