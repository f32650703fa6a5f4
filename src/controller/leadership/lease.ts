import { FIELD_MANAGER, type LiveObject, type ObjectRef } from '../../apply/index.ts';
import { isObject, type JsonObject, type KubernetesObject } from '../../core/index.ts';

/** What a Lease says about its holder. */
export interface LeaseRecord {
  /** Empty when it is free. */
  readonly holder: string;
  readonly durationMs: number;
  readonly transitions: number;
  readonly acquireTime?: string;
}

/** Options of every write to a Lease: it goes before whatever waits for a connection. */
export const LEASE_WRITE = { fieldManager: FIELD_MANAGER, priority: 'high' } as const;

/** The Lease as the API names it. */
export function leaseRef(namespace: string, name: string): ObjectRef {
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace, name };
}

/** Reads a Lease. One that does not say for how long it is held is taken to be free. */
export function readLease(lease: LiveObject): LeaseRecord {
  const spec = isObject(lease.spec) ? lease.spec : {};
  const { holderIdentity, leaseDurationSeconds, leaseTransitions, acquireTime } = spec;
  return {
    holder: typeof holderIdentity === 'string' ? holderIdentity : '',
    durationMs: typeof leaseDurationSeconds === 'number' ? leaseDurationSeconds * 1_000 : 0,
    transitions: typeof leaseTransitions === 'number' ? leaseTransitions : 0,
    ...(typeof acquireTime === 'string' ? { acquireTime } : {}),
  };
}

/** The spec of a Lease that `identity` takes or renews. */
export function heldSpec(
  before: LeaseRecord | undefined,
  { identity, durationMs, now }: { readonly identity: string; readonly durationMs: number; readonly now: Date },
): JsonObject {
  const isRenewal = before?.holder === identity;
  return {
    holderIdentity: identity,
    leaseDurationSeconds: Math.ceil(durationMs / 1_000),
    acquireTime: isRenewal && before.acquireTime !== undefined ? before.acquireTime : microTime(now),
    renewTime: microTime(now),
    leaseTransitions: (before?.transitions ?? 0) + (before === undefined || isRenewal ? 0 : 1),
  };
}

/** The spec of a Lease that nobody holds: the next one takes it at once. */
export function freeSpec(before: LeaseRecord, now: Date): JsonObject {
  return {
    holderIdentity: '',
    leaseDurationSeconds: 1,
    acquireTime: before.acquireTime ?? microTime(now),
    renewTime: microTime(now),
    leaseTransitions: before.transitions,
  };
}

/** A Lease that does not exist yet. */
export function newLease(
  { apiVersion, kind, namespace, name }: ObjectRef,
  spec: JsonObject,
): KubernetesObject & { readonly spec: JsonObject } {
  return { apiVersion, kind, metadata: { namespace, name }, spec };
}

/** Kubernetes' MicroTime, which wants exactly six digits after the point. */
function microTime(time: Date): string {
  return time.toISOString().replace('Z', '000Z');
}
