/**
 * Freezes a value and all it holds, so that an edit of a shared part throws instead of showing up elsewhere.
 * A part that is frozen already is taken to be frozen throughout; this keeps the walk linear in shared structures.
 */
export function deepFreeze<T extends object>(value: T): T {
  if (Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) deepFreeze(part);
  }
  return value;
}
