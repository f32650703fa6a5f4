import type { JsonObject } from './json.ts';

/** Metadata as far as rendered objects carry it. `name` is always set. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** A Kubernetes object as it is rendered and applied. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** What identifies an object across API versions. `group` is '' for core, `namespace` is '' for cluster-scoped ones. */
export interface ObjectId {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** The API group of an apiVersion: `apps` of `apps/v1`, '' of `v1`. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The identity of an object. */
export function idOf(object: KubernetesObject): ObjectId {
  const { name, namespace } = object.metadata;
  return { group: groupOf(object.apiVersion), kind: object.kind, namespace: namespace ?? '', name };
}

/** One text per identity, for maps and sets. */
export function idKey(id: ObjectId): string {
  return `${id.group}/${id.kind}/${id.namespace}/${id.name}`;
}

/** An identity as people read it: `Deployment istio-system/istiod`, `ClusterRole istiod`. */
export function formatId(id: ObjectId): string {
  return id.namespace === '' ? `${id.kind} ${id.name}` : `${id.kind} ${id.namespace}/${id.name}`;
}

/** The object as plain JSON, for code that walks fields. */
export function asJson(object: KubernetesObject): JsonObject {
  return object as unknown as JsonObject;
}
