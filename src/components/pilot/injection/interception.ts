import { agentLogLevelArgument, jsonLogArgument } from './agent-arguments.ts';
import { agentImage, pullPolicy } from './agent-image.ts';
import { podResources } from './agent-resources.ts';
import { annotatedOr, annotationOf, formatted, hasAnnotation, quoted, setting } from './expressions.ts';
import { PROXY_GROUP, PROXY_USER, profile } from './security-contexts.ts';
import { choose, type Fields, forEach, type Part, print, when } from './template-text.ts';

const REROUTED = 'istio.io/reroute-virtual-interfaces';
const REROUTED_BEFORE = 'traffic.sidecar.istio.io/kubevirtInterfaces';
const EXCLUDED_INTERFACES = 'traffic.sidecar.istio.io/excludeInterfaces';
const INCLUDED_OUTBOUND_PORTS = 'traffic.sidecar.istio.io/includeOutboundPorts';
const EXCLUDED_OUTBOUND_PORTS = 'traffic.sidecar.istio.io/excludeOutboundPorts';

/** With the node agent, only it may change the pod's traffic rules; the pod's container checks that it has. */
const NODE_AGENT = setting('pilot.cni.enabled');
const PRIVILEGED = setting('global.proxy.privileged');

/** Which traffic goes through the proxy, by annotations of the pod or else by values: what the parts here refer to. */
export const INTERCEPTION_VARIABLES = [
  ['mode', annotatedOr('sidecar.istio.io/interceptionMode', '$.ProxyConfig.InterceptionMode')],
  ['tproxy', 'eq $mode "TPROXY"'],
  ['agentPort', annotatedOr('status.sidecar.istio.io/port', setting('global.proxy.statusPort'))],
  ['outboundRanges', byPod('traffic.sidecar.istio.io/includeOutboundIPRanges', 'includeIPRanges')],
  ['outboundRangesLeftOut', byPod('traffic.sidecar.istio.io/excludeOutboundIPRanges', 'excludeIPRanges')],
  ['inboundPorts', byPod('traffic.sidecar.istio.io/includeInboundPorts', 'includeInboundPorts')],
  [
    'inboundPortsLeftOut',
    `excludeInboundPort $agentPort ${byPod('traffic.sidecar.istio.io/excludeInboundPorts', 'excludeInboundPorts')}`,
  ],
] as const;

function byPod(annotation: string, value: string): string {
  return annotatedOr(annotation, setting(`global.proxy.${value}`));
}

/** The annotations from which the node agent learns which traffic to redirect. */
export function interceptionAnnotations(): Fields {
  const toNodeAgent = (part: Part, condition = NODE_AGENT) => when(condition, part);
  const withNodeAgent = (condition: string) => `and ${NODE_AGENT} ${condition}`;
  const copied = (annotation: string) =>
    toNodeAgent(quoted(annotationOf(annotation)), withNodeAgent(annotationOf(annotation)));
  const multus = `appendMultusNetwork ${annotationOf('k8s.v1.cni.cncf.io/networks')} "default/istio-cni"`;
  return {
    'k8s.v1.cni.cncf.io/networks': toNodeAgent(
      quoted(multus),
      withNodeAgent(`(eq ${setting('pilot.cni.provider')} "multus")`),
    ),
    'sidecar.istio.io/interceptionMode': toNodeAgent(quoted('$mode')),
    'traffic.sidecar.istio.io/includeOutboundIPRanges': toNodeAgent(
      quoted('$outboundRanges'),
      withNodeAgent('$outboundRanges'),
    ),
    'traffic.sidecar.istio.io/excludeOutboundIPRanges': toNodeAgent(
      quoted('$outboundRangesLeftOut'),
      withNodeAgent('$outboundRangesLeftOut'),
    ),
    'traffic.sidecar.istio.io/includeInboundPorts': toNodeAgent(quoted('$inboundPorts')),
    'traffic.sidecar.istio.io/excludeInboundPorts': toNodeAgent(quoted('$inboundPortsLeftOut')),
    [INCLUDED_OUTBOUND_PORTS]: toNodeAgent(
      quoted(byPod(INCLUDED_OUTBOUND_PORTS, 'includeOutboundPorts')),
      withNodeAgent(podOrInstallationSays(INCLUDED_OUTBOUND_PORTS, 'includeOutboundPorts')),
    ),
    [EXCLUDED_OUTBOUND_PORTS]: toNodeAgent(
      quoted(byPod(EXCLUDED_OUTBOUND_PORTS, 'excludeOutboundPorts')),
      withNodeAgent(podOrInstallationSays(EXCLUDED_OUTBOUND_PORTS, 'excludeOutboundPorts')),
    ),
    [REROUTED_BEFORE]: copied(REROUTED_BEFORE),
    [REROUTED]: copied(REROUTED),
    [EXCLUDED_INTERFACES]: copied(EXCLUDED_INTERFACES),
  };
}

