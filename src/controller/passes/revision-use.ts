import { ANNOTATIONS, type Condition, LABELS, RESOURCE_KIND, readStatus } from '../../api/index.ts';
import {
  type Inventory,
  type InventoryEntry,
  type LiveObject,
  labelledOwner,
  type Observed,
  type RevisionReference,
  type RevisionUsers,
} from '../../apply/index.ts';
import {
  type Issue,
  idKey,
  isDoneWithin,
  type Notice,
  OperatorError,
  readDurationMs,
  valueAt,
} from '../../core/index.ts';
import type { Pass } from './pass.ts';

/** Who uses the control plane of a CR. */
export interface RevisionUse {
  readonly revision: string;
  readonly users: RevisionUsers;
}

/** Why a CR cannot be deleted yet. */
export interface DeletionBlock {
  readonly issue: Issue;
  readonly use: RevisionUse;
}

/** Statuses tell the time in whole seconds. */
const STATUS_PRECISION_MS = 1_000;

/** How long a deletion waits at most to see what there is. */
export const LOOK_MS = 2_000;

/** So many names say enough. */
const NAMED = 5;

/** The revision that a CR asks for; `default` where it names none. Read from any document, however wrong it is. */
export function revisionOf({ spec }: LiveObject): string {
  return String(valueAt(spec, 'revision') ?? '') || 'default';
}

/**
 * Who uses the control plane that this CR has installed; undefined where that does not matter: it has none, or it is the
 * only one and has no name, so that removing it means to remove Istio.
 * @throws {OperatorError} why it cannot be told.
 */
export async function findUse(pass: Pass): Promise<RevisionUse | undefined> {
  const { resource, installation, deps, scope } = pass;
  const { inventory } = installation;
  const revision = installedRevision(pass) ?? revisionOf(resource);
  // Also next to one that is not ready: as long as that is down, this one is needed all the more.
  const isOneOfSeveral = revision !== 'default' || otherControlPlanes(pass).length > 0;
  if (!hasControlPlane(inventory) || !isOneOfSeveral) return undefined;
  const isOwn = ({ partOf }: RevisionReference) => partOf !== undefined && inventory.has(idKey(partOf));
  const users = await deps.usersOf(revision, isOwn, scope);
  return { revision, users };
}

/** The same where it is worth knowing, but no reason to fail when it cannot be told. */
export async function lookForUsers(pass: Pass): Promise<RevisionUse | undefined> {
  try {
    return await findUse(pass);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    pass.scope.log.warn({ code: error.detail.code }, 'users of the revision not seen');
    return undefined;
  }
}

/** The revision of the istiod that is there; the spec may be nonsense by now, or ask for another one. */
function installedRevision({ installation, deps }: Pass): string | undefined {
  const plane = [...installation.inventory.values()].find(isControlPlane);
  return plane === undefined ? undefined : deps.live.get(plane)?.labels[LABELS.revision];
}

function isControlPlane({ component, kind }: InventoryEntry): boolean {
  return component === 'Pilot' && kind === 'Deployment';
}

function hasControlPlane(inventory: Inventory): boolean {
  return [...inventory.values()].some(isControlPlane);
}

/** Every istiod that somebody else installs, and that is not about to go as well. */
function otherControlPlanes({ installation, deps }: Pass): readonly Observed[] {
  const isStaying = (labels: Readonly<Record<string, string>>) =>
    deps.resources.get(labelledOwner(labels))?.metadata.deletionTimestamp === undefined;
  return [...deps.live.all()].filter(
    ({ id, labels }) =>
      id.kind === 'Deployment' &&
      labels[LABELS.component] === 'Pilot' &&
      !installation.inventory.has(idKey(id)) &&
      isStaying(labels),
  );
}

/** Why the CR cannot go yet: its control plane is in use, and nobody said that this does not matter. */
export async function whatBlocksDeletion(pass: Pass): Promise<DeletionBlock | undefined> {
  if (pass.resource.metadata.annotations?.[ANNOTATIONS.forceDelete] === 'true') return undefined;
  if (!hasControlPlane(pass.installation.inventory)) return undefined;
  await seeControlPlanes(pass);
  const use = await findUse(pass);
  if (use === undefined || !isUsed(use) || (await isNamespaceTerminating(pass))) return undefined;
  const issue: Issue = {
    code: 'DeletionBlocked',
    message: `The revision "${use.revision}" is still used by ${usersText(use.users)}.`,
    hint: `Move them to another revision and restart their pods; it is then removed by itself. To remove it now, set the annotation ${ANNOTATIONS.forceDelete}: "true".`,
  };
  return { issue, use };
}

