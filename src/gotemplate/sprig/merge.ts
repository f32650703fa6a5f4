import { GoMap, type Value } from '../values/values.ts';
import { isEmpty } from './convert.ts';

/**
 * Merges one map into another, which changes: maps are merged entry by entry, other values replace only what is empty,
 * or everything with `isOverwrite`. Lists are whole values. A nil in the source counts only with `isOverwrite`.
 */
export function mergeInto(target: GoMap, source: GoMap, isOverwrite: boolean): void {
  if (target === source) return;
  for (const [key, value] of source.entries) mergeEntry(target, key, value, isOverwrite);
}

function mergeEntry({ entries }: GoMap, key: string, value: Value, isOverwrite: boolean): void {
  const old = entries.get(key);
  if (value === null || value === undefined) {
    if (isOverwrite) entries.set(key, value ?? null);
    return;
  }
  if (value instanceof GoMap && old instanceof GoMap && !old.isNil) {
    mergeInto(old, value, isOverwrite);
    if (old.entries.size === 0) entries.set(key, value);
    return;
  }
  if (isOverwrite || !entries.has(key) || isEmpty(old)) entries.set(key, value);
}
