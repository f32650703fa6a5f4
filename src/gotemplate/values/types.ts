import { GoFunction } from './go-function.ts';
import { ANY, GoInteger, GoMap, GoNil, GoObject, GoSlice, type GoType, type Value } from './values.ts';

/** The kind of a value as Go's reflect names it; `invalid` for no value and nil. */
export function kindOf(value: Value): string {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'number':
      return 'float64';
    case 'bigint':
      return 'int';
    case 'string':
      return 'string';
    case 'undefined':
      return 'invalid';
    default:
      return kindOfObject(value);
  }
}

function kindOfObject(value: Value): string {
  if (value instanceof GoMap) return 'map';
  if (value instanceof GoSlice) return 'slice';
  if (value instanceof GoInteger) return value.kind;
  if (value instanceof GoFunction) return 'func';
  if (value instanceof GoNil) return 'ptr';
  if (value instanceof GoObject) return value.typeName.startsWith('*') ? 'ptr' : 'struct';
  return 'invalid';
}

/** The Go type of a value, as `%T` prints it. */
export function typeOf(value: Value): GoType {
  if (value === undefined || value === null) return '<nil>';
  if (value instanceof GoSlice) return value.named?.typeName ?? `[]${value.elem}`;
  if (value instanceof GoMap) return value.named?.typeName ?? `map[string]${value.elem}`;
  if (value instanceof GoObject || value instanceof GoNil) return value.typeName;
  if (value instanceof GoFunction) return functionType(value);
  return kindOf(value);
}

function functionType(value: GoFunction): GoType {
  const params = value.rest === undefined ? value.params : [...value.params, `...${value.rest}`];
  return `func(${params.join(', ')}) ${ANY}`;
}

/** Whether a value, not nil, can be passed where `type` is declared. */
export function isAssignable(value: Value, type: GoType): boolean {
  if (type === ANY || type === 'reflect.Value') return true;
  const own = typeOf(value);
  if (own === type) return true;
  // a named list or map can stand for the plain type that it is made of
  if (value instanceof GoSlice) return type === `[]${value.elem}`;
  return value instanceof GoMap && type === `map[string]${value.elem}`;
}

/** Whether Go can pass an untyped nil where `type` is declared. */
export function canBeNil(type: GoType): boolean {
  return (
    type === ANY ||
    type === 'reflect.Value' ||
    type.startsWith('map[') ||
    type.startsWith('[]') ||
    type.startsWith('*') ||
    type.startsWith('func(')
  );
}

/** The value that Go makes of an untyped nil for a declared type. */
export function nilOf(type: GoType): Value {
  if (type === 'reflect.Value') return undefined;
  if (type.startsWith('map[string]')) return new GoMap(new Map(), type.slice('map[string]'.length), { isNil: true });
  if (type.startsWith('[]')) return new GoSlice([], type.slice(2), { isNil: true });
  if (type.startsWith('*')) return new GoNil(type);
  return null;
}

/** The zero value of a type: what a map of that element type has for an absent key. */
export function zeroOf(type: GoType): Value {
  switch (type) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'int':
      return 0n;
    case 'float64':
      return 0;
    default:
      return nilOf(type);
  }
}

/** Go's truth: false for zero, nil, no value and what is empty. */
export function isTrue(value: Value): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value !== '';
    case 'number':
      return value !== 0; // NaN is not zero, so it is true in Go
    case 'bigint':
      return value !== 0n;
    case 'undefined':
      return false;
    default:
      return isTrueObject(value);
  }
}

function isTrueObject(value: Value): boolean {
  if (value instanceof GoMap) return value.entries.size > 0;
  if (value instanceof GoSlice) return value.items.length > 0;
  if (value instanceof GoInteger) return value.value !== 0n;
  return value !== null && !(value instanceof GoNil);
}

/** The integer in a value of any integer kind; undefined for other values. */
export function integerOf(value: Value): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return value instanceof GoInteger ? value.value : undefined;
}

/** Whether a value is of an unsigned integer kind. */
export function isUnsigned(value: Value): boolean {
  return value instanceof GoInteger && value.kind.startsWith('u');
}
