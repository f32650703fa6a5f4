export { MAX_DEPTH, mergeSpec } from './merge-spec.ts';
export { type Resolution, resolveSpec } from './resolve-spec.ts';
export type { ResolvedSpec } from './resolved-spec.ts';
