import { LABELS } from '../api/index.ts';
import { idOf, type ObjectId } from '../core/index.ts';
import type { LiveObject, ResourceKind, Selection } from './cluster.ts';

/** Something that needs the control plane of a revision. */
export interface RevisionReference {
  readonly kind: 'Namespace' | 'Pod' | 'Tag';
  /** `namespace/name` for a pod. */
  readonly name: string;
  /** The revision or tag that it asks for; of an injected pod always the revision. */
  readonly asksFor: string;
  /** The tag is resolved already: an injected pod stays with its control plane when a tag moves. */
  readonly isBound: boolean;
  /** What it goes away with: the workload of a pod, the webhook of a tag. */
  readonly partOf?: ObjectId;
}

/** Objects among which there are references, and how to read one; undefined for an object that is none. */
export interface ReferenceSource {
  readonly kind: ResourceKind;
  readonly selection: Selection;
  readonly read: (object: LiveObject) => RevisionReference | undefined;
}

/** Who uses a revision; each list is sorted. */
export interface RevisionUsers {
  readonly namespaces: readonly string[];
  readonly pods: readonly string[];
  readonly tags: readonly string[];
}

const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace' };
const POD = { apiVersion: 'v1', kind: 'Pod' };
const INJECTOR = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration' };

/** The revision, or the tag, that is meant where nothing but injection is asked for. */
const DEFAULT = 'default';

/** Pods that are done need nobody any more. */
const RUNNING = 'status.phase!=Succeeded,status.phase!=Failed';

/**
 * Everything that may refer to a revision. Metadata tells, and labels select it, so that a cluster full of pods outside
 * the mesh costs nothing: pods with a sidecar, pods of the Gateway API, and pods that name a revision themselves.
 */
export const REFERENCE_SOURCES: readonly ReferenceSource[] = [
  source(NAMESPACE, `${LABELS.revision},!istio-injection`, readNamespace),
  source(NAMESPACE, 'istio-injection=enabled', readNamespace),
  source(POD, 'security.istio.io/tlsMode', readPod, RUNNING),
  source(POD, 'gateway.networking.k8s.io/gateway-name', readPod, RUNNING),
  source(POD, LABELS.revision, readPod, RUNNING),
  source(INJECTOR, LABELS.tag, readTag),
];

function source(
  kind: ResourceKind,
  labelSelector: string,
  read: ReferenceSource['read'],
  fieldSelector?: string,
): ReferenceSource {
  const fields = fieldSelector === undefined ? {} : { fieldSelector };
  return { kind, selection: { labelSelector, metadataOnly: true, ...fields }, read };
}

/** Plain injection wins over a revision, as in Istio's webhooks. */
function readNamespace({ metadata: { name, labels = {} } }: LiveObject): RevisionReference {
  const asksFor = labels['istio-injection'] === 'enabled' ? DEFAULT : (labels[LABELS.revision] ?? DEFAULT);
  return { kind: 'Namespace', name, asksFor, isBound: false };
}

/** The annotation is what the injector has written, the label what the author asks for. A control plane is no user. */
function readPod(pod: LiveObject): RevisionReference | undefined {
  const { name, namespace = '', labels = {}, annotations = {} } = pod.metadata;
  if (labels.app === 'istiod') return undefined;
  const injected = annotations[LABELS.revision];
  const partOf = workloadOf(pod);
  return {
    kind: 'Pod',
    name: `${namespace}/${name}`,
    asksFor: injected ?? labels[LABELS.revision] ?? DEFAULT,
    isBound: injected !== undefined,
    ...(partOf === undefined ? {} : { partOf }),
  };
}

function readTag(webhook: LiveObject): RevisionReference {
  const { labels = {} } = webhook.metadata;
  const asksFor = labels[LABELS.revision] ?? DEFAULT;
  return { kind: 'Tag', name: labels[LABELS.tag] ?? '', asksFor, isBound: true, partOf: idOf(webhook) };
}

/** The Deployment of a ReplicaSet has its name without the hash at the end. */
function workloadOf({ metadata: { namespace = '', ownerReferences = [] } }: LiveObject): ObjectId | undefined {
  const owner = ownerReferences.find(({ controller }) => controller === true);
  if (owner === undefined) return undefined;
  const id = { group: 'apps', namespace };
  return owner.kind === 'ReplicaSet'
    ? { ...id, kind: 'Deployment', name: owner.name.replace(/-[^-]*$/, '') }
    : { ...id, kind: owner.kind, name: owner.name };
}

/**
 * Who among these uses a revision, by its own name or by a tag that points to it.
 * @param isOwn - true for a reference that goes away together with the revision; it does not count.
 */
export function usersOf(
  revision: string,
  references: readonly RevisionReference[],
  isOwn: (reference: RevisionReference) => boolean,
): RevisionUsers {
  const revisionOf = resolver(references);
  const users = references.filter((reference) => revisionOf(reference) === revision && !isOwn(reference));
  const names = (kind: RevisionReference['kind']) =>
    [...new Set(users.filter((user) => user.kind === kind).map(({ name }) => name))].sort();
  return { namespaces: names('Namespace'), pods: names('Pod'), tags: names('Tag') };
}

/** Tells the revision behind each reference, through the tags that are among them. */
export function resolver(
  references: readonly RevisionReference[],
): (reference: Pick<RevisionReference, 'asksFor' | 'isBound'>) => string {
  const tags = new Map(references.filter(({ kind }) => kind === 'Tag').map(({ name, asksFor }) => [name, asksFor]));
  return ({ asksFor, isBound }) => (isBound ? asksFor : (tags.get(asksFor) ?? asksFor));
}
