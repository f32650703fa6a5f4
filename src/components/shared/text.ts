import type { Json } from '../../core/index.ts';
import type { TextMap } from '../../values/index.ts';

/** A value as the text that a flag, an environment variable or a label carries. */
export function textOf(value: Json): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** The map with every value as text; what is null or absent is left out. Undefined where nothing remains. */
export function textMap(map: TextMap | null | undefined): Record<string, string> | undefined {
  const entries = Object.entries(map ?? {}).flatMap(([key, value]): [string, string][] =>
    value === undefined || value === null ? [] : [[key, textOf(value)]],
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/**
 * A map of texts as the user gave it, numbers as text; undefined where it is empty. Where Istio copies such a map, a `yes`
 * is the API server's to refuse: as text it would be "true", which its author may not have meant.
 */
export function asGiven(map: TextMap | undefined): Readonly<Record<string, string>> | undefined {
  const entries = Object.entries(map ?? {}).map(([key, value]) => [
    key,
    typeof value === 'number' ? `${value}` : value,
  ]);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Readonly<Record<string, string>>);
}
