import { isObject, type Json, type JsonObject, jsonEqual, OperatorError } from '../core/index.ts';
import { fieldOf } from './go-fields.ts';
import { typedObject } from './typed-object.ts';

/**
 * Merges a patch into a pod as istiod does: a Kubernetes strategic merge patch, then through Go's types. New entries of a
 * list come before those that only the pod has, entries of both keep their place. A choice between fields, such as a
 * volume's source, is left to the patch's `$retainKeys`.
 * @throws {OperatorError} `TemplateInvalid` for an entry without its key, an unknown directive, or a wrong type.
 */
export function mergePod(pod: JsonObject, patch: JsonObject): JsonObject {
  return typedObject(mergeMaps(pod, patch, 'Pod'), 'Pod');
}

function mergeMaps(base: JsonObject, patch: JsonObject, type: string): JsonObject {
  if (Object.hasOwn(patch, '$patch')) {
    if (patch.$patch === 'delete') return {};
    if (patch.$patch === 'replace') return withoutDirectives(patch);
    throw invalid(`$patch can be replace or delete, not ${JSON.stringify(patch.$patch)}`);
  }
  const merged = new Map(Object.entries(retained(base, patch)));
  for (const [key, value] of Object.entries(patch)) {
    if (key === '$retainKeys' || key.startsWith('$setElementOrder/')) continue;
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const name = key.slice(key.indexOf('/') + 1);
      merged.set(name, without(merged.get(name), value));
    } else if (value == null) merged.delete(key);
    else merged.set(key, mergeValues(merged.get(key), value, type, key));
  }
  return Object.fromEntries(merged);
}

function mergeValues(old: Json | undefined, value: Json, type: string, key: string): Json {
  const field = fieldOf(type, key);
  if (Array.isArray(value) && Array.isArray(old)) {
    if (field?.mergeKey === undefined) return value;
    return field.mergeKey === ''
      ? [...old, ...value.filter((item) => !old.some((known) => jsonEqual(known, item)))]
      : mergeLists(old, value, { key: field.mergeKey, type: field.type });
  }
  if (isObject(value) && isObject(old)) return mergeMaps(old, value, field?.type ?? 'any');
  return isObject(value) ? withoutDirectives(value) : value;
}

interface Items {
  /** The field that tells the items of the list apart. */
  readonly key: string;
  readonly type: string;
}

function mergeLists(base: readonly Json[], patch: readonly Json[], items: Items): readonly Json[] {
  const { old, added } = withSpecialEntries(base, patch, items);
  let merged: readonly JsonObject[] = old;
  for (const entry of added) {
    const at = positionOf(merged, entry, items);
    const known = merged[at];
    merged = known === undefined ? [...merged, entry] : merged.with(at, mergeMaps(known, entry, items.type));
  }
  const isPatched = (entry: JsonObject) => positionOf(added, entry, items) >= 0;
  const patched = merged.filter(isPatched).sort((a, b) => positionOf(added, a, items) - positionOf(added, b, items));
  return interleaved(
    merged.filter((entry) => !isPatched(entry)),
    patched,
    (entry) => positionOf(old, entry, items),
  );
}

/** Obeys entries that delete others or replace the list. */
function withSpecialEntries(base: readonly Json[], patch: readonly Json[], { key }: Items) {
  const entries = patch.map((entry) => keyed(entry, key));
  const deleted = entries.filter((entry) => entry.$patch === 'delete').map((entry) => entry[key]);
  const added = entries.filter((entry) => !Object.hasOwn(entry, '$patch'));
  if (entries.some((entry) => entry.$patch === 'replace')) return { old: added, added: [] };
  const old = base.map((entry) => keyed(entry, key));
  return { old: old.filter((entry) => !deleted.some((gone) => jsonEqual(gone, entry[key]))), added };
}

/** Puts the entries that only the pod has before the first patched one that stood after them, else at the end. */
function interleaved(
  ofPod: readonly JsonObject[],
  patched: readonly JsonObject[],
  place: (entry: JsonObject) => number,
): readonly JsonObject[] {
  const result: JsonObject[] = [];
  let next = 0;
  for (const entry of patched) {
    const before = place(entry);
    while (before >= 0) {
      const own = ofPod[next];
      if (own === undefined || place(own) > before) break;
      result.push(own);
      next += 1;
    }
    result.push(entry);
  }
  return [...result, ...ofPod.slice(next)];
}

function positionOf(entries: readonly JsonObject[], entry: JsonObject, { key }: Items): number {
  return entries.findIndex((other) => jsonEqual(other[key], entry[key]));
}

function keyed(entry: Json, key: string): JsonObject {
  if (!isObject(entry)) throw invalid(`an entry of a list that merges by ${key} is not a map`);
  const isDirective = entry.$patch === 'replace';
  if (!isDirective && !Object.hasOwn(entry, key)) throw invalid(`an entry of a list that merges by ${key} has none`);
  return entry;
}

/** The base without what the patch does not want kept. */
function retained(base: JsonObject, patch: JsonObject): JsonObject {
  const keep = patch.$retainKeys;
  if (!Array.isArray(keep)) return base;
  return Object.fromEntries(Object.entries(base).filter(([key]) => keep.includes(key)));
}

function without(list: Json | undefined, removed: Json | undefined): Json {
  if (!Array.isArray(list) || !Array.isArray(removed)) return list ?? null;
  return (list as readonly Json[]).filter((item) => !removed.includes(item));
}

/** Nulls go too: there is nothing that they could remove. */
function withoutDirectives(patch: JsonObject): JsonObject {
  const kept = Object.entries(patch).filter(([key, value]) => !key.startsWith('$') && value != null);
  return Object.fromEntries(kept.map(([key, value]) => [key, isObject(value) ? withoutDirectives(value) : value]));
}

function invalid(message: string): OperatorError {
  return new OperatorError(`The template cannot be merged into the pod: ${message}.`, {
    code: 'TemplateInvalid',
    hint: 'Correct the template: what it renders is a strategic merge patch for a Pod.',
  });
}
