export { PROFILE_NAMES, type ProfileName } from './builtin-profiles.ts';
export { isProfileName, profileSpec } from './profile-spec.ts';
export { PROFILE_PURPOSES } from './purposes.ts';
export { BEHAVIOUR_UP_TO, PLATFORMS, VALUE_PROFILES } from './value-profiles.ts';
