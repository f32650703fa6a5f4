/**
 * True for what Istio's values treat as "not set": absent, null, false, 0, '', an empty list and an empty map.
 * Defaults write these for "use the next best", so `??` alone does not do.
 */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** The value, or undefined where it is empty: leaves a field out that the user's values leave open. */
export function unlessEmpty<T>(value: T | undefined): Exclude<T, ''> | undefined {
  return isEmpty(value) ? undefined : (value as Exclude<T, ''>);
}

/** The first of the values that is not empty. */
export function firstSet<T>(...values: readonly (T | undefined)[]): Exclude<T, ''> | undefined {
  return unlessEmpty(values.find((value) => !isEmpty(value)));
}
