import { isObject, type Json, type JsonObject, withoutUndefined } from '../core/index.ts';

/**
 * An autoscaler spec whose metrics are all in the form of autoscaling/v2: the forms of v2beta1, which Kubernetes 1.25
 * removed, are translated. Returns the argument itself when there is nothing to translate.
 */
export function modernAutoscalerSpec(spec: JsonObject): JsonObject {
  if (!Array.isArray(spec.metrics)) return spec;
  const metrics = spec.metrics.map((metric: Json) => (isObject(metric) ? modernMetric(metric) : metric));
  return metrics.every((metric, index) => metric === (spec.metrics as readonly Json[])[index])
    ? spec
    : { ...spec, metrics };
}

function modernMetric(metric: JsonObject): JsonObject {
  const { resource, pods, object, external } = metric;
  if (isObject(resource) && isOld(resource)) return { ...metric, resource: modernResource(resource) };
  if (isObject(pods) && isOld(pods)) return { ...metric, pods: withMetricTarget(pods, pods.selector) };
  if (isObject(object) && isOld(object)) {
    return {
      ...metric,
      object: withoutUndefined({ ...withMetricTarget(object, object.selector), describedObject: object.target }),
    };
  }
  if (isObject(external) && isOld(external))
    return { ...metric, external: withMetricTarget(external, external.metricSelector) };
  return metric;
}

/** v2 sources have a `target` that says what it is; none of the old ones does. */
function isOld(source: JsonObject): boolean {
  return !isObject(source.target) || !Object.hasOwn(source.target, 'type');
}

function modernResource(source: JsonObject): JsonObject {
  return withoutUndefined({ name: source.name, target: targetOf(source) });
}

function withMetricTarget(source: JsonObject, selector: Json | undefined): JsonObject {
  return withoutUndefined({ metric: { name: source.metricName, selector }, target: targetOf(source) });
}

function targetOf(source: JsonObject): JsonObject {
  if (source.targetAverageUtilization !== undefined) {
    return { type: 'Utilization', averageUtilization: source.targetAverageUtilization };
  }
  const averageValue = source.targetAverageValue ?? source.averageValue;
  if (averageValue !== undefined) return { type: 'AverageValue', averageValue };
  return { type: 'Value', value: source.targetValue };
}
