import { ANNOTATIONS } from '../api/index.ts';
import {
  asJson,
  type ComponentName,
  isAbort,
  isObject,
  type KubernetesObject,
  type ObjectId,
  OperatorError,
  type Scope,
  valueAt,
} from '../core/index.ts';
import type { Applied, ApplySettings } from './apply-objects.ts';
import type { Cluster, LiveObject } from './cluster.ts';
import type { Inventory, InventoryEntry } from './inventory.ts';
import { selectorText } from './label-selector.ts';
import type { PlannedObject } from './plan.ts';

/** What making a workload anew needs. */
export interface RecreateDeps {
  readonly cluster: Cluster;
  /** True for a live object that carries the labels of our CR. */
  readonly isOurs: (live: LiveObject) => boolean;
  /** Resolves when what is about to be orphaned is where a crash cannot lose it; nothing is deleted before. */
  readonly recordOrphans: (orphans: readonly InventoryEntry[]) => Promise<void>;
}

const REPLICA_SET = { apiVersion: 'apps/v1', kind: 'ReplicaSet' };

/** The objects that may be made anew, from the annotation: `Deployment/namespace/name`, several with commas. */
export function recreatableFrom(annotation: string | undefined): ReadonlySet<string> {
  return new Set((annotation ?? '').split(',').map((name) => name.trim()));
}

/**
 * Deletes the Deployments of which a field would have to change that never changes, where somebody said that they may be
 * made anew. Only the Deployment goes: its ReplicaSets are on record before, keep their pods running, and are pruned like
 * everything that is left over, when all is ready again. The next pass finds the name free and creates the new one.
 * @param results - what an application came to; those that are not about such a field come back as they are.
 */
export async function recreateRefused(
  results: readonly Applied[],
  component: ComponentName,
  settings: ApplySettings,
  deps: RecreateDeps,
  scope: Scope,
): Promise<readonly Applied[]> {
  const after: Applied[] = [];
  for (const result of results) {
    const { error } = result;
    const isRefused = error?.detail.code === 'ImmutableField';
    after.push(isRefused ? await recreate({ ...result, error }, component, settings, deps, scope) : result);
  }
  return after;
}

async function recreate(
  result: Applied & { readonly error: OperatorError },
  component: ComponentName,
  settings: ApplySettings,
  deps: RecreateDeps,
  scope: Scope,
): Promise<Applied> {
  const { id, object } = result.planned;
  const name = `${id.kind}/${id.namespace}/${id.name}`;
  if (id.kind !== 'Deployment' || settings.recreate?.has(name) !== true) return withHint(result, name);
  try {
    const ref = { ...id, apiVersion: object.apiVersion };
    const live = await deps.cluster.get(ref, scope);
    if (live === undefined || !(settings.adopt || deps.isOurs(live))) return result;
    const orphans = await replicaSetsOf(live, component, deps.cluster, scope);
    await checkRivals(live, orphans, deps.cluster, scope);
    await deps.recordOrphans(orphans);
    await deps.cluster.delete(ref, { propagation: 'Orphan', uid: live.metadata.uid }, scope);
    scope.log.info({ object: name, action: 'deleted' }, 'workload removed to be made anew, its pods stay');
    return { planned: result.planned, action: 'deleted' };
  } catch (error) {
    if (isAbort(error, scope.signal) || !(error instanceof OperatorError)) throw error;
    return { ...result, error };
  }
}

/** What to do about it: Deployments can be made anew without a gap, everything else has to be deleted by somebody. */
function withHint(result: Applied & { readonly error: OperatorError }, name: string): Applied {
  const { id } = result.planned;
  const where = id.namespace === '' ? '' : ` -n ${id.namespace}`;
  const hint =
    id.kind === 'Deployment'
      ? `To have it made anew while its pods go on running, set the annotation ${ANNOTATIONS.recreate}: "${name}" on the IstioOperator.`
      : `Take the change back, or delete the object, and it is made again: kubectl delete ${id.kind.toLowerCase()} ${id.name}${where}`;
  const { error } = result;
  return { ...result, error: new OperatorError(error.message, { ...error.detail, hint }, error) };
}

