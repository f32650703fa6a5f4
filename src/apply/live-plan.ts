import { ANNOTATIONS, LABELS } from '../api/index.ts';
import {
  asJson,
  type ComponentName,
  idKey,
  type JsonObject,
  type KubernetesObject,
  type ObjectId,
  OperatorError,
  type Scope,
  withValueAt,
} from '../core/index.ts';
import { holdBack } from './adoption.ts';
import type { ApplySettings } from './apply-objects.ts';
import { autoscaledIn, type IsAutoscaled } from './autoscalers.ts';
import { type ClaimedBy, labelledOwner } from './claims.ts';
import type { Cluster, LiveObject } from './cluster.ts';
import { mapConcurrently } from './concurrency.ts';
import type { DigestedManifest, DigestedObject } from './digested-manifest.ts';
import { FIELD_MANAGER } from './fingerprint.ts';
import { replicasToHold, withoutTakenFields } from './handover.ts';
import { type Inventory, type InventoryEntry, leftOver } from './inventory.ts';
import { diffObjects, type FieldChange, withoutServerFields } from './object-diff.ts';
import { isKept } from './prune.ts';

/**
 * What an installation would do to an object. `blocked`: the API server refuses it, or it belongs to somebody else;
 * `note` says why.
 */
export type PlannedAction = 'create' | 'change' | 'delete' | 'unchanged' | 'blocked';

/** One object of the plan. */
export interface PlanRow {
  readonly id: ObjectId;
  readonly component: ComponentName;
  readonly action: PlannedAction;
  readonly changes: readonly FieldChange[];
  readonly note?: string;
  /** The object now, where there is one. */
  readonly live?: LiveObject;
}

/** What a plan is made for. */
export interface PlanJob extends Pick<ApplySettings, 'pruneMode' | 'confirmPrune' | 'recreate'> {
  readonly manifest: DigestedManifest;
  readonly inventory: Inventory;
  readonly claimedBy: ClaimedBy;
  /** Objects of others are taken over. */
  readonly adopt: boolean;
}

/** Objects that are looked at together. */
const CONCURRENCY = 8;

/**
 * Compares a manifest with the live objects, field by field, by letting the API server try it: what it would store is
 * compared with what it has, so that defaults, other managers' fields and admission are as they will be. Changes nothing.
 */
export async function planLive(job: PlanJob, cluster: Cluster, scope: Scope): Promise<readonly PlanRow[]> {
  const wanted = job.manifest.components.flatMap(({ component, objects }) =>
    objects.map((object) => ({ ...object, component })),
  );
  const keys = new Set(wanted.map(({ id }) => idKey(id)));
  const removable = leftOver(job.inventory, keys).filter((entry) => !isKept(entry, job));
  const present = await mapConcurrently(removable, CONCURRENCY, (entry) => isStillOurs(entry, cluster, scope));
  const deleted = deletions(
    removable.filter((_entry, index) => present[index]),
    job,
  );
  const leaving = new Set(deleted.filter(({ note }) => note === undefined).map(({ id }) => idKey(id)));
  const isAutoscaled = autoscaledIn(cluster, scope, leaving);
  const rows = await mapConcurrently(wanted, CONCURRENCY, async ({ component, ...object }) => ({
    id: object.id,
    component,
    ...(await planObject(object, { ...job, cluster, isAutoscaled }, scope)),
  }));
  return [...rows, ...deleted];
}

function deletions(left: readonly InventoryEntry[], job: PlanJob): readonly PlanRow[] {
  const { free, held } = holdBack(left, job);
  const note = `once ${ANNOTATIONS.confirmPrune}: "${held?.hash}" confirms it`;
  return left
    .filter((entry) => free.includes(entry) || held?.entries.includes(entry))
    .map((entry) => ({
      ...rowOf(entry),
      action: 'delete',
      changes: [],
      ...(free.includes(entry) ? {} : { note }),
    }));
}

