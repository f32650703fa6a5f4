import { ANNOTATIONS, heldVersion } from '../../api/index.ts';
import {
  type ClaimedBy,
  type Cluster,
  conflictsOf,
  type DigestedManifest,
  digestManifest,
  type Inventory,
  type LiveObject,
} from '../../apply/index.ts';
import { type Issue, type Notice, type Scope, throwIssues } from '../../core/index.ts';
import { claimsOf, findLabelled, inventoryIn, inventoryOf, listResources, ownedBy } from '../live/installed.ts';
import type { Io } from '../terminal/io.ts';
import { warn } from '../terminal/messages.ts';
import { type InputFlags, readWanted, type Wanted } from './wanted.ts';

/** What flags ask for, next to what the cluster has of it. */
export interface Prepared extends Wanted {
  readonly manifest: DigestedManifest;
  /** What is installed for the same owner. */
  readonly inventory: Inventory;
  /** The IstioOperators that hold an object besides this owner. */
  readonly claimedBy: ClaimedBy;
  /** The IstioOperator of this name that an operator may be looking after. */
  readonly operated: LiveObject | undefined;
  /** Why the mesh is to stay as it is. */
  readonly held: Issue | undefined;
}

/**
 * Renders for a cluster and finds what an earlier installation left in it. Warnings go to stderr.
 * @throws {OperatorError} what is wrong with the input, or `Conflict` where an IstioOperator holds the same objects.
 */
export async function prepare(flags: InputFlags, cluster: Cluster, io: Io, scope: Scope): Promise<Prepared> {
  return await prepareWanted(await readWanted(flags, await cluster.facts(scope), io), cluster, io, scope);
}

/** The same for what has been read. */
export async function prepareWanted(wanted: Wanted, cluster: Cluster, io: Io, scope: Scope): Promise<Prepared> {
  const { owner, rendering, notices } = wanted;
  const manifest = digestManifest(rendering.components, rendering.ignoredFields);
  const resources = await listResources(cluster, scope);
  const key = `${owner.namespace}/${owner.name}`;
  const claimedBy = claimsOf(resources).besides(key);
  await warn(notices, io);
  throwIssues(conflictsOf(manifest, claimedBy));
  await warn(sharedNotices(manifest, claimedBy), io);
  const own = resources.find(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}` === key);
  const labelled = inventoryOf(await findLabelled(ownedBy(owner), cluster, scope));
  const recorded = [...(own === undefined ? [] : inventoryIn(own))].filter(([, { uid }]) => uid !== undefined);
  const inventory = new Map([...recorded.map(([id, entry]) => [id, forget(entry)] as const), ...labelled]);
  const operated = isLookedAfter(own) ? own : undefined;
  const held = heldVersion(wanted.operator.metadata.annotations);
  return { ...wanted, manifest, inventory, claimedBy, operated, held };
}

/** Objects that IstioOperators of the cluster install alike stay theirs; that is worth a word. */
function sharedNotices(manifest: DigestedManifest, claimedBy: ClaimedBy): readonly Notice[] {
  const ids = manifest.components.flatMap(({ objects }) => objects.map(({ id }) => id));
  const holders = Map.groupBy(
    ids.flatMap((id) => claimedBy(id).map(({ owner }) => owner)),
    (owner) => owner,
  );
  return [...holders].map(([owner, held]) => ({
    code: 'RiskySetting',
    message: `${held.length} of these ${ids.length} objects also belong to the IstioOperator ${owner}, which keeps them; they are not changed.`,
  }));
}

/** What the operator remembers of its own applies says nothing about one without it. */
function forget({ digest: _digest, ownedFields: _ownedFields, adopted: _adopted, ...entry }: InventoryValue) {
  return entry;
}

type InventoryValue = Inventory extends ReadonlyMap<string, infer Entry> ? Entry : never;

function isLookedAfter(resource: LiveObject | undefined): boolean {
  return resource !== undefined && resource.metadata.annotations?.[ANNOTATIONS.ignoreReconcile] !== 'true';
}

/** A warning that an operator may undo what is about to be done. */
export function operatedNotice({ metadata }: LiveObject): Notice {
  return {
    code: 'RiskySetting',
    message: `The cluster has the IstioOperator ${metadata.namespace}/${metadata.name}; an operator that looks after it undoes what differs from it.`,
    hint: `Change it with kubectl apply instead, or pause it with the annotation ${ANNOTATIONS.ignoreReconcile}: "true".`,
  };
}
