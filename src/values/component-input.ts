import type { ClusterFacts, ComponentName, JsonObject } from '../core/index.ts';

/**
 * All that the builders of one component instance may look at. There is one instance of Base, Pilot, Cni and Ztunnel at
 * most, and one of IngressGateways or EgressGateways for each gateway.
 */
export interface ComponentInput<Values = JsonObject> {
  readonly component: ComponentName;
  /** Where its settings stand in the user's document, for messages: `spec.components.ingressGateways[0]`. */
  readonly path: string;
  /** The name of its main resource: `istiod-canary`, the gateway's name, `istio-cni-node`, `ztunnel`; '' for Base. */
  readonly resourceName: string;
  /** The namespace that its namespaced objects go to. */
  readonly namespace: string;
  /** The control plane's revision; '' where the CR sets none. */
  readonly revision: string;
  /**
   * Istio's values for this component with every default, profile, compatibility version and platform applied, the
   * user's own on top. A value that the user set to null is absent.
   */
  readonly values: Values;
  /**
   * Pilot only: the values as tools read them from the ConfigMap `values`. `original` is what profile and document say,
   * `merged` has the defaults below it. A value that the user set to null is null.
   */
  readonly documents?: { readonly original: JsonObject; readonly merged: JsonObject };
  /** The component's `k8s` block as the merged spec has it. */
  readonly settings: JsonObject;
  readonly facts: ClusterFacts;
}
