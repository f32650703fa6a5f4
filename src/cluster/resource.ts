import type { ObjectRef, ResourceKind } from '../apply/index.ts';
import { OperatorError } from '../core/index.ts';

/** Where the server has the objects of a kind. */
export interface Resource extends ResourceKind {
  /** `deployments` */
  readonly plural: string;
  readonly namespaced: boolean;
}

/** The path of a group and version: `/api/v1`, `/apis/apps/v1`. */
export function groupVersionPath(apiVersion: string): string {
  const parts = apiVersion.split('/').map(encodeURIComponent);
  return parts.length === 1 ? `/api/${parts[0]}` : `/apis/${parts.join('/')}`;
}

/** The path of all objects of a kind, or of those in one namespace. */
export function collectionPath(resource: Resource, namespace: string): string {
  const scope = resource.namespaced && namespace !== '' ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${groupVersionPath(resource.apiVersion)}${scope}/${resource.plural}`;
}

/** The path of one object, or of its status. */
export function objectPath(resource: Resource, ref: ObjectRef, subresource?: 'status'): string {
  const path = `${collectionPath(resource, namespaceOf(resource, ref))}/${encodeURIComponent(ref.name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

/**
 * The namespace of an object whose kind needs one. It is never guessed: what the author forgot must not land in `default`.
 * @throws {OperatorError} `ObjectRejected` when it is missing.
 */
export function namespaceOf(resource: Resource, ref: ObjectRef): string {
  if (resource.namespaced && ref.namespace === '') {
    throw new OperatorError(`${ref.kind} ${ref.name} has no namespace, and objects of this kind need one.`, {
      code: 'ObjectRejected',
      hint: 'Set metadata.namespace.',
    });
  }
  return resource.namespaced ? ref.namespace : '';
}

/** A query string with its question mark; parameters without a value are left out. */
export function query(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') search.set(key, String(value));
  }
  return search.size === 0 ? '' : `?${search}`;
}
