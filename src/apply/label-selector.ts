import { isObject, type JsonObject } from '../core/index.ts';

/** A label selector (`matchLabels`, `matchExpressions`) as the API takes it in a query; empty when it selects nothing certain. */
export function selectorText(selector: unknown): string {
  if (!isObject(selector)) return '';
  const labels = isObject(selector.matchLabels) ? selector.matchLabels : {};
  const expressions = Array.isArray(selector.matchExpressions) ? selector.matchExpressions.filter(isObject) : [];
  return [
    ...Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`),
    ...expressions.map((expression: JsonObject) => expressionText(expression)),
  ].join(',');
}

function expressionText({ key, operator, values }: JsonObject): string {
  const list = Array.isArray(values) ? values.map(String).join(',') : '';
  switch (operator) {
    case 'In':
      return `${String(key)} in (${list})`;
    case 'NotIn':
      return `${String(key)} notin (${list})`;
    default:
      return operator === 'Exists' ? String(key) : `!${String(key)}`;
  }
}
