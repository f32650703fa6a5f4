import { formatFieldPath } from '../../api/index.ts';
import { isObject, type JsonObject } from '../../core/index.ts';
import { profileValues } from '../../values/index.ts';

/**
 * What the profile, the compatibility version and the platform that the values of a resolved spec name put over Istio's
 * defaults. Most of what a profile is stands there.
 */
export function namedValues(spec: JsonObject): JsonObject {
  const values = isObject(spec.values) ? spec.values : {};
  return profileValues(values, (keys) => formatFieldPath(['spec', 'values', ...keys]));
}
