import { isObject, type Json, type JsonObject } from '../core/index.ts';

/** Whether labels match a Kubernetes label selector. An empty selector, which would match everything, matches nothing here. */
export function matchesSelector(selector: JsonObject, labels: JsonObject): boolean {
  const wanted = isObject(selector.matchLabels) ? Object.entries(selector.matchLabels) : [];
  const expressions = Array.isArray(selector.matchExpressions) ? selector.matchExpressions.filter(isObject) : [];
  if (wanted.length === 0 && expressions.length === 0) return false;
  return (
    wanted.every(([key, value]) => label(labels, key) === value) &&
    expressions.every((expression) => matchesExpression(expression, labels))
  );
}

function matchesExpression({ key, operator, values }: JsonObject, labels: JsonObject): boolean {
  const value = label(labels, String(key));
  const listed = Array.isArray(values) && value !== undefined && (values as readonly Json[]).includes(value);
  switch (operator) {
    case 'In':
      return listed;
    case 'NotIn':
      return !listed;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

function label(labels: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
