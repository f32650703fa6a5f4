import type { Notice } from './notice.ts';
import type { KubernetesObject, ObjectId } from './object-id.ts';
import type { PathStep } from './tree-path.ts';

/** The components as status and labels name them, in render order. */
export const COMPONENT_NAMES = [
  'Base',
  'Pilot',
  'IngressGateways',
  'EgressGateways',
  'Cni',
  'Ztunnel',
  'AddonComponents',
] as const;

/** The name of a component: the key in `status.componentStatus` and the value of the label `operator.istio.io/component`. */
export type ComponentName = (typeof COMPONENT_NAMES)[number];

/** What one component installs, in apply order. Several gateways share one entry. */
export interface ComponentManifest {
  readonly component: ComponentName;
  readonly objects: readonly KubernetesObject[];
  /** The version of Istio that its workload runs; absent where it has none of Istio's. */
  readonly version?: string;
}

/** Fields of one object that are left to others, as soon as others have set them. */
export interface IgnoredFields {
  readonly id: ObjectId;
  /** `key` and `entry` steps only. */
  readonly paths: readonly (readonly PathStep[])[];
}

/** What an IstioOperator stands for: the objects, by component, and what its author should know. */
export interface Manifest {
  readonly components: readonly ComponentManifest[];
  readonly notices: readonly Notice[];
  /** The revision, or `default`. */
  readonly revision: string;
  /** Labels of a component namespace that has to be created. */
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  /** What its author leaves to others. */
  readonly ignoredFields?: readonly IgnoredFields[];
  /** The version of Istio that components run where they do not say otherwise. */
  readonly version: string;
}

/** Facts about the target cluster that rendering depends on; offline, `OFFLINE_FACTS`. */
export interface ClusterFacts {
  /** The API server's version without the leading v: `1.34.4`. */
  readonly kubernetesVersion: string;
  /** `gke` and the like where it can be told from the cluster. */
  readonly platform?: string;
}

/** True where the cluster is one of GKE: it was found to be, or a version that somebody gives says so (`1.34.4-gke.1`). */
export function isGke({ kubernetesVersion, platform }: ClusterFacts): boolean {
  return platform === 'gke' || kubernetesVersion.includes('-gke');
}

/** What is assumed where no cluster is asked. */
export const OFFLINE_FACTS: ClusterFacts = { kubernetesVersion: '1.32.0' };
