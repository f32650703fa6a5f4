import { GoFunction } from './go-function.ts';
import { GoInteger, GoMap, GoNil, GoObject, GoSlice, type Value } from './values.ts';

/** Data that a host hands to templates: JSON, where any part may also be a Go value of its own. */
export type HostValue = Value | readonly HostValue[] | { readonly [key: string]: HostValue };

/**
 * Turns JSON into Go values: objects become `map[string]interface {}`, lists `[]interface {}`, numbers `float64`; Go
 * values inside stay as they are. It is a copy, so what templates do to it does not reach `data`. An object's
 * `undefined` fields are absent.
 */
export function goValueOf(data: HostValue): Value {
  if (typeof data !== 'object' || data === null || isGoValue(data)) return data;
  if (isList(data)) return new GoSlice(data.map((item) => goValueOf(item ?? null)));
  const entries = new Map<string, Value>();
  for (const [key, field] of Object.entries(data)) {
    if (field !== undefined) entries.set(key, goValueOf(field));
  }
  return new GoMap(entries);
}

function isList(data: HostValue): data is readonly HostValue[] {
  return Array.isArray(data);
}

function isGoValue(data: object): data is GoInteger | GoSlice | GoMap | GoObject | GoFunction | GoNil {
  return (
    data instanceof GoMap ||
    data instanceof GoSlice ||
    data instanceof GoInteger ||
    data instanceof GoObject ||
    data instanceof GoFunction ||
    data instanceof GoNil
  );
}
