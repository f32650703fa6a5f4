import type { VariableNode } from '../parse/nodes.ts';

/** Where a frame keeps a variable. */
export interface Variable {
  readonly slot: number;
  /** Where it keeps the type that messages name, for variables that a range declares. */
  readonly typeSlot: number | undefined;
}

/** Gives every declaration of a template a slot in its frames; names are looked up once, when compiling. */
export class Variables {
  readonly #visible: { name: string; variable: Variable }[] = [];
  #slots = 0;

  constructor() {
    this.declare('$');
  }

  get slots(): number {
    return this.#slots;
  }

  declare(name: string, hasType = false): Variable {
    const variable = { slot: this.newSlot(), typeSlot: hasType ? this.newSlot() : undefined };
    this.#visible.push({ name, variable });
    return variable;
  }

  /** The variables that were declared last, in the order of their declaration. */
  last(count: number): readonly Variable[] {
    return this.#visible.slice(this.#visible.length - count).map(({ variable }) => variable);
  }

  newSlot(): number {
    return this.#slots++;
  }

  /** The innermost variable of the name. Undefined for one that was assigned before anything declared it. */
  find({ names }: VariableNode): Variable | undefined {
    return this.#visible.findLast(({ name }) => name === names[0])?.variable;
  }

  /** Compiles something with a scope of its own. */
  scoped<T>(compile: () => T): T {
    const count = this.#visible.length;
    const result = compile();
    this.#visible.length = count;
    return result;
  }
}
