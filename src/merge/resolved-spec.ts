import type { JsonObject } from '../core/index.ts';

/** A spec with its profile, the operator's defaults, the CR and the `--set` assignments merged, lowest layer first. */
export interface ResolvedSpec {
  /** The profile's name; `default` where none is given. */
  readonly profile: string;
  /** The merged spec. */
  readonly spec: JsonObject;
  /** The author's own part of it: CR and `--set` without profile. Its `values` win over what components translate to. */
  readonly authored: JsonObject;
}
