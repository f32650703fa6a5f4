/** API group of the IstioOperator. */
export const GROUP = 'install.istio.io';

/** API version of the IstioOperator, within its group. */
export const VERSION = 'v1alpha1';

/** `apiVersion` of an IstioOperator. */
export const API_VERSION = `${GROUP}/${VERSION}`;

/** Kind of the IstioOperator. */
export const KIND = 'IstioOperator';

/** The IstioOperator as clients and watches name it. */
export const RESOURCE_KIND = { apiVersion: API_VERSION, kind: KIND } as const;

/** Keeps a custom resource until what it installed is gone. The name that older operators used. */
export const FINALIZER = 'istio-finalizer.install.istio.io';

/** Labels on everything that is installed, as `istioctl` and older operators set them. */
export const LABELS = {
  /** Always `Reconcile`. */
  managed: 'operator.istio.io/managed',
  /** A `ComponentName`. */
  component: 'operator.istio.io/component',
  /** The operator's version. */
  version: 'operator.istio.io/version',
  /** Name of the custom resource. */
  owner: 'install.operator.istio.io/owning-resource',
  /** Namespace of the custom resource. */
  ownerNamespace: 'install.operator.istio.io/owning-resource-namespace',
  /** `true` on what is never pruned. */
  notPruned: 'install.operator.istio.io/owning-resource-not-pruned',
  /** The revision, or `default`. */
  revision: 'istio.io/rev',
  /** The tag of a webhook that serves a revision under another name. */
  tag: 'istio.io/tag',
} as const;

/** Annotations by which people steer the operator. */
export const ANNOTATIONS = {
  /** `true`: the custom resource is left alone, apart from its deletion. */
  ignoreReconcile: 'install.istio.io/ignoreReconcile',
  /** `true`: objects that somebody else installed are taken over. */
  adopt: 'install.istio.io/adopt',
  /** `true` on an installed object: it is left as it is, neither repaired nor changed nor removed. */
  ignore: 'install.istio.io/ignore',
  /** Fields of installed objects that others may set, a line each; see `IgnoreEntry`. */
  ignoreFields: 'install.istio.io/ignore-fields',
  /** What happens to objects that are no longer asked for; see `PruneMode`. */
  prune: 'install.istio.io/prune',
  /** The hash of the plan that may be pruned. */
  confirmPrune: 'install.istio.io/confirm-prune',
  /** `true`: the control plane is removed with its custom resource although it is still used. */
  forceDelete: 'install.istio.io/force-delete',
  /** `true`: the deletion of the custom resource leaves all that it installed, without a trace of us, to another tool. */
  handBack: 'install.istio.io/hand-back',
  /** `true`: the CRDs, and all that there is of their kinds, go with the custom resource. */
  purge: 'install.istio.io/purge',
  /** A duration: the custom resource is deleted once nobody has used its control plane for so long. */
  removeUnusedAfter: 'install.istio.io/remove-unused-after',
  /** `Deployment/namespace/name`, several with commas: what may be made anew where a change cannot be made in place. */
  recreate: 'install.istio.io/recreate',
  /** `1.30.3` or `1.30`: an operator that installs another version of Istio leaves the mesh as it is. */
  istioVersion: 'install.istio.io/istio-version',
  /** `true`: the plan is shown in the status and nothing is written. */
  dryRun: 'install.istio.io/dry-run',
} as const;

/** Types of the conditions in the status. */
export const CONDITIONS = [
  'Ready',
  'Reconciling',
  'Stalled',
  'ActionRequired',
  'DeletionBlocked',
  'InUse',
  'Warnings',
  'Paused',
  'Planned',
] as const;

/** The type of a condition. */
export type ConditionType = (typeof CONDITIONS)[number];

/** The words of `status.status`; the position is the number that the API of Istio 1.4 wrote. */
export const STATUS_WORDS = ['NONE', 'UPDATING', 'RECONCILING', 'HEALTHY', 'ERROR', 'ACTION_REQUIRED'] as const;

/** A word of `status.status` and of a component's `status`. */
export type StatusWord = (typeof STATUS_WORDS)[number];
