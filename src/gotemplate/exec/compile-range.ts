import { formatValue } from '../fmt/format-value.ts';
import type { BranchNode, VariableNode } from '../parse/nodes.ts';
import { compareText } from '../text/utf8.ts';
import { integerOf } from '../values/types.ts';
import { ANY, GoInteger, GoMap, GoNil, GoSlice, type GoType, type Value } from '../values/values.ts';
import { assignment, type Compiler, compilePipe } from './compile-pipe.ts';
import { compileList, type Statement } from './compile-template.ts';
import { failure } from './failure.ts';
import type { Frame } from './frame.ts';
import { printedText } from './print.ts';
import type { Variable } from './variables.ts';

/** One step of a loop. `type` is what Go calls the item's type where it only knows an interface. */
interface Item {
  readonly key: Value;
  readonly value: Value;
  readonly type: GoType | undefined;
}

/** Compiles a range: over lists, maps in the order of their keys, and integers. */
export function compileRange(node: BranchNode, compiler: Compiler): Statement {
  const { pipe, body, otherwise } = node;
  const evaluate = compilePipe(pipe, compiler, true);
  const dotType = compiler.variables.newSlot();
  const setItem = compileItem(pipe.variables, pipe.isAssign, compiler);
  const onItem = compiler.variables.scoped(() => compileList(body, { ...compiler, dotType }));
  const onEmpty =
    otherwise === undefined ? undefined : compiler.variables.scoped(() => compileList(otherwise, compiler));
  const oneVariable = pipe.variables.length < 2;
  return (frame, dot) => {
    frame.node = node;
    const collection = evaluate(frame, dot);
    let isEmpty = true;
    for (const item of itemsOf(frame, collection, oneVariable)) {
      isEmpty = false;
      frame.run.spend(1);
      frame.variables[dotType] = item.type;
      setItem(frame, item);
      if (onItem(frame, item.value) === 'break') return 'next';
    }
    return isEmpty && onEmpty !== undefined ? onEmpty(frame, dot) : 'next';
  };
}

type SetItem = (frame: Frame, item: Item) => void;

/** With one variable it is the item; with two, the first is the index or key. */
function compileItem(nodes: readonly VariableNode[], isAssign: boolean, { variables }: Compiler): SetItem {
  const [first, second] = nodes;
  if (first === undefined) return () => {};
  const [keyNode, valueNode] = second === undefined ? [undefined, first] : [first, second];
  if (isAssign) {
    const setKey = keyNode && assignment(keyNode, variables.find(keyNode));
    const setValue = assignment(valueNode, variables.find(valueNode));
    return (frame, item) => {
      setKey?.(frame, item.key);
      setValue(frame, item.value);
    };
  }
  const declared = variables.last(nodes.length);
  const value = declared.at(-1);
  const key = declared.length > 1 ? declared[0] : undefined;
  return (frame, item) => {
    store(frame, value, item.value, item.type);
    store(frame, key, item.key, undefined);
  };
}

function store(frame: Frame, variable: Variable | undefined, value: Value, type: GoType | undefined): void {
  if (variable === undefined) return;
  frame.variables[variable.slot] = value;
  if (variable.typeSlot !== undefined) frame.variables[variable.typeSlot] = type;
}

function* itemsOf(frame: Frame, collection: Value, oneVariable: boolean): Generator<Item> {
  if (collection === undefined) return;
  if (collection instanceof GoSlice) {
    const type = collection.elem === ANY ? ANY : undefined;
    for (const [index, value] of collection.items.entries()) yield { key: BigInt(index), value, type };
    return;
  }
  if (collection instanceof GoMap) return yield* entriesOf(collection);
  const count = integerOf(collection);
  if (count === undefined || collection instanceof GoNil) {
    throw failure(frame, `range can't iterate over ${printedText(collection)}`);
  }
  if (!oneVariable) {
    throw failure(frame, `can't use ${formatValue(collection)} to iterate over more than one variable`);
  }
  for (let value = 0n; value < count; value++) {
    yield {
      key: undefined,
      value: collection instanceof GoInteger ? new GoInteger(collection.kind, value) : value,
      type: undefined,
    };
  }
}

/** A key that the body removes is still visited: Go sorts the entries before the first one runs. */
function* entriesOf({ entries, elem }: GoMap): Generator<Item> {
  const type = elem === ANY ? ANY : undefined;
  const sorted = [...entries].sort(([a], [b]) => compareText(a, b));
  for (const [key, value] of sorted) yield { key, value: value ?? null, type };
}
