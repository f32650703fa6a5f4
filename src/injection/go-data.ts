import { isObject, type Json, type JsonObject } from '../core/index.ts';
import {
  fn,
  type GoFunction,
  GoInteger,
  GoMap,
  GoNil,
  GoObject,
  GoSlice,
  goValueOf,
  type Value,
} from '../gotemplate/index.ts';
import { fieldsOf, type GoField, isStruct } from './go-fields.ts';

/** A typed object as templates see it in istiod: a struct with Go's field names and zero values. */
export function goStruct(object: JsonObject, type: string): GoObject {
  const fields = new Map(
    [...fieldsOf(type).values()].map((field) => [field.goName, goField(object[field.name], field)]),
  );
  return new GoObject(`v1.${type}`, fields, new Map(), object);
}

/** A list of typed objects as a Go slice. */
export function goStructs(list: readonly Json[], type: string): GoSlice {
  return new GoSlice(
    list.map((item) => goStruct(isObject(item) ? item : {}, type)),
    `v1.${type}`,
  );
}

/** A Go map of text. */
export function textMap(map: Json | undefined): GoMap {
  const entries = isObject(map) ? Object.entries(map) : [];
  return new GoMap(new Map(entries.map(([key, value]) => [key, String(value)])), 'string', { isNil: !isObject(map) });
}

/**
 * A Protobuf message, given as JSON: for every field what templates call it, and a method to get it. Fields that are not
 * set have what `absent` says, others give nil.
 */
export function goMessage(
  typeName: string,
  message: JsonObject,
  absent: Readonly<Record<string, Value>> = {},
): GoObject {
  const fields = new Map(Object.entries(absent).map(([key, value]) => [pascal(key), value]));
  for (const [key, value] of Object.entries(message)) {
    if (value != null) fields.set(pascal(key), messageField(key, value, absent[key]));
  }
  const methods = new Map([...fields].map(([name, value]) => [`Get${name}`, fn([], () => value)]));
  return new GoObject(`*${typeName}`, fields, methods, message);
}

/** A named number of Protobuf: prints as its name. */
export function goEnum(typeName: string, name: string): GoObject {
  return new GoObject(typeName, new Map(), new Map([['String', fn([], () => name)]]), name);
}

/** A Protobuf wrapper, which can say that there is no value. */
export function goWrapper(typeName: string, value: Value): GoObject {
  const methods = new Map<string, GoFunction>([['GetValue', fn([], () => value)]]);
  return new GoObject(`*wrapperspb.${typeName}`, new Map([['Value', value]]), methods);
}

function messageField(key: string, value: Json, absent: Value): Value {
  if (absent instanceof GoObject && absent.typeName.startsWith('*wrapperspb.')) {
    const name = absent.typeName.slice('*wrapperspb.'.length);
    return goWrapper(name, typeof value === 'number' ? new GoInteger('int32', BigInt(value)) : goValueOf(value));
  }
  if (absent instanceof GoObject && typeof value === 'string') return goEnum(absent.typeName, value);
  if (absent instanceof GoInteger && typeof value === 'number') return new GoInteger(absent.kind, BigInt(value));
  if (absent instanceof GoMap) return textMap(value);
  return isObject(value) ? goMessage(`v1alpha1.${pascal(key)}`, value) : goValueOf(value);
}

function goField(value: Json | undefined, field: GoField): Value {
  switch (field.shape) {
    case 'pointer':
      return value == null ? new GoNil(`*${field.type}`) : goValue(value, field.type);
    case 'list': {
      const items = Array.isArray(value) ? (value as readonly Json[]) : [];
      const elem = isStruct(field.type) ? `v1.${field.type}` : field.type;
      return new GoSlice(
        items.map((item) => goValue(item, field.type)),
        elem,
        { isNil: items.length === 0 },
      );
    }
    case 'map':
      return textMap(value);
    default:
      return value == null ? zero(field.type) : goValue(value, field.type);
  }
}

function goValue(value: Json, type: string): Value {
  if (isStruct(type)) return goStruct(isObject(value) ? value : {}, type);
  if ((type === 'int32' || type === 'int64') && typeof value === 'number') return new GoInteger(type, BigInt(value));
  return goValueOf(value);
}

function zero(type: string): Value {
  if (type === 'string') return '';
  if (type === 'bool') return false;
  if (type === 'int32' || type === 'int64') return new GoInteger(type, 0n);
  return isStruct(type) ? goStruct({}, type) : null;
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
