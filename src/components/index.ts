export type { Component, WorkloadTarget } from './component.ts';
export { COMPONENTS, componentFor } from './table.ts';
