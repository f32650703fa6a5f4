import { stringify } from 'yaml';
import { type Json, withSortedKeys } from '../../core/index.ts';

/** A value as YAML for a ConfigMap's text, with sorted keys, so that equal values give equal text. */
export function yamlText(value: Json): string {
  return stringify(withSortedKeys(value), {
    version: '1.1',
    compat: 'yaml-1.1',
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}

/** A value as indented JSON with sorted keys. */
export function jsonText(value: Json): string {
  return JSON.stringify(withSortedKeys(value), null, 2);
}
