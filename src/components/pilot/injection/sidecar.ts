import * as args from './agent-arguments.ts';
import * as env from './agent-environment.ts';
import { agentImage, pullPolicy } from './agent-image.ts';
import { HEALTH_PORT, readinessByPod, startup } from './agent-probes.ts';
import { podResources } from './agent-resources.ts';
import * as volumes from './agent-volumes.ts';
import { APPLICATION_STATEMENTS, APPLICATION_VARIABLES, appContainers, podPorts } from './application.ts';
import {
  annotatedOr,
  annotationOf,
  formatted,
  hasAnnotation,
  inline,
  labelOf,
  quoted,
  setting,
} from './expressions.ts';
import { INTERCEPTION_VARIABLES, interceptionAnnotations, interceptionContainer } from './interception.ts';
import { PROXY_GROUP, PROXY_USER, profile } from './security-contexts.ts';
import {
  choose,
  type Fields,
  forEach,
  ownListWhen,
  type Part,
  print,
  type TemplateSource,
  when,
} from './template-text.ts';
import { commonAnnotations, fittingCanonicalLabels } from './workload-metadata.ts';

const INTERCEPTS = 'ne $mode "NONE"';
const PRIVILEGED = setting('global.proxy.privileged');
const DATADOG_ENVIRONMENT = 'apm.datadoghq.com/env';
const TRACING_CERTIFICATES = `and (eq ${setting('global.proxy.tracer')} "lightstep") $.ProxyConfig.GetTracing.GetTlsSettings`;

const VARIABLES = [
  ...INTERCEPTION_VARIABLES,
  ...APPLICATION_VARIABLES,
  // A sidecar of Kubernetes' own kind: an init container that goes on running, so that other init containers have a proxy.
  ['native', `ne (${annotationOf('sidecar.istio.io/nativeSidecar')} | default (toString $.NativeSidecars)) "false"`],
  [
    'holds',
    `and (or $.ProxyConfig.HoldApplicationUntilProxyStarts.GetValue ${setting('global.proxy.holdApplicationUntilProxyStarts')}) (not $native)`,
  ],
  [
    'bindsLowPorts',
    `eq ${annotatedOr('sidecar.istio.io/capNetBindService', setting('global.proxy.capNetBindService'))} "true"`,
  ],
  [
    'otel',
    'otelResourceAttributes $.MeshConfig $.ObjectMeta.Annotations $.ObjectMeta.Labels $.DeploymentMeta.Namespace $.Spec.Containers',
  ],
] as const;

/** The proxy beside an application's containers, and the redirection of their traffic to it. */
export function sidecarTemplate(): TemplateSource {
  return {
    variables: VARIABLES,
    statements: APPLICATION_STATEMENTS,
    documents: [
      {
        metadata: {
          labels: labels(),
          annotations: { ...commonAnnotations(), ...interceptionAnnotations() },
        },
        spec: {
          initContainers: when(`or $native (${INTERCEPTS})`, [when(INTERCEPTS, interceptionContainer())]),
          containers: ownListWhen('not $native', [proxyContainer()]),
          volumes: podVolumes(),
          imagePullSecrets: volumes.pullSecrets(),
        },
      },
    ],
  };
}

function labels(): Fields {
  const speaksHbone = 'eq (index $.ProxyConfig.ProxyMetadata "ISTIO_META_ENABLE_HBONE") "true"';
  return {
    'security.istio.io/tlsMode': quoted(`${labelOf('security.istio.io/tlsMode')} | default "istio"`),
    'networking.istio.io/tunnel': when(
      speaksHbone,
      quoted(`${labelOf('networking.istio.io/tunnel')} | default "http"`),
    ),
    ...fittingCanonicalLabels(),
  };
}

function proxyContainer(): Fields {
  const reportsHealth = 'ne $agentPort "0"';
  return {
    name: 'istio-proxy',
    image: agentImage('global.proxy.image'),
    imagePullPolicy: pullPolicy(),
    restartPolicy: when('$native', 'Always'),
    args: [
      'proxy',
      'sidecar',
      ...args.domainArguments(),
      ...args.logLevelArguments(),
      args.tokenServiceArgument(),
      args.jsonLogArgument(),
      args.outlierLogArgument(),
    ],
    ports: [{ name: 'http-envoy-prom', containerPort: 15_090, protocol: 'TCP' }],
    lifecycle: lifecycle(),
    env: environment(),
    startupProbe: when(`and (${reportsHealth}) ${setting('global.proxy.startupProbe.enabled')}`, startup()),
    readinessProbe: when(reportsHealth, readinessByPod(HEALTH_PORT)),
    resources: podResources(),
    securityContext: securityContext(),
    volumeMounts: mounts(),
  };
}

