export { type HeldBack, holdBack, INSTALLED_KINDS, isLabelledFor, withLabelled } from './adoption.ts';
export type { Action, Applied, ApplyDeps, ApplySettings } from './apply-objects.ts';
export { autoscaledIn, type IsAutoscaled } from './autoscalers.ts';
export { type Claim, type ClaimedBy, Claims, conflictsOf, labelledOwner, type WantedBy } from './claims.ts';
export type {
  ApplyOptions,
  Cluster,
  DeleteOptions,
  Deletion,
  LiveMeta,
  LiveObject,
  ManagedFields,
  ObjectRef,
  PatchOptions,
  ResourceKind,
  Right,
  Selection,
  WatchHandler,
} from './cluster.ts';
export { mapConcurrently } from './concurrency.ts';
export {
  type ComponentState,
  type ConvergeDeps,
  type ConvergeInput,
  converge,
  type ObjectHealth,
  type Outcome,
  type Phase,
} from './converge.ts';
export { contentIn, type DigestedManifest, type DigestedObject, digestManifest } from './digested-manifest.ts';
export { fieldPathsOf } from './field-paths.ts';
export { FightDetector } from './fight-detector.ts';
export { findRolloutReason } from './find-rollout-reason.ts';
export { contentDigestOf, digestOf, FIELD_MANAGER, hasNamesake, ownedFieldsOf, ownsTheSame } from './fingerprint.ts';
export { handBack } from './hand-back.ts';
export { HANDOVER_MANAGER, withoutTakenFields } from './handover.ts';
export {
  deletionOrder,
  type Inventory,
  type InventoryEntry,
  leftOver,
  readInventory,
  sameObjects,
  withManifest,
  writeInventory,
} from './inventory.ts';
export { lineDiff } from './line-diff.ts';
export { type PlanJob, type PlannedAction, type PlanRow, planLive } from './live-plan.ts';
export { isOlderVersion, LiveStore, type Observed } from './live-store.ts';
export { diffObjects, type FieldChange, withoutServerFields } from './object-diff.ts';
export { type Cause, type ComponentPlan, type PlanInput, type PlannedObject, planManifest } from './plan.ts';
export { type PruneDeps, type Pruned, prune } from './prune.ts';
export { HEALTH_KINDS, type Readiness, readinessOf } from './readiness.ts';
export { recreatableFrom } from './recreate.ts';
export {
  REFERENCE_SOURCES,
  type ReferenceSource,
  type RevisionReference,
  type RevisionUsers,
  resolver,
  usersOf,
} from './revision-references.ts';
export { stepOf, waitsFor } from './waves.ts';
