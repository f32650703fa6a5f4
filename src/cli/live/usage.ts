import {
  type Cluster,
  type Inventory,
  REFERENCE_SOURCES,
  type RevisionReference,
  type RevisionUsers,
  usersOf,
} from '../../apply/index.ts';
import { idKey, type Scope } from '../../core/index.ts';

/** Who uses a revision or a tag. */
export interface RevisionUse {
  /** The revision or tag, as labels name it; `default` for plain injection. */
  readonly revision: string;
  readonly namespaces: readonly string[];
  /** Running pods that are connected to it: with a sidecar, or gateways. */
  readonly pods: number;
}

/** What namespaces and pods use, by the revision or tag that they name. */
export async function findUse(cluster: Cluster, scope: Scope): Promise<readonly RevisionUse[]> {
  const references = (await findReferences(cluster, scope)).filter(({ kind }) => kind !== 'Tag');
  const groups = Map.groupBy(references, ({ asksFor }) => asksFor);
  return [...groups.keys()].sort().map((revision) => ({
    revision,
    namespaces: namesOf('Namespace', groups.get(revision)),
    pods: namesOf('Pod', groups.get(revision)).length,
  }));
}

/** Who uses a revision, by its name or by a tag; what goes away together with these objects does not count. */
export async function findUsers(
  revision: string,
  inventory: Inventory,
  cluster: Cluster,
  scope: Scope,
): Promise<RevisionUsers> {
  const references = await findReferences(cluster, scope);
  return usersOf(revision, references, ({ partOf }) => partOf !== undefined && inventory.has(idKey(partOf)));
}

/** Everything that refers to a revision now. */
async function findReferences(cluster: Cluster, scope: Scope): Promise<readonly RevisionReference[]> {
  const found = await Promise.all(
    REFERENCE_SOURCES.map(async ({ kind, selection, read }) =>
      (await cluster.list(kind, selection, scope)).map(read).filter((reference) => reference !== undefined),
    ),
  );
  return found.flat();
}

/** Each once: a pod may have been found by more than one of its labels. */
function namesOf(kind: RevisionReference['kind'], references: readonly RevisionReference[] = []): readonly string[] {
  return [...new Set(references.filter((each) => each.kind === kind).map(({ name }) => name))].sort();
}
