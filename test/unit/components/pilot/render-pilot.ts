import { pilot } from '../../../../src/components/pilot/index.ts';
import { asJson, type Json, type JsonObject, type KubernetesObject, valueAt } from '../../../../src/core/index.ts';
import type { ComponentInput, IstiodValues } from '../../../../src/values/index.ts';
import { inputOf } from '../../values/resolved.ts';

/** The objects of Pilot for a spec of profile minimal with these fields. */
export function renderPilot(spec: JsonObject): readonly KubernetesObject[] {
  return pilot.build(inputOf('Pilot', { profile: 'minimal', ...spec }) as unknown as ComponentInput<IstiodValues>);
}

/** The same for a spec of which only values are interesting. */
export function renderValues(values: JsonObject): readonly KubernetesObject[] {
  return renderPilot({ values });
}

/** `Kind name` of each object, sorted. */
export function idsOf(objects: readonly KubernetesObject[]): readonly string[] {
  return objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
}

/** The object with this `Kind name`; it must be there. */
export function theObject(objects: readonly KubernetesObject[], id: string): JsonObject {
  const found = objects.find(({ kind, metadata }) => `${kind} ${metadata.name}` === id);
  if (found === undefined) throw new Error(`${id} is not among ${idsOf(objects).join(', ')}`);
  return asJson(found);
}

/** The pod of the Deployment of istiod. */
export function podOf(objects: readonly KubernetesObject[], name = 'istiod'): JsonObject {
  return valueAt(theObject(objects, `Deployment ${name}`), 'spec', 'template', 'spec') as JsonObject;
}

/** The container of istiod. */
export function containerOf(objects: readonly KubernetesObject[], name = 'istiod'): JsonObject {
  const [container] = podOf(objects, name).containers as readonly JsonObject[];
  if (container === undefined) throw new Error('there is no container');
  return container;
}

/** The environment of istiod by name. */
export function environmentOf(objects: readonly KubernetesObject[]): Readonly<Record<string, Json>> {
  const variables = containerOf(objects).env as readonly JsonObject[];
  return Object.fromEntries(variables.map(({ name, value, valueFrom }) => [String(name), value ?? valueFrom ?? null]));
}
