import { describeNode, isObject, type Json, type JsonObject, OperatorError } from '../core/index.ts';
import { fieldsOf, type GoField, isStruct } from './go-fields.ts';
import { canonicalQuantity } from './quantity.ts';

/**
 * An object as Go writes it after reading it into its type: fields in the order of the struct, empty ones left out or
 * filled in, quantities in their canonical form. Fields that the type does not have are kept, at the end.
 * @param path - where the object is in the user's document, for errors.
 * @throws {OperatorError} `InvalidResource` where a value is of another type.
 */
export function typedObject(value: JsonObject, type: string, path = ''): JsonObject {
  const fields = fieldsOf(type);
  const typed: [string, Json][] = [];
  for (const [name, field] of fields) {
    const given = typedField(own(value, name), field, path === '' ? name : `${path}.${name}`);
    if (given !== undefined) typed.push([name, given]);
  }
  for (const [name, given] of Object.entries(value)) {
    if (given != null && !fields.has(name)) typed.push([name, given]);
  }
  return Object.fromEntries(typed);
}

/** A list of objects of one type, as {@link typedObject}. */
export function typedList(values: readonly Json[], type: string, path: string): readonly JsonObject[] {
  return values.map((value, index) => typedObject(objectAt(value, `${path}[${index}]`), type, `${path}[${index}]`));
}

function typedField(value: Json | undefined, field: GoField, path: string): Json | undefined {
  if (value == null) return field.always ? emptyOf(field) : undefined;
  if (field.type === 'any' && field.shape !== 'list') return value;
  switch (field.shape) {
    case 'pointer':
      return typedValue(value, field.type, path);
    case 'list':
      return typedItems(listAt(value, path), field, path);
    case 'map':
      return typedMap(objectAt(value, path), field, path);
    default: {
      const typed = typedValue(value, field.type, path);
      return field.always || !isEmpty(typed) ? typed : undefined;
    }
  }
}

function typedItems(list: readonly Json[], field: GoField, path: string): Json | undefined {
  if (list.length === 0 && !field.always) return undefined;
  return field.type === 'any' ? list : list.map((item, index) => typedValue(item, field.type, `${path}[${index}]`));
}

function typedMap(map: JsonObject, field: GoField, path: string): JsonObject | undefined {
  const keys = Object.keys(map).sort();
  if (keys.length === 0) return undefined;
  return Object.fromEntries(keys.map((key) => [key, typedValue(map[key] ?? null, field.type, `${path}["${key}"]`)]));
}

function typedValue(value: Json, type: string, path: string): Json {
  if (isStruct(type)) return typedObject(objectAt(value, path), type, path);
  switch (type) {
    case 'string':
      // Go reads a null inside a map of text as empty text.
      return value === null ? '' : checked(value, typeof value === 'string', 'text', path);
    case 'bool':
      return checked(value, typeof value === 'boolean', 'true or false', path);
    case 'int32':
    case 'int64':
      return checked(value, Number.isInteger(value), 'a whole number', path);
    case 'Quantity': {
      const text = typeof value === 'number' ? String(value) : value;
      const canonical = typeof text === 'string' ? canonicalQuantity(text) : undefined;
      return checked(canonical ?? value, canonical !== undefined, 'a quantity such as 100m or 1Gi', path);
    }
    default:
      return value;
  }
}

function checked(value: Json, isRight: boolean, wanted: string, path: string): Json {
  if (isRight) return value;
  throw new OperatorError(`Expected ${wanted}, but ${describeNode(value)}.`, {
    code: 'InvalidResource',
    path,
  });
}

function objectAt(value: Json, path: string): JsonObject {
  checked(value, isObject(value), 'a map', path);
  return isObject(value) ? value : {};
}

function listAt(value: Json, path: string): readonly Json[] {
  checked(value, Array.isArray(value), 'a list', path);
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function emptyOf(field: GoField): Json {
  if (field.shape !== 'value') return null;
  if (field.type === 'string') return '';
  if (field.type === 'bool') return false;
  if (field.type === 'int32' || field.type === 'int64') return 0;
  if (field.type === 'Quantity') return '0';
  return isStruct(field.type) ? typedObject({}, field.type) : field.type === 'any' ? {} : null;
}

function isEmpty(value: Json): boolean {
  return value === '' || value === 0 || value === false;
}

function own(value: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
