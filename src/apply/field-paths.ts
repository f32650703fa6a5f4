import { isObject, type JsonObject } from '../core/index.ts';

/**
 * The fields in an entry of managedFields, in the words of people: `spec.template.spec.containers[name=discovery].image`.
 * @param fields - a `fieldsV1`: nested objects whose keys are `f:<field>`, `k:<key of a list entry>` or `v:<value of a set>`.
 */
export function fieldPathsOf(fields: JsonObject): readonly string[] {
  return pathsBelow(fields, '').sort();
}

function pathsBelow(fields: JsonObject, path: string): string[] {
  const inner = Object.entries(fields).filter(([key]) => key !== '.');
  if (inner.length === 0) return path === '' ? [] : [path];
  return inner.flatMap(([key, value]) => pathsBelow(isObject(value) ? value : {}, path + stepText(key, path === '')));
}

function stepText(key: string, isFirst: boolean): string {
  const text = key.slice(2);
  if (key.startsWith('k:')) return `[${entryText(text)}]`;
  if (key.startsWith('v:') || !/^[\w-]+$/.test(text)) return `[${key.startsWith('v:') ? text : JSON.stringify(text)}]`;
  return isFirst ? text : `.${text}`;
}

/** `{"containerPort":8080,"protocol":"TCP"}` → `containerPort=8080,protocol=TCP`. */
function entryText(json: string): string {
  const key: unknown = JSON.parse(json);
  return isObject(key)
    ? Object.entries(key)
        .map((pair) => pair.join('='))
        .join(',')
    : json;
}
