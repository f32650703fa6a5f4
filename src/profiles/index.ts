export { PROFILE_NAMES, type ProfileName } from './builtin-profiles.ts';
export { isProfileName, profileSpec } from './profile-spec.ts';
