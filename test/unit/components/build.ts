import type { Component } from '../../../src/components/index.ts';
import {
  asJson,
  type Json,
  type JsonObject,
  type KubernetesObject,
  OFFLINE_FACTS,
  valueAt,
} from '../../../src/core/index.ts';
import { mergeSpec } from '../../../src/merge/index.ts';
import type { ComponentInput } from '../../../src/values/index.ts';
import { settled } from '../../../src/values/settled-values.ts';

/** How one instance is built: its values over the defaults, and what else its input says. */
export interface Build<Values> {
  readonly component: Component<Values>;
  readonly defaults: JsonObject;
  readonly input: { readonly resourceName: string } & Partial<Omit<ComponentInput<Values>, 'values'>>;
}

/** The objects that a component makes of `values` over its defaults; in istio-system, offline, unless `input` says else. */
export function objectsFrom<Values>(
  { component, defaults, input }: Build<Values>,
  values: JsonObject = {},
): readonly KubernetesObject[] {
  return component.build({
    component: component.name,
    path: 'spec.components.tested',
    namespace: 'istio-system',
    revision: '',
    settings: {},
    facts: OFFLINE_FACTS,
    ...input,
    values: settled(defaults, mergeSpec(defaults, values), (keys) => keys.join('.')) as Values,
  });
}

/** The objects as `Kind name`, sorted. */
export function namesOf(objects: readonly KubernetesObject[]): readonly string[] {
  return objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
}

/** What stands at `path` in the only object of `kind`; a step `[n]` goes into a list, `[name]` to the entry of that name. */
export function fieldOf(
  objects: readonly KubernetesObject[],
  kind: string,
  ...path: readonly string[]
): Json | undefined {
  const found = objects.filter((object) => object.kind === kind);
  const [object] = found;
  if (object === undefined || found.length > 1) throw new Error(`there are ${found.length} objects of kind ${kind}`);
  return path.reduce<Json | undefined>(step, asJson(object));
}

/** The pod template's container `name`, or the field of it that `path` leads to. */
export function containerOf(
  objects: readonly KubernetesObject[],
  kind: 'Deployment' | 'DaemonSet',
  ...path: readonly string[]
): Json | undefined {
  return fieldOf(objects, kind, 'spec', 'template', 'spec', 'containers', '[0]', ...path);
}

function step(node: Json | undefined, key: string): Json | undefined {
  if (!key.startsWith('[')) return valueAt(node, key);
  const wanted = key.slice(1, -1);
  if (!Array.isArray(node)) return undefined;
  return /^\d+$/.test(wanted)
    ? (node[Number(wanted)] as Json)
    : node.find((item: Json) => valueAt(item, 'name') === wanted);
}
