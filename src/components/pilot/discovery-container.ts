import type { IContainer } from 'kubernetes-models/v1';
import { unlessEmpty } from '../shared/empty.ts';
import { imageReference } from '../shared/image.ts';
import { type MountedVolume, mountsOf } from '../shared/mounted-volume.ts';
import { resourceRequirements } from '../shared/resources.ts';
import type { Draft } from '../shared/typed.ts';
import { discoveryEnvironment } from './discovery-environment.ts';
import type { PilotContext } from './pilot-context.ts';

/** The container of istiod. */
export function discoveryContainer(pilot: PilotContext, volumes: readonly MountedVolume[]): Draft<IContainer> {
  const { values } = pilot;
  return {
    name: 'discovery',
    image: image(pilot),
    imagePullPolicy: values.global.imagePullPolicy || undefined,
    args: args(pilot),
    ports: [
      { name: 'http-debug', containerPort: 8080, protocol: 'TCP' },
      { name: 'grpc-xds', containerPort: 15010, protocol: 'TCP' },
      { name: 'tls-xds', containerPort: 15012, protocol: 'TCP' },
      { name: 'https-webhooks', containerPort: 15017, protocol: 'TCP' },
      { name: 'http-monitoring', containerPort: 15014, protocol: 'TCP' },
    ],
    readinessProbe: {
      httpGet: { path: '/ready', port: 8080 },
      initialDelaySeconds: 1,
      periodSeconds: 3,
      timeoutSeconds: 5,
    },
    env: discoveryEnvironment(pilot),
    resources: resourceRequirements(values.resources, values.global.defaultResources),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: unlessEmpty(values.seccompProfile),
    },
    volumeMounts: [...mountsOf(volumes), ...values.volumeMounts],
  };
}

function image({ values }: PilotContext): string {
  return imageReference({
    image: values.image,
    defaultImage: 'pilot',
    hub: values.hub || values.global.hub,
    tag: values.tag || values.global.tag,
    variant: values.variant || values.global.variant,
  });
}

function args({ values }: PilotContext): readonly string[] {
  const { logging, logAsJson, proxy } = values.global;
  return [
    'discovery',
    '--monitoringAddr=:15014',
    ...(logging.level ? [`--log_output_level=${logging.level}`] : []),
    ...(logAsJson ? ['--log_as_json'] : []),
    '--domain',
    proxy.clusterDomain ?? '',
    ...(values.taint.namespace ? [`--cniNamespace=${values.taint.namespace}`] : []),
    '--keepaliveMaxServerConnectionAge',
    values.keepaliveMaxServerConnectionAge ?? '',
    ...values.extraContainerArgs,
  ];
}
