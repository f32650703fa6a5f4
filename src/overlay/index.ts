export { type AppliedPatch, applyOverlays, type OverlayContext, type OverlayResult } from './overlays.ts';
export { applySettings, type Changed, type SettingsTarget } from './settings.ts';
