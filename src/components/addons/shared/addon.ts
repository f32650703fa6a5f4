import {
  type AddonName,
  type AddonPlace,
  type AddonSettings,
  type AddonValues,
  type ComponentInput,
  type MeshFacts,
} from '../../../values/index.ts';
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
  const { addon, settings, places, mesh } = input.values;
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

/** The address at which pods reach a Service of an add-on; undefined where the add-on is switched off. */
export function addressOf(
  { places, mesh }: Addon,
  addon: AddonName,
  service: string,
  port: number,
): string | undefined {
  const place: AddonPlace | undefined = places[addon];
  return place && `http://${service}.${place.namespace}.svc.${mesh.clusterDomain}:${port}`;
}
