import { LABELS } from '../api/index.ts';
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
import { type ClaimedBy, labelledOwner } from './claims.ts';
import type { Cluster, LiveObject } from './cluster.ts';
import { mapConcurrently } from './concurrency.ts';
import type { DigestedManifest } from './digested-manifest.ts';
import { FIELD_MANAGER } from './fingerprint.ts';
import { replicasToHold, withoutTakenFields } from './handover.ts';
import { type Inventory, leftOver } from './inventory.ts';
import { diffObjects, type FieldChange, withoutServerFields } from './object-diff.ts';

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
export interface PlanJob {
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
    objects.map(({ object, id }) => ({ component, object, id })),
  );
  const rows = await mapConcurrently(wanted, CONCURRENCY, async ({ component, object, id }) => ({
    id,
    component,
    ...(await planObject({ object, id }, { ...job, cluster }, scope)),
  }));
  const keys = new Set(wanted.map(({ id }) => idKey(id)));
  const gone = leftOver(job.inventory, keys).filter((entry) => job.claimedBy(entry).length === 0);
  return [...rows, ...gone.map((entry): PlanRow => ({ ...rowOf(entry), action: 'delete', changes: [] }))];
}

function rowOf({ group, kind, namespace, name, component }: ObjectId & { component: ComponentName }) {
  return { id: { group, kind, namespace, name }, component };
}

async function planObject(
  { object, id }: { readonly object: KubernetesObject; readonly id: ObjectId },
  { cluster, adopt, claimedBy }: Pick<PlanJob, 'adopt' | 'claimedBy'> & { readonly cluster: Cluster },
  scope: Scope,
): Promise<Omit<PlanRow, 'id' | 'component'>> {
  const { name, namespace = '' } = object.metadata;
  const live = await cluster.get({ apiVersion: object.apiVersion, kind: object.kind, namespace, name }, scope);
  if (live === undefined) return { action: 'create', changes: [] };
  if (claimedBy(id).some(({ owner }) => owner === labelledOwner(live.metadata.labels)))
    return { action: 'unchanged', changes: [], live };
  const isOurs = live.metadata.labels?.[LABELS.component] !== undefined || adopt;
  const options = { fieldManager: FIELD_MANAGER, force: isOurs, dryRun: true };
  try {
    const after = await cluster.apply(asItWillBeSent(object, live), options, scope);
    const changes = diffObjects(withoutServerFields(jsonOf(live)), withoutServerFields(jsonOf(after)));
    return { action: changes.length === 0 ? 'unchanged' : 'change', changes: masked(object.kind, changes), live };
  } catch (error) {
    if (!(error instanceof OperatorError) || !REFUSALS.has(error.detail.code)) throw error;
    const whose = error.detail.code === 'FieldConflict' ? 'belongs to somebody else: ' : '';
    return { action: 'blocked', changes: [], note: `${whose}${error.message}`, live };
  }
}

/** What is wrong with one object and says nothing about the others. */
const REFUSALS: ReadonlySet<string> = new Set(['FieldConflict', 'ObjectRejected', 'KindNotServed']);

/** Without what others have taken over, and with the replicas that are handed over at their live value. */
function asItWillBeSent(object: KubernetesObject, live: LiveObject): KubernetesObject {
  const replicas = replicasToHold(object, live);
  if (replicas === undefined) return withoutTakenFields(object, live);
  return withValueAt(asJson(object), ['spec', 'replicas'], replicas) as unknown as KubernetesObject;
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
