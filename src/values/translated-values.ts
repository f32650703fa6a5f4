import { isObject, type Json, type JsonObject, valueAt, withValueAt } from '../core/index.ts';
import { mergeSpec, type ResolvedSpec } from '../merge/index.ts';
import { objectAt } from './object-at.ts';

/**
 * Istio's values as a resolved spec means them, before defaults. Fields of the spec that stand for values (hub, tag,
 * revision, meshConfig, …) go over the merged `values`, the author's own `values` over those, and `unvalidatedValues`
 * over everything.
 */
export function translatedValues({ spec, authored }: ResolvedSpec): JsonObject {
  // As in Istio's installer, an author's `values: null` deletes hub, tag and all else that would become values.
  let values = spec.values === null ? {} : mergeSpec(objectAt(spec, 'values'), specAsValues(spec));
  if (isObject(authored.values)) values = mergeSpec(values, authored.values);
  if (isObject(spec.unvalidatedValues)) values = mergeSpec(values, spec.unvalidatedValues);
  // A revision is a name also where it looks like a number.
  return isSet(values.revision) ? { ...values, revision: String(values.revision) } : values;
}

function specAsValues(spec: JsonObject): JsonObject {
  return {
    global: {
      ...(isSet(spec.hub) && { hub: spec.hub }),
      ...(isSet(spec.tag) && { tag: String(spec.tag) }),
    },
    ...(isSet(spec.revision) && { revision: String(spec.revision) }),
    ...(isSet(spec.compatibilityVersion) && { compatibilityVersion: String(spec.compatibilityVersion) }),
    ...(isObject(spec.meshConfig) && { meshConfig: spec.meshConfig }),
    // Only an explicit `enabled: true` counts here: what istiod is told about CNI is what the document says.
    pilot: { enabled: isEnabled(spec, 'pilot'), cni: { enabled: isEnabled(spec, 'cni') } },
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
