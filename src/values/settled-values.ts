import { describeValue } from '../api/index.ts';
import { type Issue, isObject, type Json, type JsonObject, throwIssues } from '../core/index.ts';
import { mergeSpec } from '../merge/index.ts';
import type { PathOf } from './profile-values.ts';

/**
 * The layered values as builders read them: null has deleted what it stands on, and what Istio's defaults have as a map
 * or a list is one (empty where the user deleted it). So builders go down any path of the defaults without asking, and
 * find at its end a value of the user's, the default or nothing. Lists of the defaults have no null entries.
 *
 * `meshConfig` keeps its nulls: they also delete what the mesh configuration derives from other values. So do variables
 * and resource requirements.
 * @param pathOf - where in the user's document a path into the values is, for messages.
 * @throws {OperatorError} `InvalidValue` for each map or list that the user gave another shape.
 */
export function settled(defaults: JsonObject, layered: JsonObject, pathOf: PathOf): JsonObject {
  const issues: Issue[] = [];
  const report: Report = (keys, byDefault, value) => {
    const want = shapeOf(byDefault);
    const example = want === 'single value' ? JSON.stringify(byDefault) : EMPTY[want];
    const message = `Expected a ${want}, got ${describeValue(value)}.`;
    const hint = `For example: ${keys.at(-1) ?? ''}: ${example}. Removed, it is the default.`;
    issues.push({ code: 'InvalidValue', path: pathOf(keys), message, hint });
  };
  const values = settledMap(defaults, layered, [], report);
  throwIssues(issues);
  return isObject(layered.meshConfig) ? { ...values, meshConfig: layered.meshConfig } : values;
}

/** Maps that builders read as a whole, whatever is in them: deleted, they are empty and nothing else. */
const READ_WHOLE: ReadonlySet<string> = new Set(['resources', 'defaultResources', 'updateStrategy']);

/**
 * Maps in which null deletes nothing: a variable without a value is empty, and who takes back what is requested by
 * default requests nothing instead of the next best.
 */
const WITH_NULLS: ReadonlySet<string> = new Set(['env', 'resources', 'defaultResources']);

const EMPTY = { map: '{}', list: '[]' } as const;

type Report = (keys: readonly string[], byDefault: Json, value: Json) => void;

function settledMap(
  defaults: JsonObject,
  layered: JsonObject,
  keys: readonly string[],
  report: Report,
): Record<string, Json> {
  const map: Record<string, Json> = {};
  for (const [key, value] of Object.entries(layered)) {
    if (value === null || value === undefined || key === '__proto__') continue;
    const byDefault = Object.hasOwn(defaults, key) ? defaults[key] : undefined;
    map[key] = settledValue(byDefault, value, [...keys, key], report);
  }
  for (const [key, byDefault] of Object.entries(defaults)) {
    if (Object.hasOwn(map, key)) continue;
    if (isObject(byDefault)) map[key] = READ_WHOLE.has(key) ? {} : settledMap(byDefault, {}, keys, report);
    else if (Array.isArray(byDefault)) map[key] = [];
  }
  return map;
}

function settledValue(byDefault: Json | undefined, value: Json, keys: readonly string[], report: Report): Json {
  if (byDefault !== undefined && byDefault !== null) {
    if (shapeOf(value) !== shapeOf(byDefault)) report(keys, byDefault, value);
    if (Array.isArray(value)) return value.filter((item) => item !== null);
    if (WITH_NULLS.has(keys.at(-1) ?? '')) return value;
  }
  return isObject(value) ? settledMap(isObject(byDefault) ? byDefault : {}, value, keys, report) : value;
}

function shapeOf(value: Json): 'map' | 'list' | 'single value' {
  if (isObject(value)) return 'map';
  return Array.isArray(value) ? 'list' : 'single value';
}

/** A copy without the nulls in maps, at every depth. */
export function withoutNulls(values: JsonObject): JsonObject {
  return settledMap({}, values, [], () => {});
}

/** `over` on top of `base`: maps merge, lists and single values are replaced, null deletes. */
export function mergedValues(base: JsonObject, over: JsonObject): JsonObject {
  return withoutNulls(mergeSpec(base, over));
}
