import type { LiveObject, ManagedFields } from '../../../src/apply/index.ts';
import type { JsonObject, KubernetesObject } from '../../../src/core/index.ts';

/** A rendered object with defaults. */
export function aConfigMap(name = 'istio', data: Record<string, string> = { mesh: 'a' }): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'istio-system' },
    data,
  } as KubernetesObject;
}

/** Any rendered object. */
export function anObject(kind: string, name: string, apiVersion = 'v1'): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace: 'istio-system' } };
}

/** The live object that applying a rendered one gives. */
export function liveOf(
  object: KubernetesObject,
  over: Partial<LiveObject['metadata']> & { status?: JsonObject } = {},
): LiveObject {
  const { status, ...metadata } = over;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      uid: `uid-${object.metadata.name}`,
      resourceVersion: '1',
      managedFields: [owned({ 'f:data': { 'f:mesh': {} } })],
      ...metadata,
    },
    ...(status === undefined ? {} : { status }),
  } as LiveObject;
}

/** What our manager owns. */
export function owned(fieldsV1: JsonObject): ManagedFields {
  return { manager: 'istio-operator', operation: 'Apply', fieldsV1 };
}
