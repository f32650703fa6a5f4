import { type JsonObject, nearMatch, OperatorError } from '../core/index.ts';
import { BUILTIN_PROFILES, PROFILE_NAMES, type ProfileName } from './builtin-profiles.ts';

/** True for the name of a built-in profile. Names come from users: nothing that objects inherit counts. */
export function isProfileName(name: string): name is ProfileName {
  return Object.hasOwn(BUILTIN_PROFILES, name);
}

/**
 * The spec that a built-in profile stands for: what it changes of `default`, or `default` itself.
 * @throws {OperatorError} `ProfileNotFound` when there is no such profile. Names are never looked up as files.
 */
export function profileSpec(name: string): JsonObject {
  if (isProfileName(name)) return BUILTIN_PROFILES[name];
  const meant = nearMatch(name, PROFILE_NAMES);
  throw new OperatorError(`Profile ${JSON.stringify(shortened(name))} does not exist.`, {
    code: 'ProfileNotFound',
    path: 'spec.profile',
    hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}Profiles are: ${PROFILE_NAMES.join(', ')}.`,
  });
}

/** A name as messages quote it: a status condition is no place for a megabyte. */
function shortened(name: string): string {
  return name.length <= 64 ? name : `${name.slice(0, 64)}…`;
}
