import { nodeText } from '../parse/node-text.ts';
import type { ChainNode, CommandNode, FieldNode, Node, Operand, PipeNode, VariableNode } from '../parse/nodes.ts';
import type { FunctionTable } from '../values/go-function.ts';
import { canBeNil, nilOf } from '../values/types.ts';
import type { Value } from '../values/values.ts';
import { checkedArgument, type Final, literalArgument, literalValue, MISSING } from './arguments.ts';
import { type Argument, type Call, evaluateCall } from './call.ts';
import { failure } from './failure.ts';
import { evaluateChain, type Receiver } from './fields.ts';
import type { Frame } from './frame.ts';
import type { Variable, Variables } from './variables.ts';

/** What compiling needs to know about the place it is at. */
export interface Compiler {
  readonly functions: FunctionTable;
  readonly variables: Variables;
  /** The slot with the type of the dot for messages, in the body of a range. */
  readonly dotType: number | undefined;
}

/** A compiled pipeline or term. */
export type Expression = (frame: Frame, dot: Value) => Value;

type Command = (frame: Frame, dot: Value, final: Final) => Value;

/** Compiles a pipeline with its declarations. What it gives is never null: a nil becomes no value, as in Go. */
export function compilePipe(pipe: PipeNode, compiler: Compiler, isRange = false): Expression {
  const commands = pipe.commands.map((command) => compileCommand(command, compiler));
  const assign = compileVariables(pipe, compiler, isRange);
  const [only] = commands;
  if (only !== undefined && commands.length === 1 && assign === undefined) {
    return (frame, dot) => {
      frame.node = pipe;
      return only(frame, dot, MISSING) ?? undefined;
    };
  }
  return (frame, dot) => {
    frame.node = pipe;
    let value: Final = MISSING;
    for (const command of commands) value = command(frame, dot, value) ?? undefined;
    const result = value === MISSING ? undefined : value;
    assign?.(frame, result);
    return result;
  };
}

type Assign = (frame: Frame, value: Value) => void;

function compileVariables(pipe: PipeNode, compiler: Compiler, isRange: boolean): Assign | undefined {
  if (pipe.variables.length === 0) return undefined;
  const { variables } = compiler;
  const targets = pipe.variables.map((node) =>
    pipe.isAssign ? assignment(node, variables.find(node)) : setter(variables.declare(node.names[0] ?? '', isRange)),
  );
  return (frame, value) => {
    for (const assign of targets) assign(frame, value);
  };
}

/** Setting a variable; `=` on one that nothing declared is an error when it runs, not before. */
export function assignment(node: VariableNode, variable: Variable | undefined): Assign {
  if (variable !== undefined) return setter(variable);
  return (frame) => {
    throw failure(frame, `undefined variable: ${node.names[0]}`);
  };
}

function setter({ slot, typeSlot }: Variable): Assign {
  if (typeSlot === undefined) {
    return (frame, value) => {
      frame.variables[slot] = value;
    };
  }
  return (frame, value) => {
    frame.variables[slot] = value;
    frame.variables[typeSlot] = undefined;
  };
}

function compileCommand(command: CommandNode, compiler: Compiler): Command {
  const [first] = command.operands;
  if (first === undefined) throw new Error('the parser gives every command an operand');
  const plain = compilePlainCommand(first, command, compiler);
  return plain ?? compileCallable(first, command, compiler);
}

/** Commands that can take arguments: functions, fields, variables and chains. */
function compileCallable(first: Operand, command: CommandNode, compiler: Compiler): Command {
  const args = command.operands.slice(1).map((operand) => compileArgument(operand, compiler));
  const second = command.operands[1];
  const firstText = second === undefined ? '' : nodeText(second);
  switch (first.kind) {
    case 'identifier':
      return compileFunction(first.name, first, { node: command, args, firstText }, compiler);
    case 'variable':
      return compileVariable(first, { node: first, args, firstText }, compiler);
    case 'chain':
      return compileChain(first, { node: first, args, firstText }, compiler);
    case 'field':
      return compileField(first, { node: first, args, firstText }, compiler);
    default:
      throw new Error(`a command cannot begin with ${first.kind}`);
  }
}

type Arguments = Omit<Call, 'name'>;

/** Commands that cannot take arguments: pipelines, literals and the dot. */
function compilePlainCommand(first: Operand, { operands }: CommandNode, compiler: Compiler): Command | undefined {
  const evaluate = compilePlain(first, compiler);
  if (evaluate === undefined) return undefined;
  const hasMore = operands.length > 1;
  const isPipe = first.kind === 'pipe';
  return (frame, dot, final) => {
    if (!isPipe) frame.node = first;
    if (hasMore || final !== MISSING) throw failure(frame, `can't give argument to non-function ${nodeText(first)}`);
    return evaluate(frame, dot);
  };
}

