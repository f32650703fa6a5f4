export { type Clock, systemClock } from './clock.ts';
export { readDurationMs } from './duration.ts';
export {
  assertNever,
  ERROR_CODES,
  type ErrorCode,
  type ErrorDetail,
  type Issue,
  issuesOf,
  OperatorError,
  type RetryRule,
  throwIssues,
} from './errors.ts';
export { imageVersion } from './image-version.ts';
export {
  isObject,
  type Json,
  type JsonObject,
  jsonEqual,
  valueAt,
  withoutUndefined,
  withoutValueAt,
  withSortedKeys,
  withValueAt,
} from './json.ts';
export { Latch } from './latch.ts';
export {
  type ClusterFacts,
  COMPONENT_NAMES,
  type ComponentManifest,
  type ComponentName,
  type IgnoredFields,
  isGke,
  type Manifest,
  OFFLINE_FACTS,
} from './manifest.ts';
export { mergePatchBetween } from './merge-patch.ts';
export { editDistance, nearMatch } from './near-match.ts';
export { NOTICE_CODES, type Notice, type NoticeCode } from './notice.ts';
export {
  asJson,
  formatId,
  groupOf,
  idKey,
  idOf,
  type KubernetesObject,
  type ObjectId,
  type ObjectMeta,
} from './object-id.ts';
export { once } from './once.ts';
export { pluralOf } from './plural.ts';
export {
  isAbort,
  isDoneWithin,
  type Logger,
  pause,
  type Scope,
  silentLogger,
  untilAborted,
  withDeadline,
  withFields,
} from './scope.ts';
export {
  describeNode,
  formatTreePath,
  isEntry,
  type PathStep,
  parseTreePath,
  shown,
  suggestion,
} from './tree-path.ts';
export {
  ISTIO_HUB,
  ISTIO_VERSION,
  minorOf,
  OPERATOR_VERSION,
  SKEW_HINT,
  ztunnelSkew,
} from './version.ts';
export { writeYaml, yamlText } from './yaml-writer.ts';
