import type { Node, Source } from '../parse/nodes.ts';
import { TemplateLimit } from '../template-error.ts';
import { GoMap, GoSlice, type Value } from '../values/values.ts';
import type { Limits } from './limits.ts';
import type { TemplateScope } from './template-scope.ts';

/** What a map without the key gives: no value, the zero value of its element type, or an error. */
export type MissingKey = 'default' | 'zero' | 'error';

/** What all templates of one execution share: settings, and how much work is left. */
export class Run {
  readonly missingKey: MissingKey;
  readonly limits: Required<Limits>;
  #workLeft: number;

  constructor(missingKey: MissingKey, limits: Required<Limits>) {
    this.missingKey = missingKey;
    this.limits = limits;
    this.#workLeft = limits.maxWork;
  }

  /** Takes work from what is left; functions that make large values ask before they do. */
  spend(units: number): void {
    this.#workLeft -= units;
    if (!(this.#workLeft >= 0)) throw new TemplateLimit(`the template exceeds ${this.limits.maxWork} units of work`);
  }
}

/** Where a template writes. */
export interface Output {
  text: string;
}

/** A template that can run: its name for messages, and where it came from. */
export interface RunnableTemplate {
  readonly name: string;
  readonly source: Source;
}

/** One call of a template: its variables, its output, and the node that it is at. */
export class Frame {
  readonly run: Run;
  readonly template: RunnableTemplate;
  readonly scope: TemplateScope;
  readonly output: Output;
  readonly depth: number;
  readonly variables: Value[];
  /** The node that was begun last: errors are about it. */
  node: Node | undefined = undefined;

  constructor(parent: Pick<Frame, 'run' | 'scope' | 'output' | 'depth'>, template: RunnableTemplate, slots: number) {
    this.run = parent.run;
    this.scope = parent.scope;
    this.output = parent.output;
    this.depth = parent.depth;
    this.template = template;
    this.variables = new Array<Value>(slots).fill(undefined);
  }

  /** Takes the work of walking through all of a value. Values can contain themselves: then it ends at the limit. */
  spendOnWhole(value: Value): void {
    const pending = [value];
    while (pending.length > 0) {
      const next = pending.pop();
      if (typeof next === 'string') this.run.spend(1 + next.length);
      else if (next instanceof GoSlice) {
        this.run.spend(1 + next.items.length);
        for (const item of next.items) pending.push(item);
      } else if (next instanceof GoMap) {
        this.run.spend(1 + next.entries.size);
        for (const [key, field] of next.entries) pending.push(key, field);
      } else this.run.spend(1);
    }
  }

  write(text: string): void {
    this.run.spend(text.length);
    this.output.text += text;
    if (this.output.text.length > this.run.limits.maxOutput) {
      throw new TemplateLimit(`the output exceeds ${this.run.limits.maxOutput} characters`);
    }
  }
}
