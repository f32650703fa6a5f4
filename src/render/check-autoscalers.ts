import {
  asJson,
  type ComponentName,
  formatId,
  type Issue,
  idOf,
  type Json,
  type KubernetesObject,
  valueAt,
} from '../core/index.ts';
import type { ComponentInput } from '../values/index.ts';

/** Whose autoscalers they are; of the input only what tells where they are set. */
export interface Autoscaled {
  readonly input: Pick<ComponentInput, 'component' | 'path' | 'settings'>;
  readonly objects: readonly KubernetesObject[];
}

/** Where the values have the limits of a component's autoscaler. */
const IN_VALUES: Readonly<Partial<Record<ComponentName, string>>> = {
  Pilot: 'spec.values.pilot',
  IngressGateways: 'spec.values.gateways.istio-ingressgateway',
  EgressGateways: 'spec.values.gateways.istio-egressgateway',
};

/**
 * Finds autoscalers whose lower limit is above the upper one, which every API server refuses. Either may be a default,
 * so only the finished object tells.
 */
export function checkAutoscalers(components: readonly Autoscaled[]): readonly Issue[] {
  return components.flatMap(({ input, objects }) => objects.flatMap((object) => limitIssues(input, object)));
}

function limitIssues(input: Autoscaled['input'], object: KubernetesObject): readonly Issue[] {
  if (object.kind !== 'HorizontalPodAutoscaler') return [];
  const spec = valueAt(asJson(object), 'spec');
  const min = valueAt(spec, 'minReplicas');
  const max = valueAt(spec, 'maxReplicas');
  if (typeof min !== 'number' || typeof max !== 'number' || min <= max) return [];
  const { path, highest } = placeOf(input);
  const message = `In ${formatId(idOf(object))}: minReplicas ${min} is above maxReplicas ${max}.`;
  const hint = `The API server would refuse the object: set ${highest} to ${min} or more, or the lowest number lower.`;
  return [{ code: 'InvalidManifest', path, message, hint }];
}

/** Where the author can change the limits, and the name of the upper one there. */
function placeOf({ component, path, settings }: Autoscaled['input']): {
  readonly path: string;
  readonly highest: string;
} {
  const own: Json | undefined = valueAt(settings, 'hpaSpec');
  const isOwn = valueAt(own, 'minReplicas') !== undefined || valueAt(own, 'maxReplicas') !== undefined;
  const inValues = IN_VALUES[component];
  if (isOwn || inValues === undefined) return { path: `${path}.k8s.hpaSpec`, highest: 'maxReplicas' };
  return { path: `${inValues}.autoscaleMin`, highest: 'autoscaleMax' };
}
