import type { LiveObject } from '../apply/index.ts';
import { isObject, type Json, OperatorError } from '../core/index.ts';
import { type Call, describeCall } from './call.ts';

/**
 * An object as the server sent it. Items of lists come without kind and apiVersion, and metadata-only ones with those of
 * PartialObjectMetadata; both get the kind that was asked for. Everything else stays as it is.
 */
export function readObject(call: Call, value: Json | undefined): LiveObject {
  const metadata = isObject(value) ? value.metadata : undefined;
  if (!isObject(value) || !isObject(metadata)) throw unreadable(call);
  if (typeof metadata.name !== 'string') throw unreadable(call);
  const { kind, apiVersion } = call.kind ?? { kind: value.kind, apiVersion: value.apiVersion };
  const resourceVersion = metadata.resourceVersion ?? ''; // the dry run of a creation has none
  return { ...value, apiVersion, kind, metadata: { ...metadata, resourceVersion } } as unknown as LiveObject;
}

/** The error for an answer that is JSON but not what a Kubernetes API server sends. */
export function unreadable(call: Call): OperatorError {
  return new OperatorError(`Cannot ${describeCall(call)}: the answer is not what a Kubernetes API server sends.`, {
    code: 'ApiError',
  });
}
