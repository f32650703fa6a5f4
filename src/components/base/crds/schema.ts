import type { ValidationRule } from './cel.ts';

/**
 * A structural OpenAPI v3 schema, as far as Istio's resources need one.
 * @see {@link https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema}
 */
export type Schema = ScalarSchema | ListSchema | MapSchema | ObjectSchema | AnyObjectSchema | IntOrStringSchema;

/** What the API server checks on a value besides its type. */
interface Checked {
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
}

/** A string, number or boolean. */
export interface ScalarSchema extends Checked {
  readonly type: 'string' | 'integer' | 'number' | 'boolean';
  readonly format?: 'byte' | 'date-time' | 'double' | 'int32';
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly nullable?: true;
}

/** A list; with map keys, entries that are equal in these are one entry, and server-side apply merges by them. */
export interface ListSchema extends Checked {
  readonly type: 'array';
  readonly items: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly 'x-kubernetes-list-type'?: 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

/** A map from names that users choose. */
export interface MapSchema extends Checked {
  readonly type: 'object';
  readonly additionalProperties: Schema;
  readonly minProperties?: number;
  readonly maxProperties?: number;
}

/** An object with known fields. */
export interface ObjectSchema extends Checked {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Alternative[];
  readonly allOf?: readonly { readonly oneOf: readonly Alternative[] }[];
  readonly 'x-kubernetes-preserve-unknown-fields'?: true;
}

/** An object that the API server stores as it comes. */
export interface AnyObjectSchema {
  readonly type: 'object';
  readonly 'x-kubernetes-preserve-unknown-fields': true;
}

/** A number or its text. Structural schemas allow this shape only, without a type. */
export interface IntOrStringSchema {
  readonly 'x-kubernetes-int-or-string': true;
  readonly anyOf: readonly [{ readonly type: 'integer' }, { readonly type: 'string' }];
}

type Presence = { readonly required: readonly [string] };
type Alternative = Presence | { readonly not: { readonly anyOf: readonly Presence[] } };
type Rules = { readonly rules?: readonly ValidationRule[] };
type StringLimits = Pick<ScalarSchema, 'minLength' | 'maxLength' | 'pattern' | 'format'> & Rules;
type NumberLimits = Pick<ScalarSchema, 'minimum' | 'maximum'> & Rules;
type ListLimits = Pick<ListSchema, 'minItems' | 'maxItems'> & Rules & { readonly keys?: readonly string[] };
type MapLimits = Pick<MapSchema, 'minProperties' | 'maxProperties'> & Rules;

/** What holds between the fields of an object; all names are checked against its fields. */
export interface FieldRules<Field extends string> {
  /** Fields that must be set. */
  readonly required?: readonly Field[];
  /** Groups of which at most one field may be set: the `oneof` of protocol buffers. */
  readonly oneofs?: readonly (readonly Field[])[];
  readonly rules?: readonly ValidationRule[];
}

// The plain types are by far the most frequent parts, so each exists once.
const STRING: ScalarSchema = { type: 'string' };
const BOOLEAN: ScalarSchema = { type: 'boolean' };
const DOUBLE: ScalarSchema = { type: 'number', format: 'double' };
const INT32: ScalarSchema = { type: 'integer', format: 'int32' };
// JSON schema has no format for unsigned integers.
const UINT32: ScalarSchema = { type: 'integer', minimum: 0, maximum: 4_294_967_295 };
const UINT64: ScalarSchema = { type: 'integer', minimum: 0 };
const INT_OR_STRING: IntOrStringSchema = {
  'x-kubernetes-int-or-string': true,
  anyOf: [{ type: 'integer' }, { type: 'string' }],
};
const ANY_OBJECT: AnyObjectSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const DURATION: ScalarSchema = {
  type: 'string',
  'x-kubernetes-validations': [
    { message: 'must be a valid duration greater than 1ms', rule: `duration(self) >= duration('1ms')` },
  ],
};
const PORT: ScalarSchema = {
  ...UINT32,
  'x-kubernetes-validations': [{ message: 'port must be between 1-65535', rule: '0 < self && self <= 65535' }],
};

/** A text. */
export function string(limits?: StringLimits): ScalarSchema {
  return limits === undefined ? STRING : withLimits(STRING, limits);
}

/** A text that is one of these. */
export function enumOf(...values: readonly [string, ...string[]]): ScalarSchema {
  return { ...STRING, enum: values };
}

/** True or false. */
export function boolean(): ScalarSchema {
  return BOOLEAN;
}

/** A floating-point number. */
export function double(limits?: NumberLimits): ScalarSchema {
  return limits === undefined ? DOUBLE : withLimits(DOUBLE, limits);
}

/** A signed integer of 32 bits. */
export function int32(limits?: NumberLimits): ScalarSchema {
  return limits === undefined ? INT32 : withLimits(INT32, limits);
}

/** An unsigned integer of 32 bits, unless `limits` narrow it. */
export function uint32(limits?: NumberLimits): ScalarSchema {
  return limits === undefined ? UINT32 : withLimits(UINT32, limits);
}

/** An unsigned integer of 64 bits; no upper bound, because JSON numbers cannot hold it. */
export function uint64(): ScalarSchema {
  return UINT64;
}

/** A port number from 1 to 65535. Fields that take any `uint32` as a port are older than this check. */
export function port(): ScalarSchema {
  return PORT;
}

/** A time span as text, `1.5s`, of at least one millisecond. Fields that may be 0 are a plain `string`. */
export function duration(): ScalarSchema {
  return DURATION;
}

/** A number or its text: how 64-bit integers travel in JSON. */
export function intOrString(): IntOrStringSchema {
  return INT_OR_STRING;
}

/** An object without a schema. */
export function anyObject(): AnyObjectSchema {
  return ANY_OBJECT;
}

/** The same, or null. Istio's wrapper types, which tell unset from zero, are nullable. */
export function nullable(schema: ScalarSchema): ScalarSchema {
  return { ...schema, nullable: true };
}

/** The same object, in which fields that are not in the schema are kept instead of dropped. */
export function keepingUnknown(schema: ObjectSchema): ObjectSchema {
  return { ...schema, 'x-kubernetes-preserve-unknown-fields': true };
}

/** A list of `items`. With `keys`, no two entries may be equal in these fields. */
export function list(items: Schema, limits?: ListLimits): ListSchema {
  const schema: ListSchema = { type: 'array', items };
  if (limits === undefined) return schema;
  const { keys, ...rest } = limits;
  if (keys === undefined) return withLimits(schema, rest);
  return withLimits({ ...schema, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys }, rest);
}

/** A map from text to `values`. */
export function map(values: Schema, limits?: MapLimits): MapSchema {
  const schema: MapSchema = { type: 'object', additionalProperties: values };
  return limits === undefined ? schema : withLimits(schema, limits);
}

/** An object with these fields. */
export function object<Field extends string>(
  properties: Readonly<Record<Field, Schema>>,
  fieldRules?: FieldRules<NoInfer<Field>>,
): ObjectSchema {
  const schema: ObjectSchema = { type: 'object', properties };
  if (fieldRules === undefined) return schema;
  const { oneofs = [], ...limits } = fieldRules;
  return withLimits({ ...schema, ...combined(oneofs.map(atMostOnePresent)) }, limits);
}

/** One group stands in the object itself; several need `allOf`, for an object has one `oneOf` only. */
function combined(groups: readonly (readonly Alternative[])[]): Pick<ObjectSchema, 'oneOf' | 'allOf'> {
  const [oneOf, ...more] = groups;
  if (oneOf === undefined) return {};
  return more.length === 0 ? { oneOf } : { allOf: groups.map((group) => ({ oneOf: group })) };
}

/**
 * At most one of the fields is present, in the only form that a structural schema allows. `oneOf` wants exactly one
 * match, so "none of them" is an alternative of its own.
 */
function atMostOnePresent(fields: readonly string[]): readonly Alternative[] {
  const present = fields.map((field): Presence => ({ required: [field] }));
  return [{ not: { anyOf: present } }, ...present];
}

function withLimits<S extends Schema>(schema: S, { rules, ...limits }: Partial<S> & Rules): S {
  return { ...schema, ...limits, ...(rules === undefined ? {} : { 'x-kubernetes-validations': rules }) };
}
