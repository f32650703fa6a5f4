import { type Json, type JsonObject, nearMatch, OperatorError, valueAt } from '../core/index.ts';
import { mergeSpec } from '../merge/index.ts';
import { BEHAVIOUR_UP_TO, PLATFORMS, VALUE_PROFILES } from '../profiles/index.ts';

/**
 * What the profile, the compatibility version and the platform that `values` name put over Istio's defaults, in this
 * order, the last one on top.
 * @param pathOf - where in the user's document a path into the values is, for messages.
 * @throws {OperatorError} `InvalidValue` when a name is not known.
 */
export function profileValues(values: JsonObject, pathOf: PathOf): JsonObject {
  const profile = chosen(values, 'profile', VALUE_PROFILES, pathOf);
  const compatibility = compatibilityValues(values.compatibilityVersion, pathOf);
  const platform = chosen(values, 'platform', PLATFORMS, pathOf);
  return mergeSpec(mergeSpec(profile, compatibility), platform);
}

/** Profiles of Istio 1.21 and 1.22 that have become a platform, and what to write for them. */
const PLATFORM_PROFILES: ReadonlyMap<string, string> = new Map([
  ['openshift', 'Istio has made it a platform: remove the line and set values.global.platform: openshift.'],
  ['openshift-ambient', 'Istio has split it: set values.profile: ambient and values.global.platform: openshift.'],
]);

/** Where in the user's document the value stands that is at `keys` of a component's values. */
export type PathOf = (keys: readonly string[]) => string;

/** The entry of `known` that `values.<field>` names, or else `values.global.<field>`. */
function chosen(
  values: JsonObject,
  field: string,
  known: Readonly<Record<string, JsonObject>>,
  pathOf: PathOf,
): JsonObject {
  const keys = values[field] ? [field] : ['global', field];
  const name = valueAt(values, ...keys);
  if (!name) return {};
  if (typeof name === 'string' && Object.hasOwn(known, name)) return known[name] ?? {};
  const now = field === 'profile' && typeof name === 'string' ? PLATFORM_PROFILES.get(name) : undefined;
  throw unknownName(pathOf(keys), name, Object.keys(known), now);
}

function compatibilityValues(version: Json | undefined, pathOf: PathOf): JsonObject {
  if (!version) return {};
  const last = BEHAVIOUR_UP_TO.findIndex((change) => change.release === String(version));
  if (last >= 0) {
    return BEHAVIOUR_UP_TO.slice(0, last + 1).reduce<JsonObject>((all, change) => mergeSpec(all, change.values), {});
  }
  const releases = BEHAVIOUR_UP_TO.map((change) => change.release).reverse();
  throw unknownName(pathOf(['compatibilityVersion']), version, releases);
}

function unknownName(path: string, name: Json, known: readonly string[], now?: string): OperatorError {
  const text = typeof name === 'string' ? name.slice(0, 64) : JSON.stringify(name).slice(0, 64);
  const meant = nearMatch(text, known);
  return new OperatorError(`${path} is ${JSON.stringify(text)}, which is not known.`, {
    code: 'InvalidValue',
    path,
    hint: now ?? `${meant === undefined ? '' : `Did you mean ${meant}? `}Use one of: ${known.join(', ')}.`,
  });
}
