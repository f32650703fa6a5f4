import type { GoFunction } from './go-function.ts';

/**
 * A Go type as Go spells it: `string`, `int64`, `interface {}`, `[]string`, `map[string]interface {}`, `*v1.Pod`.
 * Types are compared by this spelling.
 */
export type GoType = string;

/** The type of a value of which nothing is known: what JSON and YAML data are made of. */
export const ANY: GoType = 'interface {}';

/** The integer kinds other than `int`, which a JavaScript bigint stands for. */
export type IntegerKind =
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'uintptr';

/**
 * What templates compute with. JavaScript's own types stand for the Go types that are met most:
 *
 * - `undefined`: no value at all (a missing key, the result of nothing). It prints as `<no value>`.
 * - `null`: a nil inside a map or list, which Go boxes as `interface {}`: asking it for a field is an error.
 * - boolean, string: the same. Bytes that are not UTF-8 are lone surrogates U+DC80..U+DCFF, so nothing is lost.
 * - number: `float64`, which is what Go reads every JSON and YAML number as.
 * - bigint: `int`, which is what number literals in templates and most counting functions are.
 * - the classes below: other integer kinds, lists, maps, structs with methods, functions and nil pointers.
 */
export type Value =
  | undefined
  | null
  | boolean
  | string
  | number
  | bigint
  | GoInteger
  | GoSlice
  | GoMap
  | GoObject
  | GoFunction
  | GoNil;

/** An integer of another kind than `int`. */
export class GoInteger {
  readonly kind: IntegerKind;
  readonly value: bigint;

  constructor(kind: IntegerKind, value: bigint) {
    this.kind = kind;
    this.value = kind === 'uintptr' ? BigInt.asUintN(64, value) : wrapped(kind, value);
  }
}

/** What a named type adds to its value: its name for messages, and methods for templates to call. */
export interface Named {
  readonly typeName: GoType;
  readonly methods: ReadonlyMap<string, GoFunction>;
}

/** A list. Templates cannot change one, so lists may share their items. */
export class GoSlice {
  readonly items: readonly Value[];
  readonly elem: GoType;
  readonly isNil: boolean;
  readonly named: Named | undefined;

  constructor(items: readonly Value[], elem: GoType = ANY, options: { isNil?: boolean; named?: Named } = {}) {
    this.items = items;
    this.elem = elem;
    this.isNil = options.isNil ?? false;
    this.named = options.named;
  }
}

/** A map with string keys. It is a JavaScript Map, so no key of a user can reach a prototype. `set` changes it in place. */
export class GoMap {
  readonly entries: Map<string, Value>;
  readonly elem: GoType;
  readonly isNil: boolean;
  readonly named: Named | undefined;

  constructor(
    entries: Map<string, Value> = new Map(),
    elem: GoType = ANY,
    options: { isNil?: boolean; named?: Named } = {},
  ) {
    this.entries = entries;
    this.elem = elem;
    this.isNil = options.isNil ?? false;
    this.named = options.named;
  }
}

/** A struct, or a pointer to one when `typeName` begins with `*`. `native` is for the functions that made it. */
export class GoObject {
  readonly typeName: GoType;
  readonly fields: ReadonlyMap<string, Value>;
  readonly methods: ReadonlyMap<string, GoFunction>;
  readonly native: unknown;

  constructor(
    typeName: GoType,
    fields: ReadonlyMap<string, Value>,
    methods: ReadonlyMap<string, GoFunction> = new Map(),
    native?: unknown,
  ) {
    this.typeName = typeName;
    this.fields = fields;
    this.methods = methods;
    this.native = native;
  }
}

/** A nil pointer of a known type: asking it for a field is an error that names the type. */
export class GoNil {
  readonly typeName: GoType;

  constructor(typeName: GoType) {
    this.typeName = typeName;
  }
}

/** An `int64`, which is what sprig's arithmetic returns. */
export function int64(value: bigint): GoInteger {
  return new GoInteger('int64', value);
}

/** A list of strings, Go's `[]string`. */
export function stringSlice(items: readonly string[]): GoSlice {
  return new GoSlice(items, 'string');
}

/** A `map[string]interface {}` from entries. */
export function mapOf(entries: Iterable<readonly [string, Value]>): GoMap {
  return new GoMap(new Map(entries));
}

function wrapped(kind: IntegerKind, value: bigint): bigint {
  const digits = /\d+$/.exec(kind)?.[0];
  const bits = digits === undefined ? 64 : Number(digits);
  return kind.startsWith('u') ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
}
