import type { IService, IServiceSpec } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { unlessEmpty } from '../shared/empty.ts';
import { textMap } from '../shared/text.ts';
import { built, type Draft } from '../shared/typed.ts';
import { type Gateway, objectLabels } from './gateway.ts';
import { servicePortOf } from './port.ts';

/** Makes a gateway reachable; none where the user brings the Service. */
export function service(gateway: Gateway): readonly KubernetesObject[] {
  if (gateway.settings.customService) return [];
  return [
    built<IService>({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: gateway.name,
        namespace: gateway.namespace,
        labels: objectLabels(gateway),
        annotations: textMap(gateway.settings.serviceAnnotations),
      },
      spec: serviceSpec(gateway),
    }),
  ];
}

function serviceSpec({ kind, selector, settings }: Gateway): Draft<IServiceSpec> {
  const extraPorts = settings[kind.extraPorts] ?? [];
  return {
    type: unlessEmpty(settings.type),
    selector,
    ports: unlessEmpty([
      ...settings.ports.map(servicePortOf),
      ...extraPorts.map(({ name, port }) => servicePortOf({ name, port })),
    ]),
    loadBalancerIP: unlessEmpty(settings.loadBalancerIP),
    loadBalancerSourceRanges: unlessEmpty(settings.loadBalancerSourceRanges),
    externalTrafficPolicy: unlessEmpty(settings.externalTrafficPolicy),
    ipFamilyPolicy: unlessEmpty(settings.ipFamilyPolicy),
    ipFamilies: unlessEmpty(settings.ipFamilies),
  };
}
