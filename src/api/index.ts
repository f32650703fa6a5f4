export { PRUNE_MODES, type PruneMode, pruneModeOf } from './annotations.ts';
export { istioOperatorCrd } from './crd.ts';
export { formatFieldPath, type Step } from './field-path.ts';
export { GATEWAYS } from './gateway-kinds.ts';
export { heldVersion } from './held-version.ts';
export { IGNORE_FIELDS_PATH, type IgnoreEntry, readIgnoreFields } from './ignore-fields.ts';
export { type FieldLookup, knownField, takesTextOnly } from './known-field.ts';
export {
  ANNOTATIONS,
  API_VERSION,
  CONDITIONS,
  type ConditionType,
  FINALIZER,
  GROUP,
  KIND,
  LABELS,
  RESOURCE_KIND,
  STATUS_WORDS,
  type StatusWord,
  VERSION,
} from './names.ts';
export { type ParsedOperator, type ParseOptions, parseOperator } from './parse-operator.ts';
export { readStatus } from './read-status.ts';
export { checkResolved } from './resolved-checks.ts';
export type {
  ComponentSpec,
  ComponentStatus,
  Condition,
  GatewaySpec,
  InstallStatus,
  InventoryItem,
  IstioOperator,
  IstioOperatorSpec,
  IstioValues,
  K8sSettings,
  ObjectStatus,
  Overlay,
  Patch,
  PlannedField,
  PlannedObjectStatus,
  PlanStatus,
} from './types.ts';
export { describeValue } from './validation/describe-value.ts';
