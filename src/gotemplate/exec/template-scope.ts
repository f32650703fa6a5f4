import type { Value } from '../values/values.ts';
import type { Frame } from './frame.ts';

/** The templates that a running template can reach. */
export interface TemplateScope {
  /** Runs a template by name into the caller's output, or into `output`. */
  runTemplate(call: TemplateCall): void;
  /** Whether there is a template of that name. */
  hasTemplate(name: string): boolean;
  /** A scope that sees these templates, and those of `text` too. */
  extendedBy(name: string, text: string): TemplateScope;
}

export interface TemplateCall {
  readonly name: string;
  readonly data: Value;
  readonly from: Pick<Frame, 'run' | 'scope' | 'output' | 'depth'>;
}
