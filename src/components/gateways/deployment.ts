import type { IDeployment, IDeploymentSpec } from 'kubernetes-models/apps/v1';
import type { IPodSpec } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { firstSet, unlessEmpty } from '../shared/empty.ts';
import { intOrString } from '../shared/int-or-string.ts';
import { volumesOf } from '../shared/mounted-volume.ts';
import { built, type Draft } from '../shared/typed.ts';
import { affinity } from './affinity.ts';
import { type Gateway, isOpenShift, objectLabels } from './gateway.ts';
import { podMetadata } from './pod-metadata.ts';
import { injectedContainer, proxyContainer } from './proxy-container.ts';
import { proxyVolumes, userVolumes } from './volumes.ts';

/**
 * The pods of a gateway. With an injection template the Deployment is a shell and the sidecar injector fills in the proxy;
 * without one it holds the whole proxy, because what stands in a pod wins over what is injected.
 */
export function deployment(gateway: Gateway): KubernetesObject {
  const { name, namespace, selector, settings } = gateway;
  // ambient mode must not capture a gateway; a pod that has been given a sidecar it leaves alone anyway
  const notCaptured = settings.injectionTemplate ? {} : { 'istio.io/dataplane-mode': 'none' };
  return built<IDeployment>({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels: { ...notCaptured, ...objectLabels(gateway) } },
    spec: {
      // an autoscaler owns the number of replicas
      replicas: settings.autoscaleEnabled ? undefined : unlessEmpty(settings.replicaCount),
      selector: { matchLabels: selector },
      strategy: strategy(gateway),
      template: { metadata: podMetadata(gateway), spec: podSpec(gateway) },
    },
  });
}

function strategy({ settings }: Gateway): Draft<IDeploymentSpec['strategy']> {
  const maxSurge = intOrString(settings.rollingMaxSurge);
  const maxUnavailable = intOrString(settings.rollingMaxUnavailable);
  return maxSurge === undefined && maxUnavailable === undefined
    ? undefined
    : { rollingUpdate: { maxSurge, maxUnavailable } };
}

function podSpec(gateway: Gateway): Draft<IPodSpec> {
  const { settings, global, serviceAccountName } = gateway;
  const isInjected = Boolean(settings.injectionTemplate);
  return {
    serviceAccountName,
    securityContext: podSecurityContext(gateway),
    priorityClassName: unlessEmpty(global.priorityClassName),
    containers: [isInjected ? injectedContainer(gateway) : proxyContainer(gateway), ...settings.additionalContainers],
    volumes: unlessEmpty(volumesOf([...(isInjected ? [] : proxyVolumes(gateway)), ...userVolumes(gateway)])),
    affinity: affinity(gateway),
    tolerations: firstSet(settings.tolerations, global.defaultTolerations),
  };
}

function podSecurityContext(gateway: Gateway): Draft<IPodSpec['securityContext']> {
  if (gateway.settings.runAsRoot) return undefined;
  const user = isOpenShift(gateway) ? {} : { runAsUser: 1337, runAsGroup: 1337 };
  return { ...user, runAsNonRoot: true };
}
