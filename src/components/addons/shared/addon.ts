import type { AddonName, AddonSettings, AddonValues, ComponentInput, MeshFacts } from '../../../values/index.ts';
import { imageReference } from '../../shared/image.ts';
import { istioLabels } from '../../shared/labels.ts';
import { ADDON_IMAGES } from '../versions.ts';

/** One add-on, as the builders of its objects see it. */
export interface Addon {
  readonly addon: AddonName;
  /** The name of its workload and of most other objects. */
  readonly name: string;
  readonly namespace: string;
  /** The labels of every object. */
  readonly labels: Readonly<Record<string, string>>;
  /** What selects its pods; part of an immutable field, so no user's setting may change it. */
  readonly selector: Readonly<Record<string, string>>;
  readonly image: string;
  readonly settings: AddonSettings;
  /** Whether people reach it from outside, by whatever its author asked for. */
  readonly isExposed: boolean;
  readonly places: AddonValues['places'];
  readonly mesh: MeshFacts;
}

/** The value of the label `app`, by which tools look for the pods of an add-on. */
const APPS: Readonly<Record<AddonName, string>> = {
  prometheus: 'prometheus',
  grafana: 'grafana',
  kiali: 'kiali',
  tracing: 'jaeger',
  zipkin: 'zipkin',
};

/** Gathers what the builders of one add-on share. */
export function addonOf(input: ComponentInput<AddonValues>): Addon {
  const { addon, settings, isOpen, places, mesh } = input.values;
  const { hub, image, tag } = ADDON_IMAGES[addon];
  const selector = selectorOf(addon);
  return {
    addon,
    name: input.resourceName,
    namespace: input.namespace,
    labels: { ...istioLabels(APPS[addon]), ...selector },
    selector,
    image: imageReference({
      image: settings.image,
      defaultImage: image,
      hub: settings.hub || hub,
      tag: settings.tag || tag,
      variant: undefined,
    }),
    settings,
    isExposed: isOpen || settings.expose !== undefined,
    places,
    mesh,
  };
}

/** What selects the pods of an add-on, in whatever namespace it is. */
export function selectorOf(addon: AddonName): Readonly<Record<string, string>> {
  return { app: APPS[addon], 'app.kubernetes.io/instance': 'istio' };
}

/** The main container of an add-on's workload. */
export function containerName(addon: AddonName): string {
  return APPS[addon];
}

/** The Service behind which the user interface of an add-on is. */
export const SERVICES: Readonly<Record<AddonName, { readonly service: string; readonly port: number }>> = {
  prometheus: { service: 'prometheus', port: 9_090 },
  grafana: { service: 'grafana', port: 3_000 },
  kiali: { service: 'kiali', port: 20_001 },
  tracing: { service: 'tracing', port: 80 },
  zipkin: { service: 'zipkin', port: 9_411 },
};

/** The address at which pods reach an add-on; undefined where it is switched off. */
export function addressOf({ places, mesh }: Addon, addon: AddonName): string | undefined {
  const place = places[addon];
  return place && address(addon, place.namespace, mesh);
}

/** Where metrics are: where this CR does not install Prometheus, somebody else may have put one at the usual place. */
export function prometheusAddress(addon: Addon): string {
  return addressOf(addon, 'prometheus') ?? address('prometheus', addon.mesh.istioNamespace, addon.mesh);
}

function address(addon: AddonName, namespace: string, { clusterDomain }: MeshFacts): string {
  const { service, port } = SERVICES[addon];
  return `http://${service}.${namespace}.svc.${clusterDomain}:${port}`;
}
