import { type CompiledTemplate, compileTemplate } from './exec/compile-template.ts';
import { Frame, type MissingKey, type Output, Run } from './exec/frame.ts';
import { DEFAULT_LIMITS, type Limits } from './exec/limits.ts';
import type { TemplateCall, TemplateScope } from './exec/template-scope.ts';
import { builtinFunctions } from './functions/builtin-functions.ts';
import { isEmptyTree, type ParsedTemplate } from './parse/nodes.ts';
import { parseTemplate } from './parse/parser.ts';
import { TemplateLimit, templateError } from './template-error.ts';
import { quote } from './text/quote.ts';
import { wellFormed } from './text/utf8.ts';
import type { FunctionTable } from './values/go-function.ts';
import { goValueOf, type HostValue } from './values/host.ts';

/** What V8 says when the stack is full or a text or list has its largest size; any other RangeError is a bug of ours. */
const ENGINE_BOUND = /^(?:Maximum call stack size exceeded|Invalid (?:string|array) length)/;

/** Settings of a template set. */
export interface TemplateOptions {
  /** What templates can call beside Go's own functions, by name. Default none. */
  readonly functions?: FunctionTable;
  /** What a key that a map lacks gives. Default `default`: no value. Helm uses `zero`. */
  readonly missingKey?: MissingKey;
  readonly limits?: Limits;
}

/** Where errors are about when no template is running. */
interface Entry {
  readonly parsed: ParsedTemplate;
  compiled: CompiledTemplate | undefined;
}

/**
 * Templates that can call each other by name: Go's text/template. Parse once, execute many times; executing changes
 * nothing in the set.
 */
export class TemplateSet implements TemplateScope {
  readonly #functions: FunctionTable;
  readonly #missingKey: MissingKey;
  readonly #limits: Required<Limits>;
  readonly #own = new Map<string, Entry>();
  /** Templates that are seen through, behind those of this set. */
  readonly #outer: TemplateSet | undefined;

  /** @param outer - a set whose templates and settings this one shares; then `options` are not looked at. */
  constructor(options: TemplateOptions = {}, outer?: TemplateSet) {
    this.#outer = outer;
    this.#functions = outer === undefined ? tableOf(builtinFunctions(), options.functions) : outer.#functions;
    this.#missingKey = outer === undefined ? (options.missingKey ?? 'default') : outer.#missingKey;
    this.#limits = outer === undefined ? { ...DEFAULT_LIMITS, ...options.limits } : outer.#limits;
  }

  /**
   * Adds a template and those that it defines. One that is already there is replaced, unless the new one is empty.
   * @param name - what `template` and `include` call it, and what errors name.
   * @throws {OperatorError} `TemplateInvalid`, as `template: name:line: message`.
   */
  parse(name: string, text: string): void {
    const parsed = this.#bounded(name, () =>
      parseTemplate({ name, text }, (word) => Object.hasOwn(this.#functions, word)),
    );
    for (const template of parsed) {
      if (isEmptyTree(template.root) && this.#find(template.name) !== undefined) continue;
      this.#own.set(template.name, { parsed: template, compiled: undefined });
    }
  }

  /**
   * Runs a template.
   * @param data - the dot. JSON is copied, so the template cannot change it; Go values are used as they are.
   * @throws {OperatorError} `TemplateInvalid`, as `template: name:line:column: executing "name" at <node>: message`.
   */
  execute(name: string, data: HostValue): string {
    if (!this.hasTemplate(name)) {
      throw templateError(`template: no template ${quote(name)} associated with template ${quote(name)}`, name);
    }
    const output: Output = { text: '' };
    this.#bounded(name, () => {
      const run = new Run(this.#missingKey, this.#limits);
      this.runTemplate({ name, data: goValueOf(data), from: { run, scope: this, output, depth: 0 } });
    });
    return wellFormed(output.text);
  }

  hasTemplate(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  /** The names of all templates, sorted. */
  templateNames(): readonly string[] {
    return [...new Set([...this.#own.keys(), ...(this.#outer?.templateNames() ?? [])])].sort();
  }

  /** A set that sees these templates and has `text` of its own; this one stays as it is. */
  extendedBy(name: string, text: string): TemplateSet {
    const extended = new TemplateSet({}, this);
    extended.parse(name, text);
    return extended;
  }

  /** For functions that call templates: runs one in a frame below the caller's. */
  runTemplate({ name, data, from }: TemplateCall): void {
    const entry = this.#find(name);
    if (entry === undefined) throw templateError(`template ${quote(name)} not defined`, name);
    entry.compiled ??= compileTemplate(entry.parsed, this.#functions);
    const { run, output, depth } = from;
    if (depth > run.limits.maxDepth) throw new TemplateLimit(`templates call each other more than ${depth - 1} deep`);
    const frame = new Frame({ run, output, scope: this, depth: depth + 1 }, entry.compiled, entry.compiled.slots);
    frame.variables[0] = data;
    entry.compiled.statement(frame, data);
  }

  #find(name: string): Entry | undefined {
    return this.#own.get(name) ?? (this.#outer === undefined ? undefined : this.#outer.#find(name));
  }

  /** Turns what exceeds a bound, also JavaScript's own on stack and text size, into the error for it. */
  #bounded<T>(name: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof TemplateLimit) throw templateError(`template: ${name}: ${error.message}`, name, error);
      if (!(error instanceof RangeError && ENGINE_BOUND.test(error.message))) throw error;
      throw templateError(`template: ${name}: the template or its data exceeds what fits in memory`, name, error);
    }
  }
}

function tableOf(...tables: readonly (FunctionTable | undefined)[]): FunctionTable {
  return Object.freeze(Object.assign(Object.create(null), ...tables));
}