/** The installation's own hooks, else: applications wait for the proxy, or the proxy drains before they stop. */
function lifecycle(): Part {
  const custom = setting('global.proxy.lifecycle');
  const agentCommand = (...command: readonly Part[]) => ({ exec: { command: ['pilot-agent', ...command] } });
  return choose([
    [custom, inline(custom)],
    ['$holds', { postStart: agentCommand('wait') }],
    ['$native', { preStop: agentCommand('request', formatted('--debug-port=%s', '$agentPort'), 'POST', 'drain') }],
  ]);
}

function environment(): readonly Part[] {
  return [
    env.variableWhen('eq $.InboundTrafficPolicyMode "localhost"', 'REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION', 'true'),
    ...env.identity(),
    env.cpuLimit(),
    env.proxyConfig(),
    podPorts(),
    appContainers(),
    ...env.runtimeLimits(),
    env.compliance(),
    env.clusterId('ISTIO_META_CLUSTER_ID', '"Kubernetes"'),
    env.nodeName(),
    env.variable('ISTIO_META_INTERCEPTION_MODE', quoted('$mode')),
    env.installationNetwork(),
    workloadName(),
    env.workloadOwner(),
    env.bootstrapOverride(),
    env.meshId(),
    env.trustDomain(),
    datadogEnvironment(),
    env.variableWhen('$otel', 'OTEL_RESOURCE_ATTRIBUTES', quoted('$otel')),
    env.proxyMetadata(),
  ];
}

function workloadName(): Part {
  const name = `(or ${labelOf('service.istio.io/workload-name')} $.DeploymentMeta.Name)`;
  return env.variableWhen(name, 'ISTIO_META_WORKLOAD_NAME', quoted(name));
}

function datadogEnvironment(): Part {
  const traced = `and (eq ${setting('global.proxy.tracer')} "datadog") ${hasAnnotation(DATADOG_ENVIRONMENT)}`;
  return when(traced, [
    forEach(`$key, $value := fromJSON ${annotationOf(DATADOG_ENVIRONMENT)}`, {
      name: quoted('$key'),
      value: quoted('$value'),
    }),
  ]);
}

/** A proxy that sees original addresses or listens on low ports has to be root; tracing of the rules takes all rights. */
function securityContext(): Fields {
  const traces = 'eq (index $.ProxyConfig.ProxyMetadata "IPTABLES_TRACE_LOGGING") "true"';
  const needsRoot = 'or $tproxy $bindsLowPorts';
  return {
    privileged: choose([[traces, true]], print(PRIVILEGED)),
    allowPrivilegeEscalation: choose([[traces, true]], print(PRIVILEGED)),
    capabilities: {
      add: when(`or (${traces}) $tproxy $bindsLowPorts`, [
        when(`or (${traces}) $tproxy`, 'NET_ADMIN'),
        when(`and $bindsLowPorts (not (${traces}))`, 'NET_BIND_SERVICE'),
      ]),
      drop: ['ALL'],
    },
    readOnlyRootFilesystem: true,
    runAsNonRoot: print(`not (or (${traces}) $tproxy $bindsLowPorts)`),
    runAsUser: choose([[`or (${traces}) $tproxy $bindsLowPorts`, 0]], print(PROXY_USER)),
    runAsGroup: choose([[`and (${needsRoot}) (not (${traces}))`, 1337]], print(PROXY_GROUP)),
    seccompProfile: profile('global.proxy.seccompProfile'),
  };
}

function mounts(): readonly Part[] {
  const certificateFolder = quoted('directory $.ProxyConfig.GetTracing.GetTlsSettings.GetCaCertificates');
  return [
    ...volumes.socketMounts(),
    volumes.certificateMount(),
    volumes.whereIstiodSigns([
      volumes.mount('istiod-ca-cert', '/var/run/secrets/istio'),
      volumes.mount('istio-ca-crl', '/var/run/secrets/istio/crl'),
    ]),
    volumes.mount('istio-data', '/var/lib/istio/data'),
    volumes.bootstrapMount(),
    volumes.mount('istio-envoy', '/etc/istio/proxy'),
    volumes.mount('istio-token', '/var/run/secrets/tokens'),
    volumes.mtlsMount(),
    volumes.mount('istio-podinfo', '/etc/istio/pod'),
    when(TRACING_CERTIFICATES, { name: 'lightstep-certs', mountPath: certificateFolder, readOnly: true }),
    volumes.userMounts(),
  ];
}

function podVolumes(): readonly Part[] {
  return [
    volumes.bareVolume('workload-socket'),
    volumes.bareVolume('credential-socket'),
    volumes.certificateVolume(volumes.bareVolume),
    volumes.bootstrapVolume(),
    volumes.memoryVolume('istio-envoy'),
    volumes.emptyVolume('istio-data'),
    volumes.podInfoVolume(),
    volumes.meshTokenVolume('istio-token'),
    volumes.whereIstiodSigns(volumes.rootCertificateVolume()),
    volumes.revocationVolume(),
    volumes.mtlsVolume(),
    volumes.userVolumes(),
    when(TRACING_CERTIFICATES, { name: 'lightstep-certs', secret: { optional: true, secretName: 'lightstep.cacert' } }),
  ];
}
