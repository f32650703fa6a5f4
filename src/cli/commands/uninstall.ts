import { LABELS, RESOURCE_KIND } from '../../api/index.ts';
import {
  type ClaimedBy,
  type Claims,
  type Cluster,
  deletionOrder,
  type Inventory,
  type InventoryEntry,
  type LiveObject,
  LiveStore,
  labelledOwner,
  type PruneDeps,
  prune,
  type ResourceKind,
} from '../../apply/index.ts';
import { isUsed, usersText } from '../../controller/index.ts';
import {
  formatId,
  type Issue,
  idKey,
  idOf,
  type ObjectId,
  OperatorError,
  pause,
  type Scope,
  systemClock,
  throwIssues,
} from '../../core/index.ts';
import { operatedNotice } from '../input/prepare.ts';
import { type InputFlags, readWanted } from '../input/wanted.ts';
import { clusterName, withCluster } from '../live/cluster-session.ts';
import type { ConnectionFlags } from '../live/connection.ts';
import { findControlPlanes } from '../live/control-planes.ts';
import { claimsOf, findLabelled, inventoryIn, inventoryOf, listResources, ownedBy } from '../live/installed.ts';
import { findUsers } from '../live/usage.ts';
import { confirm } from '../terminal/confirm.ts';
import { EXIT_FAILED, EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { say, warn } from '../terminal/messages.ts';

/** Options of `iop uninstall`. */
export interface UninstallFlags extends ConnectionFlags, InputFlags {
  readonly purge?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly quiet?: boolean;
  readonly output: 'text' | 'json';
}

/** What goes, in the order in which it goes. */
interface Removal {
  readonly entries: readonly InventoryEntry[];
  /** CRDs and IstioOperators; only with `--purge`. */
  readonly crds: readonly LiveObject[];
  readonly resources: readonly LiveObject[];
  /** What an operator would bring back. */
  readonly operated: readonly LiveObject[];
  /** What IstioOperators that stay hold of it; that stays, too. */
  readonly claims: Claims;
  /** What to know before agreeing. */
  readonly warnings: readonly string[];
}

const CRD: ResourceKind = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };

/** How long finalizers may keep what is being deleted, and how often it is looked at. */
const DELETION_MS = 60_000;
const POLL_MS = 500;

/** `iop uninstall`: lists what would go, asks, and removes it. CRDs go with `--purge` only, namespaces never. */
export async function uninstall(flags: UninstallFlags, io: Io): Promise<number> {
  checkSelection(flags);
  return await withCluster(flags, io, async (cluster, scope) => {
    const removal = await findRemoval(flags, cluster, io, scope);
    const names = [...removal.resources, ...removal.crds].map((object) => formatId(idOf(object)));
    const all = [...removal.entries.map(formatId), ...names];
    await list(all, removal, flags, io);
    if (all.length === 0) await say(await nothingText(flags, cluster, scope), io);
    if (all.length === 0 || flags.dryRun === true) return EXIT_OK;
    const question = `This removes ${all.length} objects from ${clusterName(cluster)}. Go ahead?`;
    if (!(await confirm(question, flags.yes === true, io))) {
      await io.stderr.write('Nothing was removed.\n');
      return EXIT_FAILED;
    }
    await remove(removal, cluster, scope);
    if (flags.quiet !== true) await io.stderr.write(`Removed ${all.length} objects. Namespaces stay.\n`);
    return EXIT_OK;
  });
}

/** Which objects go must be beyond doubt: neither nothing in particular, nor everything and yet only a part of it. */
function checkSelection({ purge, revision, filename, set }: UninstallFlags): void {
  const isPart = revision !== undefined || filename.length > 0 || set.length > 0;
  if (purge === true && isPart) {
    throw new OperatorError('--purge removes every revision.', {
      code: 'Usage',
      hint: 'Leave out --revision, --filename and --set, or leave out --purge.',
    });
  }
  if (purge === true || isPart) return;
  throw new OperatorError('Say what is to be removed.', {
    code: 'Usage',
    hint: 'Use --revision NAME (default for the one without a name), -f FILE, or --purge for everything.',
  });
}

/** A mistyped revision must not look like one that is gone. */
async function nothingText({ revision }: UninstallFlags, cluster: Cluster, scope: Scope): Promise<string> {
  if (revision === undefined) return 'There is nothing to remove.';
  const nothing = `There is nothing of the revision "${revision}" to remove.`;
  const known = (await findControlPlanes(cluster, scope)).map((plane) => plane.revision);
  return known.length === 0 ? nothing : `${nothing} The cluster has: ${known.join(', ')}.`;
}

async function findRemoval(flags: UninstallFlags, cluster: Cluster, io: Io, scope: Scope): Promise<Removal> {
  const everything = await listResources(cluster, scope);
  if (flags.purge === true) {
    const found = inventoryOf(await findLabelled(LABELS.component, cluster, scope), true);
    const inventory = new Map([...everything.flatMap((resource) => [...inventoryIn(resource)]), ...found]);
    const crds = await cluster.list(CRD, { labelSelector: LABELS.component, metadataOnly: true }, scope);
    const claims = claimsOf([]);
    return { entries: ordered(inventory), crds, resources: everything, operated: [], claims, warnings: [] };
  }
  if (flags.filename.length > 0 || flags.set.length > 0) {
    const { owner } = await readWanted(flags, await cluster.facts(scope), io);
    const own = everything.filter(
      ({ metadata }) => metadata.name === owner.name && metadata.namespace === owner.namespace,
    );
    return unshared(await findLabelled(ownedBy(owner), cluster, scope), own, everything);
  }
  const labels = `${LABELS.component},${LABELS.component}!=Base,${LABELS.revision}=${flags.revision ?? 'default'}`;
  const found = await findLabelled(labels, cluster, scope);
  const owners = new Set(found.map(({ metadata }) => labelledOwner(metadata.labels ?? {})));
  const operated = everything.filter(({ metadata }) => owners.has(`${metadata.namespace ?? ''}/${metadata.name}`));
  const removal = unshared(found, operated, everything);
  return {
    ...removal,
    warnings: await useWarnings(flags.revision ?? 'default', inventoryOf(found, true), cluster, scope),
  };
}

