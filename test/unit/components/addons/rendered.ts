import {
  asJson,
  isObject,
  type JsonObject,
  type KubernetesObject,
  type Notice,
  OFFLINE_FACTS,
  valueAt,
} from '../../../../src/core/index.ts';
import { renderManifest } from '../../../../src/render/index.ts';

/** The add-ons' objects of a spec, and the notices of all. */
export function rendered(spec: JsonObject): {
  readonly objects: readonly KubernetesObject[];
  readonly notices: readonly Notice[];
} {
  const { components, notices } = renderManifest({ specs: [spec], facts: OFFLINE_FACTS });
  const objects = components.find(({ component }) => component === 'AddonComponents')?.objects ?? [];
  return { objects, notices };
}

/** The add-ons' objects of one kind. */
export function ofKind(spec: JsonObject, kind: string): readonly JsonObject[] {
  return rendered(spec)
    .objects.filter((object) => object.kind === kind)
    .map(asJson);
}

/** The one object of a kind and name. */
export function one(spec: JsonObject, kind: string, name: string): JsonObject {
  const [object, ...others] = ofKind(spec, kind).filter((each) => valueAt(each, 'metadata', 'name') === name);
  if (object === undefined || others.length > 0) throw new Error(`${kind} ${name} is there ${others.length} times`);
  return object;
}

/** The pod template of a Deployment. */
export function podOf(spec: JsonObject, deployment: string): JsonObject {
  const template = valueAt(one(spec, 'Deployment', deployment), 'spec', 'template');
  if (!isObject(template)) throw new Error(`${deployment} has no pod template`);
  return template;
}

/** The main container of a Deployment. */
export function containerOf(spec: JsonObject, deployment: string): JsonObject {
  const containers = valueAt(podOf(spec, deployment), 'spec', 'containers');
  if (!Array.isArray(containers) || !isObject(containers[0])) throw new Error(`${deployment} has no container`);
  return containers[0];
}

/** A file of a ConfigMap. */
export function fileOf(spec: JsonObject, configMap: string, file: string): string {
  return String(valueAt(one(spec, 'ConfigMap', configMap), 'data', file));
}
