export type { ResolvedSpec } from './resolved-spec.ts';
