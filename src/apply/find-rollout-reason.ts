import { isAbort, isObject, OperatorError, type Scope, valueAt } from '../core/index.ts';
import type { Cluster, LiveObject, ObjectRef, Selection } from './cluster.ts';
import { selectorText } from './label-selector.ts';
import { diagnoseRollout, rolloutReason } from './rollout-reason.ts';

/** A few pods tell why; a DaemonSet may have thousands. */
const PODS = 20;

/**
 * Looks once at a workload, at some of its pods and, where these do not say enough, at what Kubernetes warned about.
 * @returns why it is not ready, in plain words; undefined when that is not to be seen, or nobody may look.
 */
export async function findRolloutReason(ref: ObjectRef, cluster: Cluster, scope: Scope): Promise<string | undefined> {
  try {
    const workload = await cluster.get(ref, scope);
    if (workload === undefined) return undefined;
    const pods = await podsOf(workload, cluster, scope);
    const { askEventsOf: uid } = diagnoseRollout(workload, pods);
    if (uid === undefined) return rolloutReason(workload, pods);
    const fieldSelector = `involvedObject.uid=${uid},type=Warning`;
    const events = await cluster.list(EVENT, { namespace: ref.namespace, fieldSelector, limit: PODS }, scope);
    return rolloutReason(workload, pods, events);
  } catch (error) {
    if (isAbort(error, scope.signal) || !(error instanceof OperatorError)) throw error;
    scope.log.debug({ object: `${ref.kind}/${ref.namespace}/${ref.name}`, code: error.detail.code }, 'pods not seen');
    return undefined;
  }
}

const POD = { apiVersion: 'v1', kind: 'Pod' };

const EVENT = { apiVersion: 'v1', kind: 'Event' };

/** Those that do not run yet come first: among a thousand nodes the one that makes trouble would else not be seen. */
async function podsOf(workload: LiveObject, cluster: Cluster, scope: Scope): Promise<readonly LiveObject[]> {
  const labelSelector = selectorText(valueAt(isObject(workload.spec) ? workload.spec : {}, 'selector'));
  if (labelSelector === '') return [];
  const selection: Selection = { namespace: workload.metadata.namespace ?? '', labelSelector, limit: PODS };
  const pending = await cluster.list(POD, { ...selection, fieldSelector: 'status.phase=Pending' }, scope);
  return pending.length > 0 ? pending : await cluster.list(POD, selection, scope);
}