/** @throws {OperatorError} when it cannot be told which control planes there are: that must not look like there is one. */
async function seeControlPlanes({ deps, scope }: Pass): Promise<void> {
  const seen = deps.watchKinds([{ apiVersion: 'apps/v1', kind: 'Deployment' }], scope);
  if (await isDoneWithin(LOOK_MS, seen, deps.clock)) return;
  scope.signal.throwIfAborted();
  throw new OperatorError('It is not known yet which control planes there are.', {
    code: 'ApiTimeout',
    hint: `It is tried again. To remove this one without knowing, set the annotation ${ANNOTATIONS.forceDelete}: "true".`,
  });
}

/** Its control plane goes with the namespace anyway, if it is in the same one; the namespace must not wait for us. */
async function isNamespaceTerminating({ owner, deps, scope }: Pass): Promise<boolean> {
  const ref = { apiVersion: 'v1', kind: 'Namespace', namespace: '', name: owner.namespace };
  return (await deps.cluster.get(ref, scope))?.metadata.deletionTimestamp !== undefined;
}

/** True when anybody uses it. */
export function isUsed({ users }: Pick<RevisionUse, 'users'>): boolean {
  return users.namespaces.length + users.pods.length + users.tags.length > 0;
}

/** The users in words: `2 namespaces (shop, web) and 12 pods (shop/a, …)`. */
export function usersText({ namespaces, pods, tags }: RevisionUsers): string {
  const groups = [counted(namespaces, 'namespace'), counted(pods, 'pod'), counted(tags, 'tag')];
  const texts = groups.filter((text) => text !== '');
  return texts.length === 0 ? 'nobody' : new Intl.ListFormat('en').format(texts);
}

function counted(names: readonly string[], what: string): string {
  if (names.length === 0) return '';
  const more = names.length > NAMED ? ', …' : '';
  return `${names.length} ${what}${names.length === 1 ? '' : 's'} (${names.slice(0, NAMED).join(', ')}${more})`;
}

/** What the condition `InUse` says. Whether it was ever used tells a revision that is done from one that is new. */
export function inUseState(
  use: RevisionUse,
  before: Condition | undefined,
): { readonly on: boolean; readonly reason: string; readonly message: string } {
  if (isUsed(use)) return { on: true, reason: 'Used', message: `used by ${usersText(use.users)}` };
  const wasUsed = before?.status === 'True' || before?.reason === 'NoLongerUsed';
  return wasUsed
    ? { on: false, reason: 'NoLongerUsed', message: 'nobody uses it any more' }
    : { on: false, reason: 'NotUsedYet', message: 'nobody uses it yet' };
}

/** The time after which an unused revision is to be removed, and what is wrong with the annotation that says so. */
export function removalDelay({ metadata }: LiveObject): {
  readonly delayMs?: number;
  readonly notices: readonly Notice[];
} {
  const text = metadata.annotations?.[ANNOTATIONS.removeUnusedAfter];
  if (text === undefined) return { notices: [] };
  const delayMs = readDurationMs(text);
  if (delayMs !== undefined) return { delayMs, notices: [] };
  const notice: Notice = {
    code: 'IgnoredField',
    path: `metadata.annotations["${ANNOTATIONS.removeUnusedAfter}"]`,
    message: `"${text}" is not a duration, so nothing is removed by itself.`,
    hint: 'Write it like 90s, 5m or 1h30m.',
  };
  return { notices: [notice] };
}

/**
 * Deletes the CR when it asks to go once nobody uses its control plane any more, and another one is there. One that has
 * never been used stays: it is new.
 * @returns milliseconds until it is due; undefined when it is not waiting for that.
 */
export async function removeWhenUnused(pass: Pass, use: RevisionUse | undefined): Promise<number | undefined> {
  if (use === undefined || isUsed(use)) return undefined;
  const { resource, deps, scope } = pass;
  const { delayMs } = removalDelay(resource);
  const inUse = readStatus(resource.status).conditions?.find(({ type }) => type === 'InUse');
  if (delayMs === undefined || inUse?.reason !== 'NoLongerUsed') return undefined;
  const dueMs = Date.parse(inUse.lastTransitionTime) + STATUS_PRECISION_MS + delayMs;
  const leftMs = dueMs - deps.clock.now().getTime();
  if (leftMs > 0) return leftMs;
  if (!otherControlPlanes(pass).some(({ readiness }) => readiness?.ready === true)) return undefined;
  const { uid, resourceVersion } = resource.metadata;
  scope.log.info({ action: 'deleted' }, 'revision removed that nobody uses any more');
  await deps.cluster.delete({ ...RESOURCE_KIND, ...pass.owner }, { uid, resourceVersion }, scope);
  return undefined;
}
