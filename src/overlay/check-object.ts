import { isObject, type Json, type JsonObject, type KubernetesObject, suggestion } from '../core/index.ts';
import { fieldsOf, innerType } from './object-schema.ts';
import { dotsAdvice } from './patch-path.ts';

/** Something in an object that its Kubernetes schema does not accept. */
export interface Mismatch {
  /** Where, as keys and indexes from the object's root. */
  readonly place: readonly string[];
  readonly message: string;
  readonly hint?: string;
  /** True where only newer versions of Kubernetes could know the field: the API server decides. */
  readonly isUnknownField: boolean;
}

const MAX_MISMATCHES = 20;

/** Holds an object against the schema of its kind; kinds that are not known pass. At most 20 findings. */
export function checkObject(object: KubernetesObject): readonly Mismatch[] {
  const found: Mismatch[] = [];
  checkNode(object as unknown as JsonObject, object.kind, [], found);
  return found.slice(0, MAX_MISMATCHES);
}

function checkNode(value: Json, type: string, place: readonly string[], found: Mismatch[]): void {
  if (found.length >= MAX_MISMATCHES || type === 'any') return;
  const inner = innerType(type);
  if (inner !== undefined && type.startsWith('[')) {
    if (!Array.isArray(value)) found.push(wrongType(value, 'a list', place));
    else for (const [index, entry] of value.entries()) checkNode(entry, inner, [...place, String(index)], found);
    return;
  }
  if (inner !== undefined) {
    if (!isObject(value)) found.push(wrongType(value, 'a map', place));
    else for (const [key, entry] of Object.entries(value)) checkNode(entry ?? null, inner, [...place, key], found);
    return;
  }
  const fields = fieldsOf(type);
  if (fields === undefined) checkScalar(value, type, place, found);
  else if (isObject(value)) checkFields(value, fields, place, found);
  else found.push(wrongType(value, 'a map', place));
}

function checkFields(
  map: JsonObject,
  fields: NonNullable<ReturnType<typeof fieldsOf>>,
  place: readonly string[],
  found: Mismatch[],
): void {
  for (const [key, value] of Object.entries(map)) {
    // the API server drops null like an absent field
    if (value === undefined || value === null) continue;
    const field = fields.get(key);
    if (field !== undefined) {
      checkNode(value, field.type, [...place, key], found);
      continue;
    }
    const hint = (place.length === 0 && dotsAdvice(key)) || suggestion(key, fields.keys());
    const message = `${placeText(place)} has no field "${key}"`;
    found.push({ place: [...place, key], message, isUnknownField: true, ...(hint === '' ? {} : { hint }) });
  }
  for (const [name, { isRequired }] of fields) {
    const value = Object.hasOwn(map, name) ? map[name] : undefined;
    if (!isRequired || (value !== undefined && value !== null)) continue;
    found.push({ place: [...place, name], message: `${placeText(place)} lacks "${name}"`, isUnknownField: false });
  }
}

function checkScalar(value: Json, type: string, place: readonly string[], found: Mismatch[]): void {
  switch (type) {
    case 'string':
      if (typeof value === 'string') return;
      found.push(wrongType(value, 'a text', place, typeof value === 'object' ? undefined : `Quote it: "${value}".`));
      return;
    case 'integer':
      if (!Number.isInteger(value)) found.push(wrongType(value, 'a whole number', place));
      return;
    case 'boolean':
      if (typeof value !== 'boolean') found.push(wrongType(value, 'true or false', place));
      return;
    case 'quantity':
      if (typeof value !== 'number' && typeof value !== 'string')
        found.push(wrongType(value, 'a number or a text', place));
      return;
    default: // a type of another kind's schema
  }
}

function wrongType(value: Json, wanted: string, place: readonly string[], hint?: string): Mismatch {
  const message = `${placeText(place)} must be ${wanted}, not ${shortText(value)}`;
  return { place, message, isUnknownField: false, ...(hint === undefined ? {} : { hint }) };
}

function shortText(value: Json): string {
  if (Array.isArray(value)) return 'a list';
  return isObject(value) ? 'a map' : JSON.stringify(value).slice(0, 60);
}

/** A place as people write it: `spec.template.spec.containers[0].ports`. */
function placeText(place: readonly string[]): string {
  if (place.length === 0) return 'the object';
  return place.map((token, index) => (/^\d+$/.test(token) ? `[${token}]` : index === 0 ? token : `.${token}`)).join('');
}
