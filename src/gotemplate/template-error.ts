import { OperatorError } from '../core/index.ts';

/**
 * A failure inside a function: its message becomes part of the template's error, which adds where it happened. Only
 * functions throw it; callers of the engine see an `OperatorError`.
 */
export class TemplateProblem extends Error {
  override readonly name = 'TemplateProblem';
}

/** A template that exceeds a limit: unlike other problems it passes through `include` and `tpl` as it is. */
export class TemplateLimit extends TemplateProblem {}

/** The error for a template that cannot be parsed or run. `name` is the template that a person has to look at. */
export function templateError(message: string, name: string, cause?: unknown): OperatorError {
  return new OperatorError(
    message,
    { code: 'TemplateInvalid', path: name, hint: 'Correct the template, or the data that it is given.' },
    cause,
  );
}
