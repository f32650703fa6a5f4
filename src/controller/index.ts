export type { Render } from './installation.ts';
export { Metrics } from './metrics.ts';
export { serveMonitoring } from './monitoring.ts';
export type { PassSummary } from './reconciler.ts';
export { keyOf } from './resources.ts';
export { type OperatorDeps, type OperatorOptions, runOperator } from './run-operator.ts';
export { formatIssue, type Report, statusFor } from './status.ts';
export type { QueueEvent } from './work-queue.ts';
