import { createHash } from 'node:crypto';
import { LABELS } from '../api/index.ts';
import { COMPONENT_NAMES, idKey } from '../core/index.ts';
import type { ApplySettings } from './apply-objects.ts';
import type { ResourceKind } from './cluster.ts';
import type { Inventory, InventoryEntry } from './inventory.ts';
import type { LiveStore, Observed } from './live-store.ts';

/** Every kind that an operator of Istio, ours or an earlier one, installs. CRDs are not among them: nobody removes those. */
export const INSTALLED_KINDS: readonly ResourceKind[] = [
  ...kinds('v1', 'ConfigMap', 'ResourceQuota', 'Service', 'ServiceAccount'),
  ...kinds('apps/v1', 'DaemonSet', 'Deployment'),
  ...kinds('autoscaling/v2', 'HorizontalPodAutoscaler'),
  ...kinds('policy/v1', 'PodDisruptionBudget'),
  ...kinds('networking.k8s.io/v1', 'NetworkPolicy'),
  ...kinds('discovery.k8s.io/v1', 'EndpointSlice'),
  ...kinds('rbac.authorization.k8s.io/v1', 'ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'),
  ...kinds(
    'admissionregistration.k8s.io/v1',
    'MutatingWebhookConfiguration',
    'ValidatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
  ),
];

/** Kinds that carry traffic or data: what an earlier operator left of them is removed only when somebody says so. */
const NEEDS_CONFIRMATION: ReadonlySet<string> = new Set([
  'Deployment',
  'DaemonSet',
  'StatefulSet',
  'Service',
  'HorizontalPodAutoscaler',
  'PersistentVolumeClaim',
  'Secret',
]);

function kinds(apiVersion: string, ...names: readonly string[]): readonly ResourceKind[] {
  return names.map((kind) => ({ apiVersion, kind }));
}

/**
 * The inventory with the objects that carry the labels of this CR and are not in it: what an earlier operator installed,
 * or what we did before the status was lost.
 */
export function withLabelled(
  inventory: Inventory,
  live: LiveStore,
  owner: { name: string; namespace: string },
): Inventory {
  const joined = new Map(inventory);
  for (const observed of live.all()) {
    const entry = isLabelledFor(observed, owner) ? adopted(observed) : undefined;
    if (entry !== undefined && !joined.has(idKey(entry))) joined.set(idKey(entry), entry);
  }
  return joined;
}

/** The controller that writes EndpointSlices copies all labels of their Service, ours included; this one it adds. */
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const CLUSTER_CONTROLLERS: ReadonlySet<string | undefined> = new Set([
  'endpointslice-controller.k8s.io',
  'endpointslicemirroring-controller.k8s.io',
]);

/** True for a live object whose labels say that this CR owns it. */
export function isLabelledFor(
  { labels }: Pick<Observed, 'labels'>,
  owner: { name: string; namespace: string },
): boolean {
  if (CLUSTER_CONTROLLERS.has(labels[MANAGED_BY])) return false;
  return labels[LABELS.owner] === owner.name && labels[LABELS.ownerNamespace] === owner.namespace;
}

function adopted({ id, uid, labels }: Observed): InventoryEntry | undefined {
  const component = COMPONENT_NAMES.find((name) => name === labels[LABELS.component]);
  const kind = INSTALLED_KINDS.find((known) => known.kind === id.kind);
  return component && kind && { ...id, apiVersion: kind.apiVersion, component, uid, adopted: true };
}

/** Left-over objects that are not removed before somebody confirms exactly this list. */
export interface HeldBack {
  readonly entries: readonly InventoryEntry[];
  /** What the annotation `install.istio.io/confirm-prune` has to hold. */
  readonly hash: string;
}

/**
 * Parts what is left over into what may go and what has to be confirmed: all of it, or what carries traffic or data. What is in
 * neither stays. What a Deployment that was made anew has left may always go: that is what was asked for.
 */
export function holdBack(
  leftOver: readonly InventoryEntry[],
  { pruneMode = 'auto', confirmPrune }: Pick<ApplySettings, 'pruneMode' | 'confirmPrune'>,
): { readonly free: readonly InventoryEntry[]; readonly held?: HeldBack } {
  if (pruneMode === 'off') return { free: leftOver.filter(({ orphanOf }) => orphanOf !== undefined) };
  const entries = leftOver.filter(
    (entry) =>
      (pruneMode === 'report' && entry.orphanOf === undefined) ||
      (entry.adopted === true && NEEDS_CONFIRMATION.has(entry.kind)),
  );
  if (entries.length === 0) return { free: leftOver };
  const hash = createHash('sha256').update(entries.map(idKey).sort().join('\n')).digest('hex').slice(0, 12);
  if (confirmPrune === hash) return { free: leftOver };
  return { free: leftOver.filter((entry) => !entries.includes(entry)), held: { entries, hash } };
}
