import { idKey, idOf, isAbort, type KubernetesObject, OperatorError, type Scope, valueAt } from '../core/index.ts';
import type { Cluster, LiveObject, ResourceKind } from './cluster.ts';
import type { DigestedManifest } from './digested-manifest.ts';
import { setsReplicas } from './handover.ts';
import type { LiveStore } from './live-store.ts';

/** Tells whether an autoscaler decides how many replicas a Deployment has, ours or somebody else's. */
export type IsAutoscaled = (deployment: KubernetesObject) => Promise<boolean>;

/** Every autoscaler is one of these: KEDA makes them, too. */
const AUTOSCALER: ResourceKind = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' };

/** How soon replicas are looked at again that are left to an autoscaler: those of others are not watched. */
const LOOK_AGAIN_MS = 300_000;

/**
 * Asks the cluster for its autoscalers, once for each namespace.
 * @param leaving - the `idKey`s of those that are about to be removed; they decide nothing any more.
 */
export function autoscaledIn(cluster: Cluster, scope: Scope, leaving: ReadonlySet<string> = new Set()): IsAutoscaled {
  const lists = new Map<string, Promise<readonly LiveObject[]>>();
  return async ({ kind, metadata: { name, namespace = '' } }) => {
    const list = lists.get(namespace) ?? cluster.list(AUTOSCALER, { namespace }, scope);
    lists.set(namespace, list);
    return (await list).some((autoscaler) => {
      const target = valueAt(autoscaler.spec, 'scaleTargetRef');
      const isMeant = valueAt(target, 'kind') === kind && valueAt(target, 'name') === name;
      return isMeant && !leaving.has(idKey(idOf(autoscaler)));
    });
  };
}

/** Deployments whose replicas the manifest sets, and somebody else has set instead. */
export interface TakenReplicas {
  /** The `idKey`s of those that no autoscaler looks after, or no longer. */
  readonly abandoned: ReadonlySet<string>;
  /** When to look again at those that are left to an autoscaler; undefined where there is none. */
  readonly lookAgainMs?: number;
}

/** Finds out who looks after replicas that are not ours. Where all are, or are not asked for, it asks nobody. */
export async function findTakenReplicas(
  { components }: DigestedManifest,
  live: LiveStore,
  cluster: Cluster,
  scope: Scope,
): Promise<TakenReplicas> {
  const isAutoscaled = autoscaledIn(cluster, scope);
  const taken = components
    .flatMap(({ objects }) => objects)
    .filter((wanted) => live.get(wanted.id)?.hasForeignReplicas === true && setsReplicas(wanted));
  try {
    const scaled = await Promise.all(taken.map(({ object }) => isAutoscaled(object)));
    const abandoned = new Set(taken.filter((_wanted, index) => scaled[index] === false).map(({ id }) => idKey(id)));
    return { abandoned, ...(scaled.includes(true) ? { lookAgainMs: LOOK_AGAIN_MS } : {}) };
  } catch (error) {
    if (isAbort(error, scope.signal) || !(error instanceof OperatorError)) throw error;
    // not to know it holds up nothing else; an apply of the Deployment says in the status why it is not known
    scope.log.warn({ code: error.detail.code }, 'autoscalers not seen');
    return { abandoned: new Set(), lookAgainMs: LOOK_AGAIN_MS };
  }
}
