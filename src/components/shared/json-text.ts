import { type Json, withSortedKeys } from '../../core/index.ts';

/** A value as indented JSON with sorted keys. */
export function jsonText(value: Json): string {
  return JSON.stringify(withSortedKeys(value), null, 2);
}
