import type { ILabelSelectorRequirement } from '@kubernetes-models/apimachinery/apis/meta/v1/LabelSelectorRequirement';

/** Pods that one webhook gets, by the labels of their namespace and their own. */
export interface PodSelection {
  /** The first part of the webhook's name: within a configuration names must differ. */
  readonly prefix: string;
  readonly namespaces: readonly ILabelSelectorRequirement[];
  readonly pods: readonly ILabelSelectorRequirement[];
}

const REVISION = 'istio.io/rev';
const NAMESPACE_INJECTION = 'istio-injection';
const POD_INJECTION = 'sidecar.istio.io/inject';

const isIn = (key: string, ...values: string[]) => ({ key, operator: 'In', values });
const isNotIn = (key: string, ...values: string[]) => ({ key, operator: 'NotIn', values });
const isAbsent = (key: string) => ({ key, operator: 'DoesNotExist' });

const NOT_REFUSED = isNotIn(POD_INJECTION, 'false');
const NAMESPACE_SAYS_NOTHING = [isAbsent(NAMESPACE_INJECTION), isAbsent(REVISION)];

/** Pods that ask for a revision (or tag) by name: through their namespace, or by themselves where that says nothing. */
export function forRevision(revision: string): readonly PodSelection[] {
  return [
    {
      prefix: 'rev.namespace',
      // `istio-injection` on a namespace has precedence over a revision.
      namespaces: [isIn(REVISION, revision), isAbsent(NAMESPACE_INJECTION)],
      pods: [NOT_REFUSED],
    },
    { prefix: 'rev.object', namespaces: NAMESPACE_SAYS_NOTHING, pods: [NOT_REFUSED, isIn(REVISION, revision)] },
  ];
}

/** Pods that ask for injection without naming a revision. */
export const FOR_DEFAULT: readonly PodSelection[] = [
  { prefix: 'namespace', namespaces: [isIn(NAMESPACE_INJECTION, 'enabled')], pods: [NOT_REFUSED] },
  { prefix: 'object', namespaces: NAMESPACE_SAYS_NOTHING, pods: [isIn(POD_INJECTION, 'true'), isAbsent(REVISION)] },
];

/** Pods that say nothing in namespaces that say nothing, but for those that run the cluster. */
export const FOR_EVERYTHING: PodSelection = {
  prefix: 'auto',
  namespaces: [
    ...NAMESPACE_SAYS_NOTHING,
    isNotIn('kubernetes.io/metadata.name', 'kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'),
  ],
  pods: [isAbsent(POD_INJECTION), isAbsent(REVISION)],
};
