import { type JsonObject, valueAt, withoutValueAt } from '../core/index.ts';

/** Where images come from and where objects go: without it nothing can be pulled, or the objects contradict each other. */
const NEVER_EMPTY: readonly (readonly string[])[] = [
  ['hub'],
  ['tag'],
  ...['values', 'unvalidatedValues'].flatMap((field) => [
    [field, 'global'],
    [field, 'global', 'hub'],
    [field, 'global', 'tag'],
    [field, 'global', 'istioNamespace'],
    [field, 'ztunnel', 'hub'],
    [field, 'ztunnel', 'tag'],
    [field, 'ztunnel', 'istioNamespace'],
  ]),
];

/**
 * What an author wrote, without null and '' where something has to stand: a template with nothing to fill in leaves them
 * behind, and means what the profile has.
 */
export function withoutEmptySettings(authored: JsonObject): JsonObject {
  return NEVER_EMPTY.reduce((spec, path) => {
    const value = valueAt(spec, ...path);
    return value === null || value === '' ? withoutValueAt(spec, path) : spec;
  }, authored);
}
