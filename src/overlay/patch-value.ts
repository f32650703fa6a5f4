import { isObject, type Json, type PathStep } from '../core/index.ts';

/** Where a patch writes, as far as the reading of its value depends on it. */
export interface ValuePlace {
  readonly kind: string;
  readonly steps: readonly PathStep[];
  /** What stands there now. */
  readonly current: Json | undefined;
  readonly parseYaml: (text: string) => Json | undefined;
}

/**
 * The value that a patch means. A text that holds a YAML map (`value: |` blocks of old overlays) stands for that map,
 * except where Kubernetes keeps texts: data of ConfigMaps and Secrets, labels, annotations, or where a text is replaced.
 */
export function patchValue(value: Json, place: ValuePlace): Json {
  if (typeof value !== 'string' || !looksLikeMap(value) || isTextPlace(place)) return value;
  const parsed = place.parseYaml(value);
  return isObject(parsed) ? parsed : value;
}

/** One line with `key: value`, or several lines with a colon; JSON objects stay text, as they always have. */
function looksLikeMap(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed.startsWith('{')) return false;
  return trimmed.includes('\n') ? trimmed.includes(':') : trimmed.includes(': ');
}

function isTextPlace({ kind, steps, current }: ValuePlace): boolean {
  if (typeof current === 'string') return true;
  const keys = steps.flatMap((step) => (step.kind === 'key' ? [step.key] : []));
  if ((kind === 'ConfigMap' || kind === 'Secret') && keys[0] !== 'metadata') return true;
  const parent = keys.at(-2);
  return keys.includes('metadata') && (parent === 'labels' || parent === 'annotations');
}
