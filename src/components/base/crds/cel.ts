/** A validation that the API server evaluates in CEL. `message` is what the user reads when `rule` is false. */
export interface ValidationRule {
  readonly message: string;
  readonly rule: string;
}

/** One validation; in `expression`, `self` is the value that holds it. */
export function rule(message: string, expression: string): ValidationRule {
  return { message, rule: expression };
}

/** The validation that at most one of the fields is set. */
export function atMostOneOf(fields: readonly string[], message: string): ValidationRule {
  return { message, rule: `${fields.map((field) => `(has(self.${field}) ? 1 : 0)`).join(' + ')} <= 1` };
}

/** CEL for a field of `self`, or for `fallback` (CEL too) where the field is not set. */
export function fieldOr(field: string, fallback: string): string {
  return `(has(self.${field}) ? self.${field} : ${fallback})`;
}

/** CEL that asks for `consequence` only where `condition` holds. */
export function implies(condition: string, consequence: string): string {
  return `${condition} ? ${consequence} : true`;
}
