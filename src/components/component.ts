import type { ComponentName, KubernetesObject } from '../core/index.ts';
import type { ComponentInput } from '../values/index.ts';

/** One row of the component table: how a component is built and what it has to wait for. */
export interface Component<Values = unknown> {
  readonly name: ComponentName;
  /** The objects of one instance, without bookkeeping labels, `k8s` settings and overlays. Pure. */
  readonly build: (input: ComponentInput<Values>) => readonly KubernetesObject[];
  /** Where the `k8s` settings of an instance go. A function where instances differ. Undefined: no workload (Base). */
  readonly workload?: WorkloadTarget | ((input: ComponentInput<Values>) => WorkloadTarget);
}

/** The workload that the `k8s` settings patch: `resourceName` of this kind, and the container named so in it. */
export interface WorkloadTarget {
  readonly kind: 'Deployment' | 'DaemonSet';
  readonly container: string;
  /** The name of its Service, where that is not the workload's. */
  readonly service?: string;
}
