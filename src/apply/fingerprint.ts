import { createHash } from 'node:crypto';
import { asJson, type Json, type KubernetesObject, withSortedKeys } from '../core/index.ts';
import type { LiveMeta } from './cluster.ts';

/** The field manager of every object that this operator applies; the same as upstream's, so that taking over is seamless. */
export const FIELD_MANAGER = 'istio-operator';

/** A short digest of a rendered object; equal objects have equal digests. */
export function digestOf(object: KubernetesObject): string {
  return shortHash(asJson(object));
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
