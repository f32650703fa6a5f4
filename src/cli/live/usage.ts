import type { Cluster, LiveObject } from '../../apply/index.ts';
import type { Scope } from '../../core/index.ts';

/** Who uses a revision or a tag. */
export interface RevisionUse {
  /** The revision or tag, as labels name it; `default` for plain injection. */
  readonly revision: string;
  readonly namespaces: readonly string[];
  /** Running pods with a sidecar of it. */
  readonly pods: number;
}

const POD = { apiVersion: 'v1', kind: 'Pod' };
const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace' };

/** Every pod that was injected carries this label. */
const INJECTED = 'security.istio.io/tlsMode';

/** What namespaces and pods use, by revision or tag, from their labels. */
export async function findUse(cluster: Cluster, scope: Scope): Promise<readonly RevisionUse[]> {
  const all = { metadataOnly: true };
  const [byLabel, byInjection, pods] = await Promise.all([
    cluster.list(NAMESPACE, { ...all, labelSelector: 'istio.io/rev' }, scope),
    cluster.list(NAMESPACE, { ...all, labelSelector: 'istio-injection=enabled' }, scope),
    cluster.list(POD, { ...all, labelSelector: INJECTED }, scope),
  ]);
  const namespaces = [...byLabel.map((each) => used(each, 'label')), ...byInjection.map((each) => used(each, 'plain'))];
  const users = Map.groupBy(namespaces, ({ revision }) => revision);
  const podRevisions = Map.groupBy(
    pods.map((pod) => used(pod, 'label')),
    ({ revision }) => revision,
  );
  return [...new Set([...users.keys(), ...podRevisions.keys()])].sort().map((revision) => ({
    revision,
    namespaces: (users.get(revision) ?? []).map(({ name }) => name).sort(),
    pods: podRevisions.get(revision)?.length ?? 0,
  }));
}

/** An injected pod says in an annotation which revision its sidecar is from; a label may name the tag it asked for. */
function used({ metadata }: LiveObject, how: 'label' | 'plain'): { readonly revision: string; readonly name: string } {
  const own = metadata.annotations?.['istio.io/rev'] ?? metadata.labels?.['istio.io/rev'];
  return { revision: how === 'plain' ? 'default' : (own ?? 'default'), name: metadata.name };
}
