import type { ComponentInput, ZtunnelValues } from '../../values/index.ts';
import { istioLabels } from '../shared/labels.ts';
import { asGiven } from '../shared/text.ts';

/** What selects ztunnel's pods. */
export const SELECTOR = { app: 'ztunnel' };

/** The node proxy of ambient mode, as the builders of its objects see it. */
export type Ztunnel = ComponentInput<ZtunnelValues>;

/** The labels of namespaced objects, with those that the user adds. */
export function objectLabels({ values }: Ztunnel): Record<string, string> {
  return { ...istioLabels('ztunnel'), ...asGiven(values.labels) };
}

/** The annotations of objects: the revision, where there is one, and what the user adds. */
export function objectAnnotations({ values }: Ztunnel): Record<string, string> | undefined {
  return asGiven({ ...values.annotations, ...(values.revision && { 'istio.io/rev': values.revision }) });
}
