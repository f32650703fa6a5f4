import { quote } from '../text/quote.ts';
import type { BranchNode, CommandNode, Node, PipeNode } from './nodes.ts';

/** A node as a template would spell it: what error messages quote. */
export function nodeText(node: Node): string {
  switch (node.kind) {
    case 'list':
      return node.nodes.map(nodeText).join('');
    case 'text':
      return node.text;
    case 'action':
      return `{{${pipeText(node.pipe)}}}`;
    case 'pipe':
      return pipeText(node);
    case 'command':
      return commandText(node);
    case 'template':
      return `{{template ${quote(node.name)}${node.pipe === undefined ? '' : ` ${pipeText(node.pipe)}`}}}`;
    case 'if':
    case 'with':
    case 'range':
      return branchText(node);
    default:
      return operandText(node);
  }
}

function operandText(node: Exclude<Node, { kind: 'list' | 'text' | 'action' | 'pipe' | 'command' }>): string {
  switch (node.kind) {
    case 'field':
      return node.names.map((name) => `.${name}`).join('');
    case 'variable':
      return node.names.join('.');
    case 'chain':
      return `${inParentheses(node.term)}${node.names.map((name) => `.${name}`).join('')}`;
    case 'identifier':
      return node.name;
    case 'number':
      return node.text;
    case 'string':
      return node.literal;
    case 'bool':
      return String(node.value);
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    default:
      return `{{${node.kind}}}`;
  }
}

function branchText({ kind, pipe, body, otherwise }: BranchNode): string {
  const rest = otherwise === undefined ? '' : `{{else}}${nodeText(otherwise)}`;
  return `{{${kind} ${pipeText(pipe)}}}${nodeText(body)}${rest}{{end}}`;
}

function pipeText({ variables, isAssign, commands }: PipeNode): string {
  const names = variables.map(nodeText).join(', ');
  const lead = variables.length === 0 ? '' : `${names}${isAssign ? ' = ' : ' := '}`;
  return lead + commands.map(commandText).join(' | ');
}

function commandText({ operands }: CommandNode): string {
  return operands.map(inParentheses).join(' ');
}

function inParentheses(node: Node): string {
  return node.kind === 'pipe' ? `(${pipeText(node)})` : nodeText(node);
}
