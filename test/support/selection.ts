import type { LiveObject, Selection } from '../../src/apply/index.ts';
import { asJson, valueAt } from '../../src/core/index.ts';

/** Whether an object is among the selected ones. */
export function matches(object: LiveObject, selection: Selection): boolean {
  const { namespace = '', labelSelector = '', fieldSelector = '' } = selection;
  const { metadata } = object;
  if (namespace !== '' && metadata.namespace !== namespace) return false;
  return requirements(fieldSelector, fieldsOf(object)) && requirements(labelSelector, metadata.labels ?? {});
}

/** The fields that can be selected: those of every kind, and some of Pods and Events. */
function fieldsOf(object: LiveObject): Record<string, string> {
  const { name, namespace = '' } = object.metadata;
  const text = (...path: string[]) => String(valueAt(asJson(object), ...path) ?? '');
  return {
    'metadata.name': name,
    'metadata.namespace': namespace,
    'status.phase': text('status', 'phase'),
    'involvedObject.uid': text('involvedObject', 'uid'),
    type: text('type'),
  };
}

/** What a metadata-only read gives of an object. */
export function metadataOf({ apiVersion, kind, metadata }: LiveObject): LiveObject {
  return { apiVersion, kind, metadata };
}

/** `a=b`, `a==b`, `a!=b`, `a`, `!a`, `a in (b,c)` and `a notin (b,c)`, separated by commas. */
function requirements(selector: string, labels: Readonly<Record<string, string>>): boolean {
  const parts = selector.split(/,(?![^(]*\))/).map((part) => part.trim());
  return parts.filter((part) => part !== '').every((part) => requirement(part, labels));
}

function requirement(part: string, labels: Readonly<Record<string, string>>): boolean {
  const set = /^(\S+) +(in|notin) +\(([^)]*)\)$/.exec(part);
  if (set !== null) {
    const values = (set[3] ?? '').split(',').map((value) => value.trim());
    const value = labels[set[1] ?? ''];
    return set[2] === 'in'
      ? value !== undefined && values.includes(value)
      : value === undefined || !values.includes(value);
  }
  const comparison = /^([^!=]+?) *(!=|==?) *(.*)$/.exec(part);
  if (comparison !== null) {
    const [, key = '', operator, value] = comparison;
    return operator === '!=' ? labels[key] !== value : labels[key] === value;
  }
  return part.startsWith('!') ? labels[part.slice(1)] === undefined : labels[part] !== undefined;
}
