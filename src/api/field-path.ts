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
    else path += `${path === '' ? '' : '.'}${shorten(step).replaceAll('.', '\\.')}`;
  }
  return path;
}

/** Long keys are cut: nobody reads them, and what is written to the status must stay small. */
function shorten(key: string): string {
  return key.length <= 80 ? key : `${key.slice(0, 79)}…`;
}