/** The container that sets up the redirection before the others start or, with the node agent, checks it. */
export function interceptionContainer(): Fields {
  return {
    name: print(`ternary "istio-validation" "istio-init" (eq true ${NODE_AGENT})`),
    image: agentImage('global.proxy_init.image'),
    imagePullPolicy: pullPolicy(),
    args: ['istio-iptables', ...ruleArguments(), agentLogLevelArgument(), jsonLogArgument(), ...modeArguments()],
    env: when('$.ProxyConfig.ProxyMetadata', [
      forEach('$key, $value := $.ProxyConfig.ProxyMetadata', { name: quoted('$key'), value: quoted('$value') }),
    ]),
    resources: podResources(),
    securityContext: securityContext(),
  };
}

function ruleArguments(): readonly Part[] {
  return [
    '-p',
    quoted('$.MeshConfig.ProxyListenPort | default 15001'),
    '-z',
    quoted('$.MeshConfig.ProxyInboundListenPort | default 15006'),
    '-u',
    quoted(`ternary 1337 ${PROXY_USER} $tproxy`),
    '-m',
    quoted('$mode'),
    '-i',
    quoted('$outboundRanges'),
    '-x',
    quoted('$outboundRangesLeftOut'),
    '-b',
    quoted('$inboundPorts'),
    '-d',
    choose([['$inboundPortsLeftOut', formatted('15090,15021,%s', '$inboundPortsLeftOut')]], '15090,15021'),
    when(podOrInstallationSays(INCLUDED_OUTBOUND_PORTS, 'includeOutboundPorts'), [
      '-q',
      quoted(byPod(INCLUDED_OUTBOUND_PORTS, 'includeOutboundPorts')),
    ]),
    when(podOrInstallationSays(EXCLUDED_OUTBOUND_PORTS, 'excludeOutboundPorts'), [
      '-o',
      quoted(byPod(EXCLUDED_OUTBOUND_PORTS, 'excludeOutboundPorts')),
    ]),
    choose([
      [hasAnnotation(REROUTED), ['-k', quoted(annotationOf(REROUTED))]],
      [hasAnnotation(REROUTED_BEFORE), ['-k', quoted(annotationOf(REROUTED_BEFORE))]],
    ]),
    when(hasAnnotation(EXCLUDED_INTERFACES), ['-c', quoted(annotationOf(EXCLUDED_INTERFACES))]),
  ];
}

function modeArguments(): readonly Part[] {
  return [
    choose([
      [NODE_AGENT, ['--run-validation', '--skip-rule-apply']],
      [setting('global.proxy_init.forceApplyIptables'), ['--force-apply']],
    ]),
    when(setting('global.nativeNftables'), '--native-nftables'),
  ];
}

/** An empty list of the pod's own counts as saying something, an empty value of the installation does not. */
function podOrInstallationSays(annotation: string, value: string): string {
  return `(or ${hasAnnotation(annotation)} ${setting(`global.proxy.${value}`)})`;
}

/** Changing the rules takes root and the rights to the network, checking them neither. */
function securityContext(): Fields {
  const byTask = (checking: Part, changing: Part) => choose([[NODE_AGENT, checking]], changing);
  return {
    privileged: print(PRIVILEGED),
    allowPrivilegeEscalation: print(PRIVILEGED),
    capabilities: {
      add: when(`not ${NODE_AGENT}`, ['NET_ADMIN', 'NET_RAW']),
      drop: ['ALL'],
    },
    readOnlyRootFilesystem: byTask(true, false),
    runAsNonRoot: byTask(true, false),
    runAsUser: byTask(print(`ternary 1337 ${PROXY_USER} $tproxy`), 0),
    runAsGroup: byTask(print(`ternary 1337 ${PROXY_GROUP} $tproxy`), 0),
    seccompProfile: profile('global.proxy.seccompProfile'),
  };
}
