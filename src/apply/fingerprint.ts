import { createHash } from 'node:crypto';
import { LABELS } from '../api/index.ts';
import {
  asJson,
  formatTreePath,
  type IgnoredFields,
  type Json,
  type JsonObject,
  type KubernetesObject,
  withSortedKeys,
} from '../core/index.ts';
import type { LiveMeta } from './cluster.ts';

/** The field manager of every object that this operator applies; the same as upstream's, so that taking over is seamless. */
export const FIELD_MANAGER = 'istio-operator';

/** Labels that say whose an object is, not what it is. */
const BOOKKEEPING: ReadonlySet<string> = new Set(Object.values(LABELS).filter((label) => label !== LABELS.tag));

/** A short digest of a rendered object and of what is ignored in it; equal ones have equal digests. */
export function digestOf(object: KubernetesObject, ignored: IgnoredFields['paths'] = []): string {
  return shortHash(ignored.length === 0 ? asJson(object) : [asJson(object), ignored.map(formatTreePath).sort()]);
}

/** A digest of what an object is, whoever owns it: two CRs that render it alike may share it. */
export function contentDigestOf(object: KubernetesObject): string {
  const kept = Object.entries(object.metadata.labels ?? {}).filter(([label]) => !BOOKKEEPING.has(label));
  return shortHash({
    ...asJson(object),
    metadata: { ...object.metadata, labels: Object.fromEntries(kept) } as JsonObject,
  });
}

/**
 * A digest of the fields that our manager owns in a live object, or undefined when it owns none. Whoever changes or
 * removes a field that we own takes it from us, so as long as this digest stays, every field that we set still has our value.
 */
export function ownedFieldsOf(metadata: LiveMeta): string | undefined {
  const ours = metadata.managedFields?.find(
    (entry) => entry.manager === FIELD_MANAGER && entry.operation === 'Apply' && entry.subresource === undefined,
  );
  return ours?.fieldsV1 === undefined ? undefined : shortHash(ours.fieldsV1);
}

function shortHash(value: Json): string {
  return createHash('sha256')
    .update(JSON.stringify(withSortedKeys(value)))
    .digest('base64url')
    .slice(0, 16);
}