async function replicaSetsOf(
  live: LiveObject,
  component: ComponentName,
  cluster: Cluster,
  scope: Scope,
): Promise<readonly InventoryEntry[]> {
  const { uid, name: orphanOf, namespace = '' } = live.metadata;
  const labelSelector = selectorText(valueAt(live.spec, 'selector'));
  const found = await cluster.list(REPLICA_SET, { namespace, labelSelector, metadataOnly: true }, scope);
  return found
    .filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid))
    .map(({ metadata }) => {
      return { ...REPLICA_SET, group: 'apps', namespace, name: metadata.name, component, uid: metadata.uid, orphanOf };
    });
}

/**
 * Gateways that are not told apart by their labels have Deployments that match each other's pods. That is harmless as long
 * as everything has an owner, but orphans go to the first Deployment that matches them, which scales them down.
 * @throws {OperatorError} `ImmutableField` where there is such a Deployment.
 */
async function checkRivals(
  live: LiveObject,
  orphans: readonly InventoryEntry[],
  cluster: Cluster,
  scope: Scope,
): Promise<void> {
  const { apiVersion, kind, metadata } = live;
  const { namespace = '', name } = metadata;
  const all = await cluster.list({ apiVersion, kind }, { namespace }, scope);
  for (const other of all.filter((each) => each.metadata.name !== name)) {
    const labelSelector = selectorText(valueAt(other.spec, 'selector'));
    const taken = await cluster.list(REPLICA_SET, { namespace, labelSelector, metadataOnly: true }, scope);
    if (!taken.some((found) => orphans.some(({ uid }) => uid === found.metadata.uid))) continue;
    throw new OperatorError(
      `${kind} ${namespace}/${name} cannot be made anew: ${kind} ${other.metadata.name} selects its pods, too, and would take them.`,
      { code: 'ImmutableField', hint: 'Take the change back, or give the other one labels of its own first.' },
    );
  }
}

/**
 * The objects, where a Deployment that is made anew leaves its replicas to an autoscaler with the number that its
 * orphans run: else one pod would take the load of ten, until the autoscaler notices.
 */
export async function withOrphansReplicas(
  objects: readonly PlannedObject[],
  inventory: Inventory,
  cluster: Cluster,
  scope: Scope,
): Promise<readonly PlannedObject[]> {
  const orphans = [...inventory.values()].filter(({ orphanOf }) => orphanOf !== undefined);
  if (orphans.length === 0) return objects;
  return await Promise.all(
    objects.map(async (planned) => {
      const own = planned.live === undefined ? orphans.filter((orphan) => isOrphanOf(orphan, planned.id)) : [];
      return own.length === 0 ? planned : { ...planned, object: await scaled(planned.object, own, cluster, scope) };
    }),
  );
}

function isOrphanOf(orphan: InventoryEntry, { kind, namespace, name }: ObjectId): boolean {
  return kind === 'Deployment' && orphan.namespace === namespace && orphan.orphanOf === name;
}

async function scaled(
  object: KubernetesObject,
  orphans: readonly InventoryEntry[],
  cluster: Cluster,
  scope: Scope,
): Promise<KubernetesObject> {
  const { spec } = asJson(object);
  if (!isObject(spec) || spec.replicas !== undefined) return object;
  const live = await Promise.all(orphans.map((orphan) => cluster.get(orphan, scope)));
  const replicas = live.reduce((sum, found) => sum + replicasOf(found), 0);
  return replicas === 0 ? object : ({ ...object, spec: { ...spec, replicas } } as KubernetesObject);
}

function replicasOf(live: LiveObject | undefined): number {
  const replicas = isObject(live?.spec) ? live.spec.replicas : undefined;
  return typeof replicas === 'number' ? replicas : 0;
}
