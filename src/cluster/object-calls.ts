import type { ApplyOptions, DeleteOptions, ObjectRef, PatchOptions } from '../apply/index.ts';
import { asJson, groupOf, isObject, type JsonObject, type KubernetesObject } from '../core/index.ts';
import type { Call } from './call.ts';
import { acceptHeader } from './list.ts';
import type { RequestVerb } from './request-metrics.ts';
import { collectionPath, namespaceOf, objectPath, query, type Resource } from './resource.ts';
import type { WireRequest } from './transport.ts';

/** Options of create and replace. */
export interface WriteOptions {
  readonly fieldManager: string;
  readonly priority?: 'high';
}

/** Reads one object. */
export function getCall(resource: Resource, ref: ObjectRef): Call {
  return objectCall('get', resource, ref, jsonRequest('GET', objectPath(resource, ref)));
}

/** Server-side apply. The media type says YAML, of which JSON is a part. */
export function applyCall(resource: Resource, object: KubernetesObject, options: ApplyOptions): Call {
  const ref = refOf(object);
  const parameters = query({
    fieldManager: options.fieldManager,
    force: options.force,
    dryRun: options.dryRun === true ? 'All' : undefined,
  });
  const path = `${objectPath(resource, ref, options.subresource)}${parameters}`;
  const body = applyBody(asJson(object));
  const { headers, ...request } = jsonRequest('PATCH', path, body, 'application/apply-patch+yaml');
  const accepting = { ...request, headers: { ...headers, accept: acceptHeader(options, 'object') } };
  return objectCall('apply', resource, ref, accepting, options.priority);
}

/** Creates an object. */
export function createCall(resource: Resource, object: KubernetesObject, options: WriteOptions): Call {
  const ref = refOf(object);
  const path = `${collectionPath(resource, namespaceOf(resource, ref))}${query({ fieldManager: options.fieldManager })}`;
  return objectCall('create', resource, ref, jsonRequest('POST', path, asJson(object)), options.priority);
}

/** Replaces a whole object. */
export function replaceCall(resource: Resource, object: KubernetesObject, options: WriteOptions): Call {
  const ref = refOf(object);
  const path = `${objectPath(resource, ref)}${query({ fieldManager: options.fieldManager })}`;
  return objectCall('update', resource, ref, jsonRequest('PUT', path, asJson(object)), options.priority);
}

/** JSON merge patch; strategic merge is not used, because custom resources refuse it. */
export function patchCall(resource: Resource, ref: ObjectRef, patch: JsonObject, options: PatchOptions): Call {
  const path = `${objectPath(resource, ref, options.subresource)}${query({ fieldManager: options.fieldManager })}`;
  const request = jsonRequest('PATCH', path, patch, 'application/merge-patch+json');
  return objectCall('patch', resource, ref, request, options.priority);
}

/** Deletes an object, in the background unless the options say otherwise. */
export function deleteCall(resource: Resource, ref: ObjectRef, options: DeleteOptions): Call {
  const body = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: options.propagation ?? 'Background',
    ...(options.dryRun === true ? { dryRun: ['All'] } : {}),
    preconditions: { uid: options.uid, resourceVersion: options.resourceVersion },
  };
  return objectCall('delete', resource, ref, jsonRequest('DELETE', objectPath(resource, ref), body));
}

/** What an object is, for paths and messages. */
export function refOf({ apiVersion, kind, metadata }: KubernetesObject): ObjectRef {
  return { apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name };
}

/**
 * The server refuses an apply that carries managedFields, and one that carries a resourceVersion as soon as anybody has written
 * the object since, be it a status.
 */
function applyBody(object: JsonObject): JsonObject {
  const { metadata } = object;
  const { managedFields: _owners, resourceVersion: _version, ...rest } = isObject(metadata) ? metadata : {};
  return { ...object, metadata: rest };
}

function objectCall(
  verb: RequestVerb,
  resource: Resource,
  ref: ObjectRef,
  request: WireRequest,
  priority?: 'high',
): Call {
  const { apiVersion, kind, namespace, name } = ref;
  return {
    verb,
    resource: resource.plural,
    kind: { apiVersion, kind },
    object: { group: groupOf(apiVersion), kind, namespace: resource.namespaced ? namespace : '', name },
    request,
    ...(priority === undefined ? {} : { priority }),
  };
}

function jsonRequest(
  method: WireRequest['method'],
  path: string,
  body?: JsonObject,
  contentType = 'application/json',
): WireRequest {
  const headers = { accept: 'application/json' };
  if (body === undefined) return { method, path, headers };
  return { method, path, headers: { ...headers, 'content-type': contentType }, body: JSON.stringify(body) };
}
