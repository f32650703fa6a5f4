export type { ComponentInput } from './component-input.ts';
