import type { ILabelSelector } from '@kubernetes-models/apimachinery/apis/meta/v1/LabelSelector';
import type { PilotContext } from './pilot-context.ts';

/** Selects configuration that is labelled for this revision. */
export function revisionSelector({ revisionLabel }: PilotContext): ILabelSelector {
  return { matchExpressions: [{ key: 'istio.io/rev', operator: 'In', values: [revisionLabel] }] };
}
