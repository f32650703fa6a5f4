import type { ILocalObjectReference } from 'kubernetes-models/v1';

/** Names of Secrets as accounts and pods refer to them; undefined where there are none. */
export function pullSecrets(names: readonly string[] | undefined): readonly ILocalObjectReference[] | undefined {
  return names === undefined || names.length === 0 ? undefined : names.map((name) => ({ name }));
}
