export { type TemplateOptions, TemplateSet } from './engine.ts';
export type { Frame, MissingKey } from './exec/frame.ts';
export { DEFAULT_LIMITS, type Limits } from './exec/limits.ts';
export { formatValue } from './fmt/format-value.ts';
export { type HelmDeps, helmFunctions, type Lookup } from './helm/helm-functions.ts';
export { type Capabilities, helmCapabilities, helmFiles } from './helm/helm-objects.ts';
export { type SprigDeps, sprigFunctions } from './sprig/sprig-functions.ts';
export { TemplateProblem } from './template-error.ts';
export {
  allReadWhole,
  type FunctionTable,
  fn,
  framed,
  framedVariadic,
  GoFunction,
  readsWhole,
  variadic,
} from './values/go-function.ts';
export { goValueOf, type HostValue } from './values/host.ts';
export { isTrue, typeOf } from './values/types.ts';
export {
  ANY,
  GoInteger,
  GoMap,
  GoNil,
  GoObject,
  GoSlice,
  type GoType,
  type IntegerKind,
  int64,
  mapOf,
  stringSlice,
  type Value,
} from './values/values.ts';
