import * as args from './agent-arguments.ts';
import * as env from './agent-environment.ts';
import { agentImage, pullPolicy } from './agent-image.ts';
import { readinessByInstallation } from './agent-probes.ts';
import * as volumes from './agent-volumes.ts';
import { APPLICATION_STATEMENTS, APPLICATION_VARIABLES, appContainers, podPorts } from './application.ts';
import { inline, quoted, setting } from './expressions.ts';
import { gatewayPod, proxyAccount } from './security-contexts.ts';
import { type Fields, type Part, type TemplateSource, when } from './template-text.ts';
import { canonicalLabels, commonAnnotations } from './workload-metadata.ts';

/** A proxy on its own: users deploy the pod, with a container `istio-proxy` that says what is special about it. */
export function gatewayTemplate(): TemplateSource {
  return {
    variables: APPLICATION_VARIABLES,
    statements: APPLICATION_STATEMENTS,
    documents: [
      {
        metadata: { labels: canonicalLabels(), annotations: commonAnnotations() },
        spec: {
          securityContext: gatewayPod(false),
          containers: [proxyContainer()],
          volumes: podVolumes(),
          imagePullSecrets: volumes.pullSecrets(),
        },
      },
    ],
  };
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
      ...args.logLevelArguments(),
      args.tokenServiceArgument(),
      args.jsonLogArgument(),
    ],
    ports: [{ name: 'http-envoy-prom', containerPort: 15_090, protocol: 'TCP' }],
    lifecycle: when(lifecycle, inline(lifecycle)),
    env: environment(),
    readinessProbe: readinessByInstallation(),
    securityContext: proxyAccount(),
    volumeMounts: mounts(),
  };
}

function environment(): readonly Part[] {
  return [
    ...env.identity(),
    env.cpuLimit(),
    env.proxyConfig(),
    podPorts(),
    ...env.runtimeLimits(),
    env.compliance(),
    appContainers(),
    env.clusterId('ISTIO_META_CLUSTER_ID', '"Kubernetes"'),
    env.nodeName(),
    env.variable('ISTIO_META_INTERCEPTION_MODE', quoted('$.ProxyConfig.InterceptionMode.String')),
    env.installationNetwork(),
    env.workloadName(),
    env.workloadOwner(),
    env.bootstrapOverride(),
    env.meshId(),
    env.trustDomain(),
    env.proxyMetadata(),
  ];
}

function mounts(): readonly Part[] {
  return [
    ...volumes.socketMounts(),
    volumes.certificateMount(),
    volumes.whereIstiodSigns(volumes.mount('istiod-ca-cert', '/var/run/secrets/istio')),
    volumes.mount('istio-data', '/var/lib/istio/data'),
    volumes.bootstrapMount(),
    volumes.mount('istio-envoy', '/etc/istio/proxy'),
    volumes.mount('istio-token', '/var/run/secrets/tokens'),
    volumes.mtlsMount(),
    volumes.mount('istio-podinfo', '/etc/istio/pod'),
  ];
}

function podVolumes(): readonly Part[] {
  return [
    volumes.bareVolume('workload-socket'),
    volumes.emptyVolume('credential-socket'),
    volumes.certificateVolume(volumes.emptyVolume),
    volumes.bootstrapVolume(),
    volumes.memoryVolume('istio-envoy'),
    volumes.emptyVolume('istio-data'),
    volumes.podInfoVolume(),
    volumes.meshTokenVolume('istio-token'),
    volumes.whereIstiodSigns(volumes.rootCertificateVolume()),
    volumes.mtlsVolume(),
  ];
}
