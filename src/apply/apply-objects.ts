import type { PruneMode } from '../api/index.ts';
import {
  type Clock,
  formatId,
  type Issue,
  idKey,
  isAbort,
  issuesOf,
  type KubernetesObject,
  type ObjectId,
  OperatorError,
  pause,
  type Scope,
} from '../core/index.ts';
import { autoscaledIn } from './autoscalers.ts';
import { checkSkew } from './check-skew.ts';
import type { Cluster, LiveObject } from './cluster.ts';
import { mapConcurrently } from './concurrency.ts';
import { type FightDetector, isContested, noteRepair, standBack } from './fight-detector.ts';
import { FIELD_MANAGER } from './fingerprint.ts';
import { HANDOVER_MANAGER, hasHandover, replicasOnly, replicasToHold, withoutTakenFields } from './handover.ts';
import { wasApplied } from './inventory.ts';
import type { PlannedObject } from './plan.ts';
import { HEALTH_KINDS } from './readiness.ts';
import { stepOf } from './waves.ts';

/** What was done with an object; `deleted`: it has to be made anew, as soon as its name is free. */
export type Action = 'created' | 'configured' | 'unchanged' | 'deleted' | 'failed' | 'skipped';

/** What happened to one object. `live` is the object after it, `error` why it failed. */
export interface Applied {
  readonly planned: PlannedObject;
  readonly action: Action;
  readonly live?: LiveObject;
  readonly error?: OperatorError;
}

/** What applying needs to know besides the cluster. */
export interface ApplyDeps {
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** Remembers what was repaired lately, so that a fight with another writer is noticed. */
  readonly fights: FightDetector;
  /** Namespaces known to exist; grows as they are found or created. */
  readonly namespaces: Set<string>;
  /** Called with every object that a write returned, before the next one is sent. */
  readonly onApplied: (live: LiveObject, planned: PlannedObject) => void;
}

/** Settings of one application. */
export interface ApplySettings {
  /** Take over objects that somebody else manages (annotation `install.istio.io/adopt`). */
  readonly adopt: boolean;
  /** What happens to what is left over (annotation `install.istio.io/prune`). Default: `auto`. */
  readonly pruneMode?: PruneMode;
  /** The hash of the list of left-over objects that may go (annotation `install.istio.io/confirm-prune`). */
  readonly confirmPrune?: string | undefined;
  /** What may be made anew, as `Kind/namespace/name`, where a change cannot be made in place. Default: nothing. */
  readonly recreate?: ReadonlySet<string>;
  /** Labels of a namespace that has to be created. */
  readonly namespaceLabels: Readonly<Record<string, string>>;
}

/** Requests that one component sends at the same time; the client bounds what is really under way. */
const CONCURRENCY = 16;

/**
 * Sends the objects of one component that have a cause, step by step (`stepOf`). A failed object does not stop those of
 * its own step; the steps after it are skipped, because they would only fail for the same reason.
 * @returns what happened to each object with a cause, in the order they were sent. It rejects only when aborted.
 */
export async function applyComponent(
  objects: readonly PlannedObject[],
  settings: ApplySettings,
  deps: ApplyDeps,
  scope: Scope,
): Promise<readonly Applied[]> {
  const pending = objects.filter((planned) => planned.cause !== undefined);
  const steps = Map.groupBy(pending, (planned) => stepOf(planned.object.kind));
  const results: Applied[] = [];
  for (const step of [...steps.keys()].sort((a, b) => a - b)) {
    const group = steps.get(step) ?? [];
    const failed = results.some(isInTheWay);
    results.push(
      ...(failed
        ? group.map((planned): Applied => ({ planned, action: 'skipped' }))
        : await mapConcurrently(group, CONCURRENCY, (planned) => applyOne(planned, settings, deps, scope))),
    );
  }
  return results;
}

/** True for a failure that what comes after has to wait for; who fights over an object may do so for ever. */
export function isInTheWay({ action, error }: Applied): boolean {
  return action === 'deleted' || (action === 'failed' && !(error !== undefined && isContested(error.detail.code)));
}

async function applyOne(
  planned: PlannedObject,
  settings: ApplySettings,
  deps: ApplyDeps,
  scope: Scope,
): Promise<Applied> {
  try {
    await standBack(planned, deps, scope);
    await checkSkew(planned, deps.cluster, scope);
    await ensureNamespace(planned.id, settings, deps, scope);
    const live = await sendWhenRoleIsKnown(planned, settings, deps, scope);
    deps.onApplied(live, planned);
    noteRepair(planned, deps.fights);
    const action = actionOf(planned, live);
    scope.log.info({ object: idKey(planned.id), action, cause: planned.cause }, 'object applied');
    return { planned, action, live };
  } catch (error) {
    if (isAbort(error, scope.signal) || !(error instanceof OperatorError)) throw error;
    deps.namespaces.delete(planned.id.namespace); // it may be what went away; the next attempt looks again
    scope.log.warn({ object: idKey(planned.id), code: error.detail.code, cause: planned.cause }, 'object not applied');
    return { planned, action: 'failed', error };
  }
}

/** How often and how far apart a binding is tried whose role the API server does not see yet. */
const ROLE_ATTEMPTS = 10;
const ROLE_PAUSE_MS = 50;

/**
 * Sends an object. To judge whether we may grant a role, the API server looks it up in a cache of its own, which can be
 * some milliseconds behind the role that we have just created; it then says that the role, not the binding, is not found.
 */