/** False for what is gone, what somebody wants left alone, and another object of the same name. */
async function isStillOurs(entry: InventoryEntry, cluster: Cluster, scope: Scope): Promise<boolean> {
  const live = await cluster.get(entry, scope);
  if (live === undefined || isIgnored(live)) return false;
  return entry.uid === undefined || entry.uid === live.metadata.uid;
}

function isIgnored({ metadata }: LiveObject): boolean {
  return metadata.annotations?.[ANNOTATIONS.ignore] === 'true';
}

function rowOf({ group, kind, namespace, name, component }: ObjectId & { component: ComponentName }) {
  return { id: { group, kind, namespace, name }, component };
}

async function planObject(
  wanted: DigestedObject,
  job: Omit<PlanJob, 'manifest'> & { readonly cluster: Cluster; readonly isAutoscaled: IsAutoscaled },
  scope: Scope,
): Promise<Omit<PlanRow, 'id' | 'component'>> {
  const { object, id } = wanted;
  const { cluster, adopt, claimedBy, inventory } = job;
  const { name, namespace = '' } = object.metadata;
  const live = await cluster.get({ apiVersion: object.apiVersion, kind: object.kind, namespace, name }, scope);
  if (live === undefined) return { action: 'create', changes: [] };
  const isOthers = claimedBy(id).some(({ owner }) => owner === labelledOwner(live.metadata.labels));
  if (isOthers || isIgnored(live)) return { action: 'unchanged', changes: [], live };
  const isKnown = inventory.get(idKey(id))?.uid === live.metadata.uid;
  const isOurs = isKnown || live.metadata.labels?.[LABELS.component] !== undefined || adopt;
  const options = { fieldManager: FIELD_MANAGER, force: isOurs, dryRun: true };
  try {
    const after = await cluster.apply(await asItWillBeSent(wanted, live, job.isAutoscaled), options, scope);
    const changes = diffObjects(withoutServerFields(jsonOf(live)), withoutServerFields(jsonOf(after)));
    return { action: changes.length === 0 ? 'unchanged' : 'change', changes: masked(object.kind, changes), live };
  } catch (error) {
    if (!(error instanceof OperatorError) || !REFUSALS.has(error.detail.code)) throw error;
    return { ...refused(error, id, job), changes: [], live };
  }
}

/** A refusal stands in the way, unless it is one that the author of the resource has seen coming. */
function refused(
  { message, detail: { code } }: OperatorError,
  { kind, namespace, name }: ObjectId,
  { recreate }: Pick<PlanJob, 'recreate'>,
): Pick<PlanRow, 'action' | 'note'> {
  if (code === 'ImmutableField' && recreate?.has(`${kind}/${namespace}/${name}`) === true) {
    return { action: 'change', note: `is made anew: ${message}` };
  }
  return { action: 'blocked', note: code === 'FieldConflict' ? `belongs to somebody else: ${message}` : message };
}

/** What is wrong with one object and says nothing about the others. */
const REFUSALS: ReadonlySet<string> = new Set(['FieldConflict', 'ObjectRejected', 'ImmutableField', 'KindNotServed']);

/** Without what others have taken over, and with the replicas that are handed over at their live value. */
async function asItWillBeSent(
  wanted: DigestedObject,
  live: LiveObject,
  isAutoscaled: IsAutoscaled,
): Promise<KubernetesObject> {
  const replicas = replicasToHold(wanted.object, live);
  const sent = await withoutTakenFields(wanted, live, isAutoscaled);
  if (replicas === undefined) return sent;
  return withValueAt(asJson(sent), ['spec', 'replicas'], replicas) as unknown as KubernetesObject;
}

function jsonOf(live: LiveObject): JsonObject {
  return live as unknown as JsonObject;
}

/** Nobody wants a Secret's content in a log. */
function masked(kind: string, changes: readonly FieldChange[]): readonly FieldChange[] {
  if (kind !== 'Secret') return changes;
  return changes.map((change) => {
    if (!/^(data|stringData)\b/.test(change.path)) return change;
    const { path, before, after } = change;
    return {
      path,
      ...(before === undefined ? {} : { before: '(hidden)' }),
      ...(after === undefined ? {} : { after: '(hidden, changed)' }),
    };
  });
}
