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

/** Stands before the time in what `ownedFieldsOf` says; no digest has it. */
const AT = '@';

/**
 * A digest of the fields that our manager owns in a live object and the time of its last change under our name, or undefined when
 * it owns none. Whoever changes or removes a field that we own takes it from us, and whoever writes under our own name, such as
 * an operator that led before, leaves his time, which the API server keeps when an apply changes nothing. So as long as this
 * stays, every field that we set still has our value. The time is in seconds: who writes within the second of our own write is
 * not seen.
 */
export function ownedFieldsOf(metadata: LiveMeta): string | undefined {
  const ours = metadata.managedFields?.find(
    (entry) => entry.manager === FIELD_MANAGER && entry.operation === 'Apply' && entry.subresource === undefined,
  );
  if (ours?.fieldsV1 === undefined) return undefined;
  const digest = shortHash(ours.fieldsV1);
  return ours.time === undefined ? digest : `${digest}${AT}${ours.time}`;
}

/** True when an object is as it was recorded. What an older version has recorded has no time; then the fields alone count. */
export function ownsTheSame(recorded: string | undefined, live: string | undefined): boolean {
  return recorded === live || recorded === live?.split(AT)[0];
}

/** True when somebody has written under our name between the two: only that changes the time. */
export function hasNamesake(before: string | undefined, after: string | undefined): boolean {
  const [timeBefore, timeAfter] = [before, after].map((fields) => fields?.split(AT)[1]);
  return timeBefore !== undefined && timeAfter !== undefined && timeBefore !== timeAfter;
}

function shortHash(value: Json): string {
  return createHash('sha256')
    .update(JSON.stringify(withSortedKeys(value)))
    .digest('base64url')
    .slice(0, 16);
}
