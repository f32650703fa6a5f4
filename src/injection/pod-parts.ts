import { isObject, type Json, type JsonObject } from '../core/index.ts';

/** The container of the proxy, whatever template it comes from. */
export const PROXY = 'istio-proxy';

/** A field that is a map; an empty one where there is none. */
export function mapAt(object: JsonObject, field: string): JsonObject {
  const value = Object.hasOwn(object, field) ? object[field] : undefined;
  return isObject(value) ? value : {};
}

/** A field that is a list of maps; an empty one where there is none. */
export function listAt(object: JsonObject, field: string): readonly JsonObject[] {
  const value = Object.hasOwn(object, field) ? object[field] : undefined;
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A field that is text; undefined where it is anything else. */
export function textAt(object: JsonObject, field: string): string | undefined {
  const value = Object.hasOwn(object, field) ? object[field] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The annotations of a pod, or of what a template makes of one. */
export function annotationsOf(pod: JsonObject): JsonObject {
  return mapAt(mapAt(pod, 'metadata'), 'annotations');
}

/** The labels of a pod. */
export function labelsOf(pod: JsonObject): JsonObject {
  return mapAt(mapAt(pod, 'metadata'), 'labels');
}

/** The containers of a pod, of either kind. */
export function containersOf(pod: JsonObject, kind: 'containers' | 'initContainers'): readonly JsonObject[] {
  return listAt(mapAt(pod, 'spec'), kind);
}

/** A container by its name. */
export function named(containers: readonly JsonObject[], name: string): JsonObject | undefined {
  return containers.find((container) => container.name === name);
}

/** The container of the proxy: among the others, or as a sidecar of Kubernetes' own kind among the init containers. */
export function proxyOf(pod: JsonObject): JsonObject | undefined {
  return named(containersOf(pod, 'containers'), PROXY) ?? named(containersOf(pod, 'initContainers'), PROXY);
}

/** A pod with another field in its spec. */
export function withSpec(pod: JsonObject, change: JsonObject): JsonObject {
  return { ...pod, spec: { ...mapAt(pod, 'spec'), ...change } };
}

/** A pod with other annotations. */
export function withAnnotations(pod: JsonObject, annotations: JsonObject): JsonObject {
  return { ...pod, metadata: { ...mapAt(pod, 'metadata'), annotations } };
}

/** A pod whose containers are what `change` makes of them. */
export function mapContainers(pod: JsonObject, change: (container: JsonObject) => JsonObject): JsonObject {
  return withSpec(pod, {
    containers: containersOf(pod, 'containers').map(change),
    initContainers: containersOf(pod, 'initContainers').map(change),
  });
}

/** A pod whose proxy is what `change` makes of it. */
export function withProxy(pod: JsonObject, change: (proxy: JsonObject) => JsonObject): JsonObject {
  const proxy = proxyOf(pod);
  return proxy === undefined
    ? pod
    : mapContainers(pod, (container) => (container === proxy ? change(proxy) : container));
}

/** A container with a further variable. */
export function withVariable(container: JsonObject, name: string, value: string): JsonObject {
  const env: readonly Json[] = listAt(container, 'env');
  return { ...container, env: [...env, { name, value }] };
}

/** Go's way of reading a truth value from text; undefined for any other text. */
export function parseBool(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  return ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text) ? false : undefined;
}
