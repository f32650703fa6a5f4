/** The text that a node comes from: errors count lines and columns in it. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

interface Position {
  /** The index into the source's text. */
  readonly pos: number;
}

export interface ListNode extends Position {
  readonly kind: 'list';
  readonly nodes: Node[];
}

export interface TextNode extends Position {
  readonly kind: 'text';
  readonly text: string;
}

export interface ActionNode extends Position {
  readonly kind: 'action';
  readonly pipe: PipeNode;
}

export interface PipeNode extends Position {
  readonly kind: 'pipe';
  /** Whether the variables are assigned (`=`), not declared (`:=`). */
  isAssign: boolean;
  readonly variables: VariableNode[];
  readonly commands: CommandNode[];
}

export interface CommandNode extends Position {
  readonly kind: 'command';
  readonly operands: Operand[];
}

export interface FieldNode extends Position {
  readonly kind: 'field';
  readonly names: readonly string[];
}

/** `$`, `$x` or `$x.field`: the first name is the variable's, with its dollar sign. */
export interface VariableNode extends Position {
  readonly kind: 'variable';
  readonly names: readonly string[];
}

/** Fields of a term that is neither a field nor a variable: `(pipeline).field`, `function.field`. */
export interface ChainNode extends Position {
  readonly kind: 'chain';
  readonly term: Operand;
  readonly names: readonly string[];
}

export interface IdentifierNode extends Position {
  readonly kind: 'identifier';
  readonly name: string;
}

export interface NumberNode extends Position {
  readonly kind: 'number';
  readonly text: string;
  readonly int: bigint | undefined;
  readonly uint: bigint | undefined;
  readonly float: number | undefined;
}

export interface StringNode extends Position {
  readonly kind: 'string';
  readonly literal: string;
  readonly text: string;
}

export interface BoolNode extends Position {
  readonly kind: 'bool';
  readonly value: boolean;
}

export interface PlainNode extends Position {
  readonly kind: 'dot' | 'nil' | 'break' | 'continue' | 'end' | 'else';
}

export interface BranchNode extends Position {
  readonly kind: 'if' | 'with' | 'range';
  readonly pipe: PipeNode;
  readonly body: ListNode;
  readonly otherwise: ListNode | undefined;
}

export interface TemplateNode extends Position {
  readonly kind: 'template';
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}

/** What can stand in a command. */
export type Operand =
  | FieldNode
  | VariableNode
  | ChainNode
  | IdentifierNode
  | NumberNode
  | StringNode
  | BoolNode
  | PlainNode
  | PipeNode;

/** Any node of a parsed template. */
export type Node = Operand | ListNode | TextNode | ActionNode | CommandNode | BranchNode | TemplateNode;

/** A template as it was parsed: the file's own or one that it defines. */
export interface ParsedTemplate {
  readonly name: string;
  readonly source: Source;
  readonly root: ListNode;
}

/** Whether a template is nothing but space: then it does not replace one of its name. */
export function isEmptyTree(root: ListNode): boolean {
  return root.nodes.every((node) => node.kind === 'text' && node.text.trim() === '');
}
