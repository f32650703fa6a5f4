import type { IService, IServicePort } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { unlessEmpty } from '../shared/empty.ts';
import { asGiven } from '../shared/text.ts';
import { built } from '../shared/typed.ts';
import type { PilotContext } from './pilot-context.ts';

const PORTS: readonly IServicePort[] = [
  { name: 'grpc-xds', port: 15010, protocol: 'TCP' }, // plain text, for debugging and special networks
  { name: 'https-dns', port: 15012, protocol: 'TCP' }, // XDS and CA, mutual TLS
  { name: 'https-webhook', port: 443, targetPort: 15017, protocol: 'TCP' }, // injection and validation
  { name: 'http-monitoring', port: 15014, protocol: 'TCP' },
];

/** Where proxies and the API server reach istiod. */
export function service(pilot: PilotContext): KubernetesObject {
  return istiodService(pilot, pilot.name, {}, pilot.values.trafficDistribution);
}

/** One Service for each tag of the revision, so that what names the tag reaches whatever revision has it. */
export function tagServices(pilot: PilotContext): readonly KubernetesObject[] {
  return pilot.values.revisionTags.map((tag) =>
    istiodService(pilot, `istiod-revision-tag-${tag}`, { 'istio.io/tag': tag }, undefined),
  );
}

function istiodService(
  pilot: PilotContext,
  name: string,
  tagLabel: Readonly<Record<string, string>>,
  trafficDistribution: string | undefined,
): KubernetesObject {
  const { values, namespace, revisionLabels } = pilot;
  return built<IService>({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace,
      annotations: asGiven(values.serviceAnnotations),
      labels: { ...revisionLabels, ...tagLabel, app: 'istiod', istio: 'pilot' },
    },
    spec: {
      ports: PORTS,
      selector: pilot.podSelector,
      ipFamilyPolicy: values.ipFamilyPolicy || undefined,
      ipFamilies: unlessEmpty(values.ipFamilies),
      trafficDistribution: trafficDistribution || undefined,
    },
  });
}
