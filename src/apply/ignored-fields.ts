import {
  asJson,
  isEntry,
  isObject,
  type Json,
  type JsonObject,
  type KubernetesObject,
  type PathStep,
} from '../core/index.ts';
import type { LiveObject } from './cluster.ts';

/** A place in an object: what we want there, what is there, and what the managers have there. */
interface Place {
  readonly wanted: Json;
  readonly live: Json | undefined;
  /** The part of each manager's `fieldsV1` that is about this place. */
  readonly managers: readonly { readonly fields: JsonObject; readonly isOurs: boolean }[];
}

/**
 * The object without what others decide at these paths: the fields there that somebody else owns, and those that the live
 * object lacks, because somebody has removed them. A field that only we own stays, so that nothing is ever reset: what nobody
 * owns any more Kubernetes would remove. Where a list or map is one field for Kubernetes, all of it counts.
 * @param isOurs - tells our own field managers from others.
 */
export function withoutIgnoredFields(
  object: KubernetesObject,
  live: LiveObject,
  paths: readonly (readonly PathStep[])[],
  isOurs: (manager: string) => boolean,
): KubernetesObject {
  const managers = (live.metadata.managedFields ?? []).flatMap(({ manager, fieldsV1: fields }) =>
    fields === undefined ? [] : [{ fields, isOurs: isOurs(manager) }],
  );
  const sent = paths.reduce<Json | undefined>(
    (wanted, path) =>
      wanted === undefined ? wanted : leaveOut({ wanted, live: live as unknown as Json, managers }, path),
    asJson(object),
  );
  return (sent ?? object) as unknown as KubernetesObject;
}

/** What is left of the wanted value without the field at the end of the path; undefined for nothing. */
function leaveOut(place: Place, [step, ...rest]: readonly PathStep[]): Json | undefined {
  if (place.live === undefined || isTaken(place)) return undefined;
  if (step === undefined) return withoutOthers(place);
  const { wanted } = place;
  if (step.kind === 'key' && isObject(wanted))
    return withField(place, wanted, step.key, (inner) => leaveOut(inner, rest));
  if (step.kind === 'entry' && Array.isArray(wanted) && keyFields(place) !== undefined) {
    const items: readonly Json[] = wanted;
    return items.flatMap((item) =>
      isEntry(item, step.key, step.value) ? entryOr(place, item, (inner) => leaveOut(inner, rest)) : [item],
    );
  }
  return wanted;
}

/** Somebody else has this place as one value. */
function isTaken({ managers }: Place): boolean {
  return managers.some(({ fields, isOurs }) => !isOurs && Object.keys(fields).length === 0);
}

/** Everything below is left to others. */
function withoutOthers(place: Place): Json | undefined {
  if (place.live === undefined || isTaken(place)) return undefined;
  const { wanted } = place;
  if (isObject(wanted)) {
    const keys = Object.keys(wanted);
    const kept = keys.reduce<JsonObject>(
      (rest, key) => withField({ ...place, wanted: rest }, rest, key, withoutOthers),
      wanted,
    );
    return keys.length > 0 && Object.keys(kept).length === 0 ? undefined : kept;
  }
  if (!Array.isArray(wanted) || keyFields(place) === undefined) return wanted;
  const items: readonly Json[] = wanted;
  const kept = items.flatMap((item) => entryOr(place, item, withoutOthers));
  return items.length > 0 && kept.length === 0 ? undefined : kept;
}

function withField(
  { live, managers }: Place,
  wanted: JsonObject,
  key: string,
  change: (inner: Place) => Json | undefined,
): JsonObject {
  const before = wanted[key];
  if (before === undefined) return wanted;
  const after = change({
    wanted: before,
    live: isObject(live) ? live[key] : undefined,
    managers: below(managers, (name) => name === `f:${key}`),
  });
  const { [key]: _before, ...rest } = wanted;
  return after === undefined ? rest : { ...wanted, [key]: after };
}

/** The entry of a list without what others decide in it; what tells it from the other entries stays as long as anything does. */
function entryOr(place: Place, item: Json, change: (inner: Place) => Json | undefined): readonly Json[] {
  const names = keyFields(place) ?? [];
  const isSame = (other: JsonObject) => isObject(item) && names.every((name) => isLike(item[name], other[name]));
  const items: readonly Json[] = Array.isArray(place.live) ? place.live : [];
  const after = change({
    wanted: item,
    live: items.find((other) => isObject(other) && isSame(other)),
    managers: below(place.managers, (name) => name.startsWith('k:') && isSame(JSON.parse(name.slice(2)) as JsonObject)),
  });
  if (!isObject(after) || !isObject(item)) return after === undefined ? [] : [after];
  const key = Object.fromEntries(names.filter((name) => item[name] !== undefined).map((name) => [name, item[name]]));
  return [{ ...key, ...after }];
}

/** A field that is left out has its default, which the other one shows. */
function isLike(a: Json | undefined, b: Json | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

/** The fields by which Kubernetes tells the entries of this list apart; undefined where the list is one value. */
function keyFields({ managers }: Place): readonly string[] | undefined {
  const names = managers.flatMap(({ fields }) => Object.keys(fields));
  const key = names.find((name) => name.startsWith('k:'));
  return key === undefined ? undefined : Object.keys(JSON.parse(key.slice(2)) as JsonObject);
}

function below(managers: Place['managers'], isStep: (name: string) => boolean): Place['managers'] {
  return managers.flatMap(({ fields, isOurs }) =>
    Object.entries(fields).flatMap(([name, inner]) =>
      isStep(name) && isObject(inner) ? [{ fields: inner, isOurs }] : [],
    ),
  );
}
