import type { IEnvVar } from 'kubernetes-models/v1';
import type { TextMap } from '../../values/index.ts';
import { textOf } from './text.ts';
import type { Draft } from './typed.ts';

/** A variable that takes a field of its pod: `metadata.name`, `status.podIP`. */
export function fieldVariable(name: string, fieldPath: string, apiVersion?: string): Draft<IEnvVar> {
  return { name, valueFrom: { fieldRef: { fieldPath, apiVersion } } };
}

/** A variable that takes a limit of its container: `limits.cpu` in cores, `limits.memory` in bytes. */
export function limitVariable(name: string, resource: 'limits.cpu' | 'limits.memory'): Draft<IEnvVar> {
  return { name, valueFrom: { resourceFieldRef: { resource, divisor: '1' } } };
}

/** A map of values as variables, sorted by name; `NAME:` without a value is one that is set, but empty. */
export function variablesOf(map: TextMap | null | undefined): Draft<IEnvVar>[] {
  const entries = Object.entries(map ?? {}).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value === null ? '' : textOf(value)]],
  );
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => ({ name, value }));
}

/**
 * The variables with each name once; the last one of a name counts, as it does for a process. Server-side apply refuses
 * a list that holds a name twice, and a value that is no text, which `unvalidatedValues` can make of a cluster's name.
 */
export function uniqueVariables(variables: readonly Draft<IEnvVar>[]): Draft<IEnvVar>[] {
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  return [...byName.values()].map((variable) =>
    variable.value === undefined ? variable : { ...variable, value: String(variable.value) },
  );
}
