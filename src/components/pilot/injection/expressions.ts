import { type Action, print } from './template-text.ts';

// Expressions are written from the root (`$`), so that they mean the same inside a range. Each is one operand:
// parenthesised where it has arguments, so that it can be an argument itself.

/** A value of the installation: `setting('global.hub')` is what `values.global.hub` of the IstioOperator gave. */
export function setting(path: string): string {
  return `$.Values.${path}`;
}

/** The pod's annotation, or a default that is an expression itself; text in either case. */
export function annotatedOr(name: string, fallback: string): string {
  return `(annotation $.ObjectMeta "${name}" ${fallback})`;
}

/** The pod's annotation, empty where it has none. */
export function annotationOf(name: string): string {
  return `(index $.ObjectMeta.Annotations "${name}")`;
}

/** Whether the pod has the annotation, be it empty. */
export function hasAnnotation(name: string): string {
  return `(isset $.ObjectMeta.Annotations "${name}")`;
}

/** The pod's label, empty where it has none. */
export function labelOf(name: string): string {
  return `(index $.ObjectMeta.Labels "${name}")`;
}

/** Prints as quoted text, whatever characters there are in it. */
export function quoted(expression: string): Action {
  return print(`${expression} | quote`);
}

/** Prints as JSON, which is YAML that fits on a line: for maps and lists. */
export function inline(expression: string): Action {
  return print(`${expression} | toJson`);
}

/** Prints text with values in it: `%v` stands for each in turn. */
export function formatted(format: string, ...expressions: readonly string[]): Action {
  return quoted(`printf ${JSON.stringify(format)} ${expressions.join(' ')}`);
}

/** Prints a choice of the installation without its nulls, which mean that a field of the defaults is not wanted. */
export function withoutNulls(path: string): Action {
  return inline(`omitNil ${setting(path)}`);
}
