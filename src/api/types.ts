import type { JsonObject } from '../core/index.ts';
import type { API_VERSION, KIND, StatusWord } from './names.ts';
import type {
  componentSchema,
  gatewaySchema,
  k8sSchema,
  overlaySchema,
  patchSchema,
} from './schema/component-schema.ts';
import type { Infer } from './schema/schema.ts';
import type { specSchema } from './schema/spec-schema.ts';
import type { valuesSchema } from './schema/values/values-schema.ts';

/** The `spec` of an IstioOperator. A field that is null was set to null by its author. */
export type IstioOperatorSpec = Infer<typeof specSchema>;

/** Istio's values. */
export type IstioValues = Infer<typeof valuesSchema>;

/** A component that there is one of: base, pilot, cni, ztunnel. */
export type ComponentSpec = Infer<typeof componentSchema>;

/** An entry of `ingressGateways` or `egressGateways`. */
export type GatewaySpec = Infer<typeof gatewaySchema>;

/** The settings of a component's Kubernetes objects: its `k8s` block. */
export type K8sSettings = Infer<typeof k8sSchema>;

/** Changes to one rendered object. */
export type Overlay = Infer<typeof overlaySchema>;

/** One change of an overlay. */
export type Patch = Infer<typeof patchSchema>;

/** An IstioOperator that `parseOperator` has accepted. Offline documents often have no name. */
export type IstioOperator = {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: typeof KIND;
  readonly metadata: JsonObject & { readonly name?: string; readonly namespace?: string };
  readonly spec: IstioOperatorSpec;
};

/** A condition, as every Kubernetes API has them. */
export type Condition = {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
};

/** How one workload of a component is. */
export type ObjectStatus = {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly ready?: number;
  readonly desired?: number;
  readonly reason?: string;
  readonly message?: string;
};

/** How one component is. */
export type ComponentStatus = {
  readonly status: StatusWord;
  readonly version?: string;
  /** The version that it is on the way to. */
  readonly targetVersion?: string;
  readonly error?: string;
  readonly objects?: readonly ObjectStatus[];
};

/** One installed object; what else an entry holds is the inventory's own business. */
export type InventoryItem = {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
};

/** One field that a dry run would change. Texts of several lines are shown as the lines that differ. */
export type PlannedField = {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
  readonly diff?: string;
};

/** One object that a dry run would create, change or delete, or that stands in the way; `note` says why. */
export type PlannedObjectStatus = {
  readonly action: string;
  readonly component: string;
  readonly group?: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly note?: string;
  readonly fields?: readonly PlannedField[];
  readonly moreFields?: number;
};

/** What a dry run would do: how many objects, and the first of them. */
export type PlanStatus = {
  readonly create: number;
  readonly change: number;
  readonly delete: number;
  readonly blocked: number;
  readonly unchanged: number;
  readonly objects?: readonly PlannedObjectStatus[];
  readonly moreObjects?: number;
  readonly warnings?: readonly string[];
};

/** The `status` of an IstioOperator. */
export type InstallStatus = {
  readonly status?: StatusWord;
  readonly message?: string;
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
  readonly componentStatus?: Readonly<Record<string, ComponentStatus>>;
  readonly inventory?: readonly InventoryItem[];
  /** The lock of the operator that looks after the resource, as `namespace/name`. */
  readonly operator?: string;
  readonly plan?: JsonObject;
};
