import { expect, test } from '@jest/globals';
import { type LiveObject, readinessOf } from '../../../src/apply/index.ts';
import type { JsonObject } from '../../../src/core/index.ts';

function live(
  kind: string,
  fields: { spec?: JsonObject; status?: JsonObject; generation?: number; deleting?: boolean },
): LiveObject {
  return {
    apiVersion: 'v1',
    kind,
    metadata: {
      name: 'x',
      uid: 'u',
      resourceVersion: '1',
      generation: fields.generation ?? 2,
      ...(fields.deleting ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    ...(fields.spec ? { spec: fields.spec } : {}),
    ...(fields.status ? { status: fields.status } : {}),
  };
}

const done = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
const nodes = {
  observedGeneration: 2,
  desiredNumberScheduled: 4,
  updatedNumberScheduled: 4,
  numberReady: 4,
  numberAvailable: 4,
};

const cases: Record<string, { object: LiveObject; ready: boolean; message?: RegExp }> = {
  'a Deployment with all replicas updated and available is ready': {
    object: live('Deployment', { spec: { replicas: 2 }, status: done }),
    ready: true,
  },
  'a Deployment without replicas wants one': {
    object: live('Deployment', { spec: {}, status: { observedGeneration: 2 } }),
    ready: false,
    message: /0 of 1 replicas are updated/,
  },
  'a Deployment whose change was not seen yet is not ready, whatever its counts': {
    object: live('Deployment', { spec: { replicas: 2 }, status: { ...done, observedGeneration: 1 } }),
    ready: false,
    message: /not seen the change/,
  },
  'a Deployment with an old replica left is not ready': {
    object: live('Deployment', { spec: { replicas: 2 }, status: { ...done, replicas: 3 } }),
    ready: false,
    message: /1 old replicas are still running/,
  },
  'a Deployment scaled to zero is ready': {
    object: live('Deployment', { spec: { replicas: 0 }, status: { observedGeneration: 2 } }),
    ready: true,
  },
  'a Deployment whose pods are refused says why': {
    object: live('Deployment', {
      spec: { replicas: 1 },
      status: {
        observedGeneration: 2,
        conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota: q' }],
      },
    }),
    ready: false,
    message: /exceeded quota: q/,
  },
  'a Deployment past its progress deadline is not ready': {
    object: live('Deployment', {
      spec: { replicas: 1 },
      status: {
        observedGeneration: 2,
        updatedReplicas: 1,
        replicas: 1,
        conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }],
      },
    }),
    ready: false,
    message: /0 of 1 replicas are available/,
  },
  'a DaemonSet ready on every node is ready': { object: live('DaemonSet', { status: nodes }), ready: true },
  'a DaemonSet without any matching node is ready': {
    object: live('DaemonSet', { status: { observedGeneration: 2, desiredNumberScheduled: 0, numberReady: 0 } }),
    ready: true,
  },
  'a DaemonSet without status is not ready yet': { object: live('DaemonSet', { status: {} }), ready: false },
  'a DaemonSet with a node to update is not ready': {
    object: live('DaemonSet', { status: { ...nodes, updatedNumberScheduled: 3 } }),
    ready: false,
    message: /3 of 4 nodes are updated/,
  },
  'a DaemonSet that updates on delete does not wait for updates': {
    object: live('DaemonSet', {
      spec: { updateStrategy: { type: 'OnDelete' } },
      status: { ...nodes, updatedNumberScheduled: 0 },
    }),
    ready: true,
  },
  'a StatefulSet waits for its replicas': {
    object: live('StatefulSet', {
      spec: { replicas: 2 },
      status: { observedGeneration: 2, readyReplicas: 1, updatedReplicas: 2 },
    }),
    ready: false,
    message: /1 of 2 replicas are ready/,
  },
  'a StatefulSet below its partition is ready': {
    object: live('StatefulSet', {
      spec: { replicas: 2, updateStrategy: { rollingUpdate: { partition: 1 } } },
      status: { observedGeneration: 2, readyReplicas: 2, updatedReplicas: 1 },
    }),
    ready: true,
  },
  'an established CRD is ready': {
    object: live('CustomResourceDefinition', { status: { conditions: [{ type: 'Established', status: 'True' }] } }),
    ready: true,
  },
  'a new CRD is not': {
    object: live('CustomResourceDefinition', { status: {} }),
    ready: false,
    message: /does not serve it yet/,
  },
  'a CRD whose names are taken says so': {
    object: live('CustomResourceDefinition', {
      status: { conditions: [{ type: 'NamesAccepted', status: 'False', message: '"gateways" is already in use' }] },
    }),
    ready: false,
    message: /already in use/,
  },
  'anything on its way out is not ready': {
    object: live('ConfigMap', { deleting: true }),
    ready: false,
    message: /being deleted/,
  },
  'a ConfigMap is ready once it exists': { object: live('ConfigMap', {}), ready: true },
};

test.each(Object.entries(cases))('%s', (_name, { object, ready, message }) => {
  const readiness = readinessOf(object);
  expect(readiness.ready).toBe(ready);
  if (message !== undefined) expect(readiness.message).toMatch(message);
});
