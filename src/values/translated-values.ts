import { isObject, type Json, type JsonObject, valueAt, withValueAt } from '../core/index.ts';
import { mergeSpec, type ResolvedSpec } from '../merge/index.ts';
import { objectAt } from './object-at.ts';

/**
 * Istio's values as a resolved spec means them, before defaults. What `istioctl` 1.30 makes of settings that are given
 * twice, lowest first: `values` of the profile; hub, tag, revision and compatibilityVersion of the spec; the author's own
 * `values`; the spec's meshConfig and which components it has; `unvalidatedValues`.
 */
export function translatedValues({ spec, authored }: ResolvedSpec): JsonObject {
  let values = spec.values === null ? {} : validatedValues(spec, authored);
  if (isObject(spec.unvalidatedValues)) values = mergeSpec(values, spec.unvalidatedValues);
  // A revision is a name also where it looks like a number.
  return isSet(values.revision) ? { ...values, revision: String(values.revision) } : values;
}

/** All but `unvalidatedValues`. An author's `values: null` deletes all of it, as in Istio's installer. */
function validatedValues(spec: JsonObject, authored: JsonObject): JsonObject {
  const translated = mergeSpec(objectAt(spec, 'values'), defaultsFromSpec(spec));
  const values = mergeSpec(translated, objectAt(authored, 'values'));
  return mergeSpec(values, decidedBySpec(spec, values));
}

/** Fields of the spec that `values` can override. */
function defaultsFromSpec(spec: JsonObject): JsonObject {
  return {
    global: {
      ...(isSet(spec.hub) && { hub: spec.hub }),
      ...(isSet(spec.tag) && { tag: String(spec.tag) }),
    },
    ...(isSet(spec.revision) && { revision: String(spec.revision) }),
    ...(isSet(spec.compatibilityVersion) && { compatibilityVersion: String(spec.compatibilityVersion) }),
  };
}

/** Fields of the spec that override `values`, except where these delete the whole map with null. */
function decidedBySpec(spec: JsonObject, values: JsonObject): JsonObject {
  return {
    ...(isObject(spec.meshConfig) && values.meshConfig !== null && { meshConfig: spec.meshConfig }),
    // Only an explicit `enabled: true` counts here: what istiod is told about CNI is what the document says.
    ...(values.pilot !== null && {
      pilot: { enabled: isEnabled(spec, 'pilot'), cni: { enabled: isEnabled(spec, 'cni') } },
    }),
  };
}

function isSet(value: Json | undefined): value is string | number | boolean {
  return value !== undefined && value !== null && typeof value !== 'object';
}

function isEnabled(spec: JsonObject, component: string): boolean {
  return valueAt(spec, 'components', component, 'enabled') === true;
}

/** The values with a component's own hub and tag at `root`, where it has any. */
export function withComponentImage(values: JsonObject, root: readonly string[], component: JsonObject): JsonObject {
  let result = values;
  if (isSet(component.hub) && component.hub !== '') result = withValueAt(result, [...root, 'hub'], component.hub);
  if (isSet(component.tag) && component.tag !== '') result = withValueAt(result, [...root, 'tag'], component.tag);
  return result;
}

/**
 * The values of one gateway: its name, its labels and the ports of its `k8s.service` stand at `root`, over the labels
 * and ports that the values have for all gateways of the kind.
 */
export function withGatewaySettings(
  values: JsonObject,
  root: readonly string[],
  gateway: JsonObject,
  name: string,
): JsonObject {
  const labels = isObject(gateway.label) ? gateway.label : {};
  const named = withValueAt(withValueAt(values, [...root, 'name'], name), [...root, 'labels'], labels);
  const ports = valueAt(gateway, 'k8s', 'service', 'ports');
  if (!Array.isArray(ports) || ports.length === 0) return named;
  return withValueAt(named, [...root, 'ports'], ports.map(servicePort));
}

/** 0 is how the Service API spells "the same as port". */
function servicePort(port: Json): Json {
  return isObject(port) ? { targetPort: 0, ...port } : port;
}
