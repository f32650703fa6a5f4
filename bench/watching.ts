import type { Cluster, LiveObject, ResourceKind, Selection } from '../src/apply/index.ts';
import { isObject, type Scope, silentLogger } from '../src/core/index.ts';

/** Longer than anything that is measured. */
const TIMEOUT_MS = 120_000;

/**
 * Watches a kind until `isDone` says yes of what is there.
 * @param isDone - given all objects of the selection, by namespace and name.
 * @returns the time of that, as `performance.now`.
 */
export async function until(
  cluster: Cluster,
  [kind, selection]: readonly [ResourceKind, Selection],
  isDone: (objects: ReadonlyMap<string, LiveObject>) => boolean,
  signal: AbortSignal,
): Promise<number> {
  const done = new AbortController();
  const scope: Scope = {
    signal: AbortSignal.any([signal, done.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    log: silentLogger,
  };
  const objects = new Map<string, LiveObject>();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const look = () => {
    if (isDone(objects)) resolve(performance.now());
  };
  const watch = cluster.watch(
    kind,
    selection,
    {
      onSync: (all) => {
        for (const object of all) objects.set(keyOf(object), object);
        look();
      },
      onEvent: (type, object) => {
        if (type === 'DELETED') objects.delete(keyOf(object));
        else objects.set(keyOf(object), object);
        look();
      },
    },
    scope,
  );
  scope.signal.addEventListener('abort', () => reject(scope.signal.reason), { once: true });
  try {
    return await promise;
  } finally {
    done.abort();
    await watch;
  }
}

function keyOf({ metadata }: LiveObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

/** True when the CR's status is about its current generation and HEALTHY. @throws with the message of an ERROR. */
export function isHealthy(resource: LiveObject | undefined): boolean {
  const status = resource?.status;
  if (!isObject(status) || status.observedGeneration !== resource?.metadata.generation) return false;
  if (status.status === 'ERROR') throw new Error(String(status.message));
  return status.status === 'HEALTHY';
}
