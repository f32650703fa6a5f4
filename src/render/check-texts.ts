import { formatFieldPath } from '../api/index.ts';
import {
  asJson,
  formatId,
  type Issue,
  idOf,
  isObject,
  type Json,
  type JsonObject,
  type KubernetesObject,
  valueAt,
} from '../core/index.ts';

/** Where an object has maps in which the API server takes nothing but text. */
const TEXT_MAPS: readonly (readonly string[])[] = [
  ['metadata', 'labels'],
  ['metadata', 'annotations'],
  ['spec', 'template', 'metadata', 'labels'],
  ['spec', 'template', 'metadata', 'annotations'],
  ['spec', 'template', 'spec', 'nodeSelector'],
];

/**
 * Finds labels and annotations that YAML has made true or false. Values take them, and Istio copies them as they are, but
 * every API server refuses the object.
 * @param spec - the merged spec, in which the place is looked up.
 */
export function checkTexts(objects: readonly KubernetesObject[], spec: JsonObject): readonly Issue[] {
  return objects.flatMap((object) =>
    TEXT_MAPS.flatMap((path) =>
      Object.entries(mapAt(object, path)).flatMap(([key, value]): readonly Issue[] => {
        if (typeof value !== 'boolean') return [];
        return [
          {
            code: 'InvalidManifest',
            path: writtenAt(spec, key, value) ?? 'spec.values',
            message: `In ${formatId(idOf(object))}: ${path.join('.')} takes only text, and ${JSON.stringify(key)} is ${value}.`,
            hint: `The API server would refuse the object: put it in quotes, "${value}" or the word that you mean.`,
          },
        ];
      }),
    ),
  );
}

function mapAt(object: KubernetesObject, path: readonly string[]): JsonObject {
  const map = valueAt(asJson(object), ...path);
  return isObject(map) ? map : {};
}

/** The first place in the author's values that has this key with this value. */
function writtenAt(spec: JsonObject, key: string, value: boolean): string | undefined {
  for (const field of ['unvalidatedValues', 'values']) {
    const path = pathTo(spec[field], key, value);
    if (path !== undefined) return formatFieldPath(['spec', field, ...path]);
  }
  return undefined;
}

function pathTo(tree: Json | undefined, key: string, value: boolean): readonly string[] | undefined {
  if (!isObject(tree)) return undefined;
  for (const [name, below] of Object.entries(tree)) {
    if (name === key && below === value) return [name];
    const path = pathTo(below, key, value);
    if (path !== undefined) return [name, ...path];
  }
  return undefined;
}
