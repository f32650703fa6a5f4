import type { IContainer, IEnvVar, ISecurityContext } from 'kubernetes-models/v1';
import { firstSet, isEmpty, unlessEmpty } from '../shared/empty.ts';
import { fieldVariable, limitVariable, uniqueVariables, variablesOf } from '../shared/environment.ts';
import { imageReference } from '../shared/image.ts';
import { mountsOf } from '../shared/mounted-volume.ts';
import { resourceRequirements } from '../shared/resources.ts';
import type { Draft } from '../shared/typed.ts';
import { CONFIG_MAP_NAME, type NodeAgent, sharesHostNetwork } from './node-agent.ts';
import { nodeDirectories } from './volumes.ts';

/** The container that installs the plugin on its node and stays to repair and, in ambient mode, to capture pods. */
export function installContainer(agent: NodeAgent): Draft<IContainer> {
  const { values } = agent;
  return {
    name: 'install-cni',
    image: image(agent),
    imagePullPolicy: firstSet(values.pullPolicy, values.global.imagePullPolicy),
    command: ['install-cni'],
    args: unlessEmpty([...logLevel(agent), ...(values.global.logAsJson ? ['--log_as_json'] : [])]),
    envFrom: [{ configMapRef: { name: CONFIG_MAP_NAME } }],
    env: environment(agent),
    ports: [{ name: 'metrics', containerPort: 15014, protocol: 'TCP' }],
    readinessProbe: { httpGet: { path: '/readyz', port: 8000 } },
    resources: resourceRequirements(values.resources, values.global.defaultResources),
    securityContext: securityContext(agent),
    volumeMounts: mountsOf(nodeDirectories(agent)),
  };
}

function image({ values }: NodeAgent): string {
  return imageReference({
    image: values.image,
    defaultImage: 'install-cni',
    hub: values.hub || values.global.hub,
    tag: values.tag || values.global.tag,
    variant: values.variant || values.global.variant,
  });
}

function logLevel({ values }: NodeAgent): string[] {
  const level = firstSet(values.logging.level, values.global.logging.level);
  return level === undefined ? [] : [`--log_output_level=${level}`];
}

function environment(agent: NodeAgent): Draft<IEnvVar>[] {
  return uniqueVariables([
    fieldVariable('REPAIR_NODE_NAME', 'spec.nodeName'),
    ...variablesOf({
      REPAIR_RUN_AS_DAEMON: true,
      REPAIR_SIDECAR_ANNOTATION: 'sidecar.istio.io/status',
      ALLOW_SWITCH_TO_HOST_NS: sharesHostNetwork(agent) ? undefined : true,
    }),
    fieldVariable('NODE_NAME', 'spec.nodeName', 'v1'),
    limitVariable('GOMEMLIMIT', 'limits.memory'),
    limitVariable('GOMAXPROCS', 'limits.cpu'),
    fieldVariable('POD_NAME', 'metadata.name'),
    fieldVariable('POD_NAMESPACE', 'metadata.namespace'),
    ...variablesOf(agent.values.env),
  ]);
}

/**
 * Root, but not privileged: all capabilities go, and those come back that moving into the network namespaces of pods
 * (SYS_ADMIN, SYS_PTRACE), redirecting their traffic (NET_ADMIN, NET_RAW) and writing into directories of the node that
 * belong to others (DAC_OVERRIDE) take.
 */
function securityContext({ values }: NodeAgent): Draft<ISecurityContext> {
  const { seLinuxOptions, seccompProfile } = values;
  return {
    privileged: false,
    runAsUser: 0,
    runAsGroup: 0,
    runAsNonRoot: false,
    capabilities: { drop: ['ALL'], add: ['NET_ADMIN', 'NET_RAW', 'SYS_PTRACE', 'SYS_ADMIN', 'DAC_OVERRIDE'] },
    appArmorProfile: values.useAppArmorAnnotation ? undefined : { type: 'Unconfined' },
    seLinuxOptions: isEmpty(seLinuxOptions) ? undefined : { ...seLinuxOptions, type: seLinuxOptions.type || 'spc_t' },
    seccompProfile: isEmpty(seccompProfile) ? undefined : { ...seccompProfile, type: seccompProfile.type },
  };
}
