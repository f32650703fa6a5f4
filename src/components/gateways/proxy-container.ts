import type { IContainer, IContainerPort, ISecurityContext } from 'kubernetes-models/v1';
import { unlessEmpty } from '../shared/empty.ts';
import { uniqueVariables } from '../shared/environment.ts';
import { imageReference } from '../shared/image.ts';
import { mountsOf } from '../shared/mounted-volume.ts';
import { resourceRequirements } from '../shared/resources.ts';
import { textOf } from '../shared/text.ts';
import type { Draft } from '../shared/typed.ts';
import type { Gateway } from './gateway.ts';
import { containerPortOf } from './port.ts';
import { ownVariables, proxyEnvironment } from './proxy-environment.ts';
import { proxyVolumes, userVolumes } from './volumes.ts';

/** The proxy of a gateway, complete. */
export function proxyContainer(gateway: Gateway): Draft<IContainer> {
  return {
    ...commonFields(gateway),
    image: proxyImage(gateway),
    args: proxyArguments(gateway),
    readinessProbe: {
      httpGet: { path: '/healthz/ready', port: 15021, scheme: 'HTTP' },
      initialDelaySeconds: 1,
      periodSeconds: 2,
      timeoutSeconds: 1,
      successThreshold: 1,
      failureThreshold: 30,
    },
    env: proxyEnvironment(gateway),
    volumeMounts: mountsOf([...proxyVolumes(gateway), ...userVolumes(gateway)]),
  };
}

/** What the Deployment says of a proxy that the injector makes: what is special about this gateway, and nothing else. */
export function injectedContainer(gateway: Gateway): Draft<IContainer> {
  return {
    ...commonFields(gateway),
    image: 'auto', // the injector's word for "yours"
    env: unlessEmpty(uniqueVariables(ownVariables(gateway))),
    volumeMounts: unlessEmpty(mountsOf(userVolumes(gateway))),
  };
}

function commonFields({ settings, global }: Gateway) {
  return {
    name: 'istio-proxy',
    imagePullPolicy: unlessEmpty(global.imagePullPolicy),
    ports: containerPorts(settings.ports.map(containerPortOf)),
    securityContext: settings.runAsRoot ? undefined : UNPRIVILEGED,
    resources: resourceRequirements(settings.resources, global.defaultResources),
  };
}

const UNPRIVILEGED: ISecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  privileged: false,
  readOnlyRootFilesystem: true,
};

function containerPorts(ports: readonly Draft<IContainerPort>[]): Draft<IContainerPort>[] {
  return [...ports, { name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' }];
}

function proxyImage({ settings, global }: Gateway): string {
  return imageReference({
    image: global.proxy.image,
    defaultImage: 'proxyv2',
    hub: global.hub,
    tag: settings.tag || global.tag,
    variant: global.proxy.variant || global.variant,
  });
}

function proxyArguments({ global }: Gateway): string[] {
  const { proxy } = global;
  const flags: readonly (readonly [string, string | number | undefined])[] = [
    ['--proxyLogLevel', proxy.logLevel],
    ['--proxyComponentLogLevel', proxy.componentLogLevel],
    ['--log_output_level', global.logging.level],
  ];
  return [
    'proxy',
    'router',
    '--domain',
    `$(POD_NAMESPACE).svc.${proxy.clusterDomain ?? ''}`,
    ...flags.flatMap(([flag, value]) => (value ? [`${flag}=${textOf(value)}`] : [])),
    ...(global.logAsJson ? ['--log_as_json'] : []),
    ...(global.sts.servicePort ? [`--stsPort=${global.sts.servicePort}`] : []),
  ];
}
