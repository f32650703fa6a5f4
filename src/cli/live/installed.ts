import { LABELS, RESOURCE_KIND } from '../../api/index.ts';
import {
  Claims,
  type Cluster,
  INSTALLED_KINDS,
  type Inventory,
  type InventoryEntry,
  type LiveObject,
  mapConcurrently,
  type ResourceKind,
  readInventory,
} from '../../apply/index.ts';
import {
  COMPONENT_NAMES,
  idKey,
  idOf,
  isObject,
  type Json,
  type JsonObject,
  type Scope,
  valueAt,
} from '../../core/index.ts';
import type { Owner } from '../../render/index.ts';

/** Kinds that overlays and add-ons can bring besides what components install. */
const EXTRA_KINDS: readonly ResourceKind[] = [
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'v1', kind: 'Secret' },
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
];

/** Kinds that are looked at together; each is one request. */
const CONCURRENCY = 8;

/** The metadata of everything that carries the labels of a selector, CRDs aside. */
export async function findLabelled(
  labelSelector: string,
  cluster: Cluster,
  scope: Scope,
): Promise<readonly LiveObject[]> {
  const kinds = [...INSTALLED_KINDS, ...EXTRA_KINDS];
  const selection = { labelSelector, metadataOnly: true };
  const lists = await mapConcurrently(kinds, CONCURRENCY, (kind) => cluster.list(kind, selection, scope));
  return lists.flat();
}

/** Selects what was installed for an owner. */
export function ownedBy({ name, namespace }: Owner): string {
  return `${LABELS.component},${LABELS.owner}=${name},${LABELS.ownerNamespace}=${namespace}`;
}

/**
 * Found objects as an inventory; what carries no component of ours is left out.
 * @param withUnpruned - also what an installation never prunes, such as the webhooks of tags; it goes with `uninstall`.
 */
export function inventoryOf(objects: readonly LiveObject[], withUnpruned = false): Inventory {
  const entries = objects.flatMap((object): readonly InventoryEntry[] => {
    const labels = object.metadata.labels ?? {};
    const component = COMPONENT_NAMES.find((known) => known === labels[LABELS.component]);
    if (component === undefined || isDerived(object)) return [];
    if (labels[LABELS.notPruned] === 'true' && !withUnpruned) return [];
    return [{ ...idOf(object), apiVersion: object.apiVersion, component, uid: object.metadata.uid }];
  });
  return new Map(entries.map((entry) => [idKey(entry), entry]));
}

/** True for what a controller made from an installed object, labels and all: EndpointSlices of a Service. */
function isDerived({ metadata }: LiveObject): boolean {
  const owners = valueAt(metadata as unknown as JsonObject, 'ownerReferences');
  return Array.isArray(owners) && owners.some((owner: Json) => isObject(owner) && owner.controller === true);
}

/** The IstioOperators of the cluster; none where their CRD is not installed. */
export async function listResources(cluster: Cluster, scope: Scope): Promise<readonly LiveObject[]> {
  return await cluster.list(RESOURCE_KIND, {}, scope);
}

/** Which of these IstioOperators hold which objects. */
export function claimsOf(resources: readonly LiveObject[]): Claims {
  const claims = new Claims();
  for (const resource of resources) {
    const { namespace = '', name } = resource.metadata;
    claims.update(`${namespace}/${name}`, inventoryIn(resource));
  }
  return claims;
}

/** The inventory in the status of an IstioOperator. */
export function inventoryIn({ status }: LiveObject): Inventory {
  return readInventory(isObject(status) ? valueAt(status, 'inventory') : undefined);
}