async function sendWhenRoleIsKnown(
  planned: PlannedObject,
  settings: ApplySettings,
  { cluster, clock }: ApplyDeps,
  scope: Scope,
): Promise<LiveObject> {
  const attempts = planned.object.kind.endsWith('RoleBinding') ? ROLE_ATTEMPTS : 1;
  for (let attempt = 1; ; attempt++) {
    try {
      return await send(planned, settings, cluster, scope);
    } catch (error) {
      const isNotFound = error instanceof OperatorError && error.detail.code === 'NotFound';
      if (!isNotFound || attempt >= attempts) throw error;
      await pause(ROLE_PAUSE_MS, clock, scope);
    }
  }
}

function actionOf(planned: PlannedObject, live: LiveObject): Action {
  if (planned.live?.uid !== live.metadata.uid) return 'created';
  return planned.live.resourceVersion === live.metadata.resourceVersion ? 'unchanged' : 'configured';
}

/**
 * What is ours is applied with force. What we have not seen before is tried without: if that works, nobody else had a
 * say in these fields; if another manager has, only an earlier Istio operator's objects, or those that the user told us
 * to adopt, are taken over.
 */
async function send(
  planned: PlannedObject,
  settings: ApplySettings,
  cluster: Cluster,
  scope: Scope,
): Promise<LiveObject> {
  const isRecorded = planned.entry !== undefined && wasApplied(planned.entry);
  const ours = isRecorded || planned.live !== undefined || settings.adopt;
  if (ours) return await applyOurs(planned, cluster, scope);
  try {
    return await cluster.apply(planned.object, { ...answeredAs(planned.object), force: false }, scope);
  } catch (error) {
    if (!(error instanceof OperatorError) || error.detail.code !== 'FieldConflict') throw error;
    if (await isFromIstioOperator(planned, cluster, scope)) return await applyOurs(planned, cluster, scope);
    throw foreignObject(planned.id, error);
  }
}

/**
 * Whoever reads health needs the whole object; of all others the metadata says enough, and they may be big. A CRD that has
 * just been written is not served yet, whatever the answer says: the watch tells.
 */
function answeredAs({ kind }: KubernetesObject): { readonly fieldManager: string; readonly metadataOnly: boolean } {
  const metadataOnly = kind === 'CustomResourceDefinition' || !HEALTH_KINDS.has(kind);
  return { fieldManager: FIELD_MANAGER, metadataOnly };
}

/** Applies with force, but leaves to others what they have taken over, and holds what goes over to them; see handover. */
async function applyOurs(planned: PlannedObject, cluster: Cluster, scope: Scope): Promise<LiveObject> {
  const { id, object } = planned;
  const options = { ...answeredAs(object), force: true };
  const live = hasHandover(planned) ? await cluster.get({ ...id, apiVersion: object.apiVersion }, scope) : undefined;
  if (live === undefined) return await cluster.apply(object, options, scope);
  const replicas = replicasToHold(object, live);
  if (replicas !== undefined) {
    await cluster.apply(replicasOnly(object, replicas), { fieldManager: HANDOVER_MANAGER, force: true }, scope);
  }
  const sent = await withoutTakenFields(planned, live, autoscaledIn(cluster, scope));
  return await cluster.apply(sent, options, scope);
}

async function isFromIstioOperator({ id, object }: PlannedObject, cluster: Cluster, scope: Scope): Promise<boolean> {
  const live = await cluster.get({ ...id, apiVersion: object.apiVersion }, scope);
  return live?.metadata.labels?.['operator.istio.io/component'] !== undefined;
}

function foreignObject(id: ObjectId, cause: OperatorError): OperatorError {
  return new OperatorError(
    `${formatId(id)} exists and belongs to somebody else: ${cause.message}`,
    {
      code: 'ActionRequired',
      hint: 'Remove it, or set the annotation install.istio.io/adopt: "true" on the IstioOperator to take it over.',
      objects: [id],
    },
    cause,
  );
}

/** Namespaced objects need their namespace; one that is missing is created, an existing one is never changed. */
async function ensureNamespace(id: ObjectId, settings: ApplySettings, deps: ApplyDeps, scope: Scope): Promise<void> {
  const { namespace: name } = id;
  if (name === '' || deps.namespaces.has(name)) return;
  const found = await deps.cluster.get({ apiVersion: 'v1', kind: 'Namespace', namespace: '', name }, scope);
  if (found === undefined) {
    const namespace: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: settings.namespaceLabels },
    };
    await deps.cluster.create(namespace, { fieldManager: FIELD_MANAGER }, scope).catch(unlessExists);
    scope.log.info({ object: `/Namespace//${name}`, action: 'created' }, 'namespace created');
  }
  deps.namespaces.add(name);
}

/** Two objects may find the namespace missing at the same time; the second one to create it is content. */
function unlessExists(error: unknown): void {
  if (!(error instanceof OperatorError) || error.detail.code !== 'AlreadyExists') throw error;
}

/** The failures in one list, each with the object it concerns. */
export function failuresOf(results: readonly Applied[]): readonly Issue[] {
  return results.flatMap(({ planned, error }) =>
    error === undefined
      ? []
      : issuesOf(error).map((issue) => ({ ...issue, message: withObject(planned.id, issue.message) })),
  );
}

function withObject(id: ObjectId, message: string): string {
  const name = formatId(id);
  return message.includes(id.name) && message.includes(id.kind) ? message : `${name}: ${message}`;
}
