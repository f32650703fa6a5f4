import type { LiveObject } from '../../src/apply/index.ts';
import { type Json, type JsonObject, valueAt } from '../../src/core/index.ts';

/** The status that controllers write when all went well; undefined for kinds without one. */
export function finishedRollout(object: LiveObject): JsonObject | undefined {
  const observedGeneration = object.metadata.generation ?? 1;
  const wanted = valueAt(object.spec, 'replicas');
  const replicas = typeof wanted === 'number' ? wanted : 1;
  switch (object.kind) {
    case 'Deployment':
    case 'StatefulSet':
      return {
        observedGeneration,
        replicas,
        readyReplicas: replicas,
        updatedReplicas: replicas,
        availableReplicas: replicas,
        conditions: object.kind === 'Deployment' ? [condition('Available'), condition('Progressing')] : [],
      };
    case 'DaemonSet':
      return {
        observedGeneration,
        desiredNumberScheduled: 1,
        currentNumberScheduled: 1,
        updatedNumberScheduled: 1,
        numberAvailable: 1,
        numberReady: 1,
        numberMisscheduled: 0,
      };
    case 'CustomResourceDefinition':
      return { conditions: [condition('NamesAccepted'), condition('Established')] };
    default:
      return undefined;
  }
}

function condition(type: string): Json {
  return { type, status: 'True', reason: 'Done', message: '' };
}