function compilePlain(first: Operand, compiler: Compiler): Expression | undefined {
  switch (first.kind) {
    case 'pipe':
      return compilePipe(first, compiler);
    case 'dot':
      return (_frame, dot) => dot;
    case 'nil':
      return (frame) => {
        throw failure(frame, 'nil is not a command');
      };
    case 'bool':
    case 'string':
    case 'number':
      return (frame) => literalValue(frame, first);
    default:
      return undefined;
  }
}

function compileFunction(name: string, node: Node, args: Arguments, { functions }: Compiler): Command {
  const callee = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (callee === undefined) throw new Error(`the parser checks that ${name} is a function`);
  const call = { ...args, name };
  return (frame, dot, final) => {
    frame.node = node;
    return evaluateCall(frame, dot, callee, call, final);
  };
}

function compileField(node: FieldNode, args: Arguments, { dotType }: Compiler): Command {
  const chain = { names: node.names, call: args };
  return (frame, dot, final) => {
    frame.node = node;
    return evaluateChain(frame, dot, { value: dot, type: typeIn(frame, dotType) }, chain, final);
  };
}

function compileVariable(node: VariableNode, args: Arguments, { variables }: Compiler): Command {
  const variable = variables.find(node);
  const [name = '', ...names] = node.names;
  const chain = { names, call: args };
  const isAlone = names.length === 0;
  return (frame, dot, final) => {
    frame.node = node;
    if (variable === undefined) throw failure(frame, `undefined variable: ${name}`);
    const start: Receiver = { value: frame.variables[variable.slot], type: typeIn(frame, variable.typeSlot) };
    if (!isAlone) return evaluateChain(frame, dot, start, chain, final);
    if (args.args.length > 0 || final !== MISSING) {
      throw failure(frame, `can't give argument to non-function ${name}`);
    }
    return start.value;
  };
}

function compileChain(node: ChainNode, args: Arguments, compiler: Compiler): Command {
  const chain = { names: node.names, call: args };
  if (node.term.kind === 'nil') {
    return (frame) => {
      frame.node = node;
      throw failure(frame, `indirection through explicit nil in ${nodeText(node)}`);
    };
  }
  const term = compileTerm(node.term, compiler);
  return (frame, dot, final) => {
    frame.node = node;
    return evaluateChain(frame, dot, { value: term(frame, dot), type: undefined }, chain, final);
  };
}

function typeIn(frame: Frame, slot: number | undefined): string | undefined {
  const type = slot === undefined ? undefined : frame.variables[slot];
  return typeof type === 'string' ? type : undefined;
}

/** A term as a value, without a type that it has to fit. */
function compileTerm(term: Operand, compiler: Compiler): Expression {
  if (term.kind === 'pipe') {
    const evaluate = compilePipe(term, compiler);
    return (frame, dot) => {
      frame.node = term;
      return evaluate(frame, dot);
    };
  }
  const command = compileCallable(term, { kind: 'command', pos: term.pos, operands: [term] }, compiler);
  return (frame, dot) => command(frame, dot, MISSING);
}

function compileArgument(operand: Operand, compiler: Compiler): Argument {
  switch (operand.kind) {
    case 'dot':
      return (frame, dot, type) => {
        frame.node = operand;
        return checkedArgument(frame, dot, type);
      };
    case 'nil':
      return (frame, _dot, type) => {
        frame.node = operand;
        if (canBeNil(type)) return nilOf(type);
        throw failure(frame, `cannot assign nil to ${type}`);
      };
    case 'bool':
    case 'string':
    case 'number':
      return (frame, _dot, type) => {
        frame.node = operand;
        return literalArgument(frame, operand, type);
      };
    default:
      return compileEvaluatedArgument(operand, compiler);
  }
}

/** An operand that has to be evaluated before its type is known. A function as an operand is called without arguments. */
function compileEvaluatedArgument(operand: Operand, compiler: Compiler): Argument {
  const evaluate =
    operand.kind === 'identifier'
      ? compileFunction(operand.name, operand, { node: operand, args: [], firstText: '' }, compiler)
      : compileTerm(operand, compiler);
  return (frame, dot, type) => {
    frame.node = operand;
    return checkedArgument(frame, evaluate(frame, dot, MISSING), type);
  };
}
