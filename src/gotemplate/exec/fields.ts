import { quote } from '../text/quote.ts';
import type { GoFunction } from '../values/go-function.ts';
import { typeOf, zeroOf } from '../values/types.ts';
import { ANY, GoMap, GoNil, GoObject, GoSlice, type GoType, type Value } from '../values/values.ts';
import { type Final, MISSING } from './arguments.ts';
import { type Call, evaluateCall } from './call.ts';
import { failure } from './failure.ts';
import type { Frame } from './frame.ts';

/** A chain of fields in a template, and the call that its last name is when that is a method. */
export interface FieldChain {
  readonly names: readonly string[];
  readonly call: Omit<Call, 'name'>;
}

/** What a chain of fields starts at. */
export interface Receiver {
  readonly value: Value;
  /** The type that messages name where Go only knows that it is `interface {}`. */
  readonly type: GoType | undefined;
}

/** Follows a chain of fields and keys; the last name gets the arguments when it is a method. */
export function evaluateChain(frame: Frame, dot: Value, start: Receiver, chain: FieldChain, final: Final): Value {
  let { value, type } = start;
  const { names, call } = chain;
  const last = names.length - 1;
  for (let i = 0; i < last; i++) {
    const name = names[i] ?? '';
    const next = fieldOf(frame, dot, { value, type }, { name, call: { ...NO_ARGUMENTS, node: call.node } }, MISSING);
    type = value instanceof GoMap && value.elem === ANY ? ANY : undefined;
    value = next;
  }
  return fieldOf(frame, dot, { value, type }, { name: names[last] ?? '', call }, final);
}

const NO_ARGUMENTS = { args: [], firstText: '' };

interface Step {
  readonly name: string;
  readonly call: Omit<Call, 'name'>;
}

function fieldOf(frame: Frame, dot: Value, receiver: Receiver, { name, call }: Step, final: Final): Value {
  const { value } = receiver;
  if (value === undefined) {
    if (frame.run.missingKey === 'error') throw failure(frame, `nil data; no entry for key ${quote(name)}`);
    return undefined;
  }
  if (value === null) throw failure(frame, `nil pointer evaluating ${receiver.type ?? ANY}.${name}`);
  const method = methodOf(value, name);
  if (method !== undefined) return evaluateCall(frame, dot, method, { ...call, name }, final);
  const hasArguments = call.args.length > 0 || final !== MISSING;
  if (value instanceof GoMap) {
    if (hasArguments) throw failure(frame, `${name} is not a method but has arguments`);
    return entryOf(frame, value, name);
  }
  if (value instanceof GoObject && value.fields.has(name)) {
    if (hasArguments) throw failure(frame, `${name} has arguments but cannot be invoked as function`);
    return value.fields.get(name);
  }
  const type = receiver.type ?? typeOf(value);
  if (value instanceof GoNil) throw failure(frame, `nil pointer evaluating ${type}.${name}`);
  throw failure(frame, `can't evaluate field ${name} in type ${type}`);
}

function methodOf(value: Value, name: string): GoFunction | undefined {
  if (value instanceof GoObject) return value.methods.get(name);
  return value instanceof GoMap || value instanceof GoSlice ? value.named?.methods.get(name) : undefined;
}

function entryOf(frame: Frame, map: GoMap, name: string): Value {
  const value = map.entries.get(name);
  if (value !== undefined || map.entries.has(name)) return value ?? null;
  if (frame.run.missingKey === 'error') throw failure(frame, `map has no entry for key ${quote(name)}`);
  return frame.run.missingKey === 'zero' ? zeroOf(map.elem) : undefined;
}
