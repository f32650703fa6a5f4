import { shorten } from './quote.ts';

/** One step into a document: a field's name or a list index. */
export type Step = string | number;

/**
 * A path as people write it: `spec.components.ingressGateways[0].k8s.nodeSelector.kubernetes\.io/hostname`. A dot within
 * a key is escaped, as `--set` and overlay paths have it.
 */
export function formatFieldPath(steps: readonly Step[]): string {
  let path = '';
  for (const step of steps) {
    if (typeof step === 'number') path += `[${step}]`;
    else path += `${path === '' ? '' : '.'}${shorten(step, 80).replaceAll('.', '\\.')}`;
  }
  return path;
}