async function useWarnings(
  revision: string,
  inventory: Inventory,
  cluster: Cluster,
  scope: Scope,
): Promise<readonly string[]> {
  const users = await findUsers(revision, inventory, cluster, scope);
  return isUsed({ users }) ? [`The revision "${revision}" is still used by ${usersText(users)}.`] : [];
}

/** Without what IstioOperators hold that are not concerned. */
function unshared(
  found: readonly LiveObject[],
  operated: readonly LiveObject[],
  everything: readonly LiveObject[],
): Removal {
  const claims = claimsOf(everything.filter((resource) => !operated.includes(resource)));
  const entries = ordered(inventoryOf(found, true)).filter((entry) => claims.holders(entry).length === 0);
  return { entries, crds: [], resources: [], operated, claims, warnings: [] };
}

function ordered(inventory: Inventory): readonly InventoryEntry[] {
  const kept = new Set(['CustomResourceDefinition', 'Namespace']);
  return deletionOrder([...inventory.values()].filter(({ kind, uid }) => !kept.has(kind) && uid !== undefined));
}

async function list(names: readonly string[], removal: Removal, flags: UninstallFlags, io: Io): Promise<void> {
  await warn([...removal.operated.map(operatedNotice), ...removal.warnings.map((message) => ({ message }))], io);
  if (flags.purge === true && removal.crds.length > 0) {
    const message = 'With the CRDs go all VirtualServices, Gateways, policies and the rest of Istio’s configuration.';
    await warn([{ message }], io);
  }
  if (flags.output === 'json') await io.stdout.write(`${JSON.stringify({ remove: names }, null, 2)}\n`);
  else if (flags.quiet !== true || flags.dryRun === true)
    await io.stdout.write(names.map((name) => `- ${name}\n`).join(''));
}

async function remove(removal: Removal, cluster: Cluster, scope: Scope): Promise<void> {
  for (const resource of removal.resources) await cluster.delete({ ...refOf(resource), ...RESOURCE_KIND }, {}, scope);
  const claimedBy: ClaimedBy = (id) => removal.claims.holders(id);
  await removeEntries(removal.entries, { cluster, claimedBy }, scope);
  for (const resource of removal.resources) await letGo(resource, cluster, scope);
  await removeCrds(removal.crds, cluster, scope);
}

/** A CRD is gone only when its objects are; they go with it. */
async function removeCrds(crds: readonly LiveObject[], cluster: Cluster, scope: Scope): Promise<void> {
  const deadlineMs = systemClock.monotonicMs() + DELETION_MS;
  for (let remaining = crds; ; ) {
    const outcomes = await Promise.all(
      remaining.map((crd) => cluster.delete({ ...refOf(crd), ...CRD }, { uid: crd.metadata.uid }, scope)),
    );
    remaining = remaining.filter((_crd, index) => outcomes[index] === 'deleting');
    if (remaining.length === 0) return;
    if (systemClock.monotonicMs() > deadlineMs) throwIssues([stuck(remaining.map((crd) => idOf(crd)))]);
    await pause(POLL_MS, systemClock, scope);
  }
}

/** Deletes and waits until everything is gone, so that an installation that follows finds free names. */
async function removeEntries(
  entries: readonly InventoryEntry[],
  deps: Pick<PruneDeps, 'cluster' | 'claimedBy'>,
  scope: Scope,
): Promise<void> {
  let remaining: Inventory = new Map(entries.map((entry) => [idKey(entry), entry]));
  const deadlineMs = systemClock.monotonicMs() + DELETION_MS;
  // nothing is known of single objects that would keep them: whoever uninstalls means all that was listed
  const all: PruneDeps = { ...deps, isOurs: () => true, live: new LiveStore() };
  for (;;) {
    const pruned = await prune(deletionOrder([...remaining.values()]), remaining, all, scope);
    throwIssues(pruned.issues);
    remaining = pruned.inventory;
    if (remaining.size === 0) return;
    if (systemClock.monotonicMs() > deadlineMs) throwIssues([stuck([...remaining.values()])]);
    await pause(POLL_MS, systemClock, scope);
  }
}

function stuck(entries: readonly ObjectId[]): Issue {
  return {
    code: 'DeletionBlocked',
    message: `Still being deleted: ${entries.map(formatId).join(', ')}.`,
    hint: 'A finalizer or a running pod keeps them; look at metadata.finalizers.',
  };
}

/** A deleted IstioOperator goes at once: what its finalizer waits for is gone already. */
async function letGo(resource: LiveObject, cluster: Cluster, scope: Scope): Promise<void> {
  const ref = { ...refOf(resource), ...RESOURCE_KIND };
  const live = await cluster.get(ref, scope);
  if (live?.metadata.uid !== resource.metadata.uid || (live.metadata.finalizers ?? []).length === 0) return;
  const patch = { metadata: { finalizers: null, resourceVersion: live.metadata.resourceVersion } };
  await cluster.patch(ref, patch, { fieldManager: 'iop' }, scope).catch((error: unknown) => {
    if (!(error instanceof OperatorError) || !['NotFound', 'WriteConflict'].includes(error.detail.code)) throw error;
  });
}

function refOf({ metadata }: LiveObject): { readonly name: string; readonly namespace: string } {
  return { name: metadata.name, namespace: metadata.namespace ?? '' };
}
