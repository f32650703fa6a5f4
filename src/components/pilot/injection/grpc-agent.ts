import * as args from './agent-arguments.ts';
import * as env from './agent-environment.ts';
import { agentImage, pullPolicy } from './agent-image.ts';
import { readinessByPod } from './agent-probes.ts';
import { podResources } from './agent-resources.ts';
import * as volumes from './agent-volumes.ts';
import { APPLICATION_STATEMENTS, APPLICATION_VARIABLES, appContainers, podPorts } from './application.ts';
import { annotatedOr, hasAnnotation, quoted, setting } from './expressions.ts';
import { type Fields, forEach, type Part, type TemplateSource, when } from './template-text.ts';
import { canonicalLabels, commonAnnotations } from './workload-metadata.ts';

/** Without Envoy, the agent's own port is the one that reports health. */
const AGENT_PORT = 15_020;
const REPORTS_HEALTH = `ne ${annotatedOr('status.sidecar.istio.io/port', setting('global.proxy.statusPort'))} "0"`;

/**
 * The agent without Envoy: gRPC applications talk to the mesh themselves, and the agent brings their configuration and
 * certificates. Whether they use mutual TLS is for the pod to say, so there is no label for it.
 */
export function grpcAgentTemplate(): TemplateSource {
  return {
    variables: APPLICATION_VARIABLES,
    statements: APPLICATION_STATEMENTS,
    documents: [
      {
        metadata: {
          labels: canonicalLabels(),
          annotations: { ...commonAnnotations(), 'sidecar.istio.io/rewriteAppHTTPProbers': 'false' },
        },
        spec: {
          containers: [agentContainer(), forEach('$container := $.Spec.Containers', applicationContainer())],
          volumes: podVolumes(),
          imagePullSecrets: volumes.pullSecrets(),
        },
      },
    ],
  };
}

function agentContainer(): Fields {
  const waits = ['pilot-agent', 'wait', `--url=http://localhost:${AGENT_PORT}/healthz/ready`];
  return {
    name: 'istio-proxy',
    image: agentImage('global.proxy.image'),
    imagePullPolicy: pullPolicy(),
    args: [
      'proxy',
      'sidecar',
      ...args.domainArguments(),
      ...args.logLevelArguments(),
      args.tokenServiceArgument(),
      args.jsonLogArgument(),
    ],
    ports: [{ name: 'mesh-metrics', containerPort: AGENT_PORT, protocol: 'TCP' }],
    lifecycle: { postStart: { exec: { command: waits } } },
    env: environment(),
    readinessProbe: when(REPORTS_HEALTH, readinessByPod(AGENT_PORT)),
    resources: when(REPORTS_HEALTH, podResources()),
    volumeMounts: when(`or (${REPORTS_HEALTH}) ${hasAnnotation('sidecar.istio.io/userVolumeMount')}`, [
      when(REPORTS_HEALTH, mounts()),
      volumes.userMounts(),
    ]),
  };
}

function applicationContainer(): Part {
  return when('ne $container.Name "istio-proxy"', [
    {
      name: quoted('$container.Name'),
      env: [
        env.variable('GRPC_XDS_EXPERIMENTAL_SECURITY_SUPPORT', 'true'),
        env.variable('GRPC_XDS_BOOTSTRAP', '/etc/istio/proxy/grpc-bootstrap.json'),
      ],
      volumeMounts: [
        volumes.mount('istio-data', '/var/lib/istio/data'),
        volumes.mount('istio-xds', '/etc/istio/proxy'),
        volumes.certificateMount(),
      ],
    },
  ]);
}

function environment(): readonly Part[] {
  return [
    env.variable('ISTIO_META_GENERATOR', 'grpc'),
    env.variable('OUTPUT_CERTS', '/var/lib/istio/data'),
    env.variableWhen('eq $.InboundTrafficPolicyMode "localhost"', 'REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION', 'true'),
    ...env.identity(),
    env.proxyConfig(),
    podPorts(),
    appContainers(),
    env.clusterId('ISTIO_META_CLUSTER_ID', '"Kubernetes"'),
    env.nodeName(),
    env.installationNetwork(),
    env.workloadName(),
    env.workloadOwner(),
    env.meshId(),
    env.trustDomain(),
    env.proxyMetadata(),
    // Names of the `xds` scheme need no address.
    env.variable('ISTIO_META_DNS_CAPTURE', 'false'),
    env.variable('DISABLE_ENVOY', 'true'),
  ];
}

function mounts(): readonly Part[] {
  return [
    volumes.mount('workload-socket', '/var/run/secrets/workload-spiffe-uds'),
    volumes.certificateMount(),
    volumes.whereIstiodSigns(volumes.mount('istiod-ca-cert', '/var/run/secrets/istio')),
    volumes.mount('istio-data', '/var/lib/istio/data'),
    volumes.mount('istio-xds', '/etc/istio/proxy'),
    volumes.mount('istio-token', '/var/run/secrets/tokens'),
    volumes.mtlsMount(),
    volumes.mount('istio-podinfo', '/etc/istio/pod'),
  ];
}

function podVolumes(): readonly Part[] {
  return [
    volumes.bareVolume('workload-socket'),
    volumes.certificateVolume(volumes.bareVolume),
    volumes.bootstrapVolume(),
    volumes.memoryVolume('istio-xds'),
    volumes.emptyVolume('istio-data'),
    volumes.podInfoVolume(),
    volumes.meshTokenVolume('istio-token'),
    volumes.whereIstiodSigns(volumes.rootCertificateVolume()),
    volumes.mtlsVolume(),
    volumes.userVolumes(),
  ];
}
