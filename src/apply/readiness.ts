import { isObject, type Json, type JsonObject, valueAt } from '../core/index.ts';
import type { LiveObject } from './cluster.ts';

/** Whether an object does its work, and if not, why. `desired` and `ready` count replicas or nodes of workloads. */
export interface Readiness {
  readonly ready: boolean;
  /** Why it is not ready, in a word (`Progressing`, `QuotaExceeded`). */
  readonly reason?: string;
  readonly message?: string;
  readonly desired?: number;
  readonly readyCount?: number;
}

/** Kinds whose health is observed; every other object is ready once it is applied. */
export const HEALTH_KINDS: ReadonlySet<string> = new Set([
  'Deployment',
  'DaemonSet',
  'StatefulSet',
  'CustomResourceDefinition',
  'Namespace',
]);

/**
 * The readiness of one object, by kstatus' rules; a DaemonSet without any matching node is ready.
 * @see {@link https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md}
 */
export function readinessOf(object: LiveObject): Readiness {
  if (object.metadata.deletionTimestamp !== undefined) return notReady('Terminating', 'is being deleted');
  switch (object.kind) {
    case 'Deployment':
      return deploymentReadiness(object);
    case 'DaemonSet':
      return daemonSetReadiness(object);
    case 'StatefulSet':
      return statefulSetReadiness(object);
    case 'CustomResourceDefinition':
      return crdReadiness(object);
    case 'Namespace':
      return valueAt(asJson(object.status), 'phase') === 'Terminating'
        ? notReady('Terminating', 'namespace is being deleted')
        : { ready: true };
    default:
      return { ready: true };
  }
}

function deploymentReadiness(object: LiveObject): Readiness {
  const status = asJson(object.status);
  const desired = count(valueAt(asJson(object.spec), 'replicas'), 1);
  const readyCount = count(status?.readyReplicas);
  const counts = { desired, readyCount };
  if (isStale(object)) return { ...notReady('Progressing', 'the controller has not seen the change yet'), ...counts };
  const updated = count(status?.updatedReplicas);
  const available = count(status?.availableReplicas);
  const total = count(status?.replicas);
  if (updated >= desired && total <= updated && available >= desired && readyCount >= desired)
    return { ready: true, ...counts };
  const failure = conditionMessage(status, 'ReplicaFailure', 'True');
  if (failure !== undefined) return { ready: false, reason: 'ReplicaFailure', message: failure, ...counts };
  if (conditionReason(status, 'Progressing') === 'ProgressDeadlineExceeded') {
    return { ...notReady('ProgressDeadlineExceeded', `${available} of ${desired} replicas are available`), ...counts };
  }
  const message =
    updated < desired
      ? `${updated} of ${desired} replicas are updated`
      : total > updated
        ? `${total - updated} old replicas are still running`
        : `${available} of ${desired} replicas are available`;
  return { ...notReady('Progressing', message), ...counts };
}

function daemonSetReadiness(object: LiveObject): Readiness {
  const status = asJson(object.status);
  const desired = count(status?.desiredNumberScheduled);
  const readyCount = count(status?.numberReady);
  const counts = { desired, readyCount };
  if (isStale(object) || status?.desiredNumberScheduled === undefined) {
    return { ...notReady('Progressing', 'the controller has not seen the change yet'), ...counts };
  }
  const onDelete = valueAt(asJson(object.spec), 'updateStrategy', 'type') === 'OnDelete';
  const updated = onDelete ? desired : count(status.updatedNumberScheduled);
  const available = count(status.numberAvailable);
  if (updated >= desired && available >= desired && readyCount >= desired) return { ready: true, ...counts };
  const what =
    updated < desired ? `${updated} of ${desired} nodes are updated` : `${available} of ${desired} nodes are ready`;
  return { ...notReady('Progressing', what), ...counts };
}

function statefulSetReadiness(object: LiveObject): Readiness {
  const status = asJson(object.status);
  const desired = count(valueAt(asJson(object.spec), 'replicas'), 1);
  const readyCount = count(status?.readyReplicas);
  const counts = { desired, readyCount };
  if (isStale(object)) return { ...notReady('Progressing', 'the controller has not seen the change yet'), ...counts };
  const onDelete = valueAt(asJson(object.spec), 'updateStrategy', 'type') === 'OnDelete';
  const partition = count(valueAt(asJson(object.spec), 'updateStrategy', 'rollingUpdate', 'partition'));
  const updated = count(status?.updatedReplicas);
  if (readyCount < desired)
    return { ...notReady('Progressing', `${readyCount} of ${desired} replicas are ready`), ...counts };
  if (!onDelete && updated < desired - partition) {
    return { ...notReady('Progressing', `${updated} of ${desired - partition} replicas are updated`), ...counts };
  }
  return { ready: true, ...counts };
}

function crdReadiness(object: LiveObject): Readiness {
  const status = asJson(object.status);
  if (condition(status, 'Established')?.status === 'True') return { ready: true };
  const names = condition(status, 'NamesAccepted');
  if (names?.status === 'False') return notReady('NamesNotAccepted', String(names.message ?? 'its names are taken'));
  return notReady('NotEstablished', 'the API server does not serve it yet');
}

function notReady(reason: string, message: string): Readiness {
  return { ready: false, reason, message };
}

function isStale(object: LiveObject): boolean {
  const observed = asJson(object.status)?.observedGeneration;
  return typeof observed !== 'number' || observed < (object.metadata.generation ?? 0);
}

function condition(status: JsonObject | undefined, type: string): JsonObject | undefined {
  const conditions = status?.conditions;
  if (!Array.isArray(conditions)) return undefined;
  return conditions.filter(isObject).find((entry) => entry.type === type);
}

function conditionReason(status: JsonObject | undefined, type: string): Json | undefined {
  return condition(status, type)?.reason;
}

function conditionMessage(status: JsonObject | undefined, type: string, state: string): string | undefined {
  const found = condition(status, type);
  return found?.status === state ? String(found.message ?? found.reason ?? '') : undefined;
}

function asJson(value: Json | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

function count(value: Json | undefined, absent = 0): number {
  return typeof value === 'number' ? value : absent;
}
