export { checkObject, type Mismatch } from './check-object.ts';
export { type AppliedPatch, applyOverlays, type OverlayContext, type OverlayResult } from './overlays.ts';
export { applySettings, type Changed, type SettingsTarget } from './settings.ts';
