import type { ActionNode, BranchNode, ListNode, Node, ParsedTemplate, TemplateNode } from '../parse/nodes.ts';
import { quote } from '../text/quote.ts';
import type { FunctionTable } from '../values/go-function.ts';
import { isTrue } from '../values/types.ts';
import type { Value } from '../values/values.ts';
import { type Compiler, compilePipe } from './compile-pipe.ts';
import { compileRange } from './compile-range.ts';
import { failure } from './failure.ts';
import type { Frame, RunnableTemplate } from './frame.ts';
import { printedValue } from './print.ts';
import { Variables } from './variables.ts';

/** What a statement does to the loop around it. */
export type Signal = 'next' | 'break' | 'continue';

/** A compiled statement: writes into the frame's output. */
export type Statement = (frame: Frame, dot: Value) => Signal;

/** A template that is ready to run in frames of `slots` variables. */
export interface CompiledTemplate extends RunnableTemplate {
  readonly slots: number;
  readonly statement: Statement;
}

/** Turns a parsed template into closures, so that running it looks nothing up by name but data. */
export function compileTemplate({ name, source, root }: ParsedTemplate, functions: FunctionTable): CompiledTemplate {
  const variables = new Variables();
  const statement = compileList(root, { functions, variables, dotType: undefined });
  return { name, source, slots: variables.slots, statement };
}

/** Compiles the statements of a body. */
export function compileList(list: ListNode, compiler: Compiler): Statement {
  const statements = list.nodes.map((node) => compileNode(node, compiler));
  const [only] = statements;
  if (only !== undefined && statements.length === 1) return only;
  return (frame, dot) => {
    for (const statement of statements) {
      const signal = statement(frame, dot);
      if (signal !== 'next') return signal;
    }
    return 'next';
  };
}

function compileNode(node: Node, compiler: Compiler): Statement {
  switch (node.kind) {
    case 'text':
      return (frame) => {
        frame.node = node;
        frame.write(node.text);
        return 'next';
      };
    case 'action':
      return compileAction(node, compiler);
    case 'if':
    case 'with':
      return compiler.variables.scoped(() => compileBranch(node, compiler));
    case 'range':
      return compiler.variables.scoped(() => compileRange(node, compiler));
    case 'template':
      return compileCall(node, compiler);
    case 'break':
    case 'continue': {
      const { kind } = node;
      return () => kind;
    }
    default:
      return (frame) => {
        throw failure(frame, `unknown node: ${node.kind}`);
      };
  }
}

function compileAction(node: ActionNode, compiler: Compiler): Statement {
  const evaluate = compilePipe(node.pipe, compiler);
  const isSilent = node.pipe.variables.length > 0;
  return (frame, dot) => {
    frame.node = node;
    frame.run.spend(1);
    const value = evaluate(frame, dot);
    if (isSilent) return 'next';
    frame.node = node;
    frame.write(typeof value === 'string' ? value : printedValue(frame, node, value));
    return 'next';
  };
}

function compileBranch(node: BranchNode, compiler: Compiler): Statement {
  const { kind, pipe, body, otherwise } = node;
  const evaluate = compilePipe(pipe, compiler);
  const inner = kind === 'with' ? { ...compiler, dotType: undefined } : compiler;
  const onTrue = compiler.variables.scoped(() => compileList(body, inner));
  const onFalse =
    otherwise === undefined ? undefined : compiler.variables.scoped(() => compileList(otherwise, compiler));
  return (frame, dot) => {
    frame.node = node;
    frame.run.spend(1);
    const value = evaluate(frame, dot);
    if (isTrue(value)) return onTrue(frame, kind === 'with' ? value : dot);
    return onFalse === undefined ? 'next' : onFalse(frame, dot);
  };
}

function compileCall(node: TemplateNode, compiler: Compiler): Statement {
  const { name, pipe } = node;
  const evaluate = pipe === undefined ? undefined : compilePipe(pipe, compiler);
  return (frame, dot) => {
    frame.node = node;
    frame.run.spend(1);
    if (!frame.scope.hasTemplate(name)) throw failure(frame, `template ${quote(name)} not defined`);
    const { maxDepth } = frame.run.limits;
    if (frame.depth >= maxDepth) throw failure(frame, `exceeded maximum template depth (${maxDepth})`);
    const data = evaluate?.(frame, dot);
    frame.scope.runTemplate({ name, data, from: frame });
    return 'next';
  };
}
