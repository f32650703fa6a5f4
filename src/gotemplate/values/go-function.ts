import type { Frame } from '../exec/frame.ts';
import type { GoInteger, GoMap, GoNil, GoObject, GoSlice, GoType, Value } from './values.ts';

/** What an argument of a declared Go type is in JavaScript, after the engine has checked it. */
export type ArgumentOf<T extends GoType> = T extends 'string'
  ? string
  : T extends 'bool'
    ? boolean
    : T extends 'int'
      ? bigint
      : T extends 'float64'
        ? number
        : T extends 'int64' | 'int32' | 'uint8' | 'uint64'
          ? GoInteger
          : T extends `map[string]${string}`
            ? GoMap
            : T extends `[]${string}`
              ? GoSlice
              : T extends `*${string}`
                ? GoObject | GoNil
                : Value;

type ArgumentsOf<T extends readonly GoType[]> = { -readonly [K in keyof T]: ArgumentOf<T[K]> };

/**
 * The same function, marked as one that looks at everything inside its arguments. Lists and maps can share their parts,
 * so a small value can be endless to walk: the engine counts such arguments first and stops at its limit of work.
 */
export function readsWhole({ params, rest, implementation, special }: GoFunction): GoFunction {
  return new GoFunction(params, rest, implementation, { ...(special && { special }), readsWhole: true });
}

/** A table whose functions are all marked by {@link readsWhole}. */
export function allReadWhole(table: FunctionTable): FunctionTable {
  return Object.fromEntries(Object.entries(table).map(([name, callee]) => [name, readsWhole(callee)]));
}

/** How a function is implemented: checked arguments, then the frame that calls it, for work limits and templates. */
export type Implementation = (args: readonly Value[], frame: Frame) => Value;

/** The functions of the language that the engine treats in a special way. */
export type SpecialForm = 'and' | 'or' | 'call';

/** A function or a bound method that templates can call. */
export class GoFunction {
  readonly params: readonly GoType[];
  /** The type of each argument after `params`; undefined when there may be none. */
  readonly rest: GoType | undefined;
  readonly implementation: Implementation;
  readonly special: SpecialForm | undefined;
  /** Whether it looks at all that is inside its arguments, however deep: see {@link readsWhole}. */
  readonly readsWhole: boolean;

  constructor(
    params: readonly GoType[],
    rest: GoType | undefined,
    implementation: Implementation,
    options: { readonly special?: SpecialForm; readonly readsWhole?: boolean } = {},
  ) {
    this.params = params;
    this.rest = rest;
    this.implementation = implementation;
    this.special = options.special;
    this.readsWhole = options.readsWhole ?? false;
  }
}

/** Functions by the name that templates use. */
export type FunctionTable = Readonly<Record<string, GoFunction>>;

/**
 * A function with a fixed number of arguments, of the Go types that are given: `interface {}` takes anything (nil is
 * null), `reflect.Value` also tells no value (undefined) from nil (null). The implementation throws a
 * `TemplateProblem` when it fails.
 */
export function fn<const T extends readonly GoType[]>(
  params: T,
  implementation: (...args: ArgumentsOf<T>) => Value,
): GoFunction {
  return new GoFunction(params, undefined, (args) => implementation(...(args as ArgumentsOf<T>)));
}

/** As {@link fn}, with any number of further arguments of type `rest`. */
export function variadic<const T extends readonly GoType[], const R extends GoType>(
  params: T,
  rest: R,
  implementation: (...args: [...ArgumentsOf<T>, ...ArgumentOf<R>[]]) => Value,
): GoFunction {
  return new GoFunction(params, rest, (args) => {
    const fixed = args.slice(0, params.length) as ArgumentsOf<T>;
    return implementation(...fixed, ...(args.slice(params.length) as ArgumentOf<R>[]));
  });
}

/** As {@link fn}, for an implementation that needs the calling frame: its first argument. */
export function framed<const T extends readonly GoType[]>(
  params: T,
  implementation: (frame: Frame, ...args: ArgumentsOf<T>) => Value,
): GoFunction {
  return new GoFunction(params, undefined, (args, frame) => implementation(frame, ...(args as ArgumentsOf<T>)));
}

/** As {@link variadic}, for an implementation that needs the calling frame: its first argument. */
export function framedVariadic<const T extends readonly GoType[], const R extends GoType>(
  params: T,
  rest: R,
  implementation: (frame: Frame, ...args: [...ArgumentsOf<T>, ...ArgumentOf<R>[]]) => Value,
): GoFunction {
  return new GoFunction(params, rest, (args, frame) => {
    const fixed = args.slice(0, params.length) as ArgumentsOf<T>;
    return implementation(frame, ...fixed, ...(args.slice(params.length) as ArgumentOf<R>[]));
  });
}
