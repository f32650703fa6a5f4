/** The templates that Istio brings: for sidecars, for gateways, and for what istiod deploys for the Gateway API. */
export const INJECTION_TEMPLATES = [
  'sidecar',
  'gateway',
  'grpc-simple',
  'grpc-agent',
  'waypoint',
  'kube-gateway',
  'agentgateway',
] as const;

/** The name of a template that Istio brings. */
export type InjectionTemplate = (typeof INJECTION_TEMPLATES)[number];

/**
 * The text of a built-in template: a Go template of YAML that istiod merges into a pod, or whose objects it applies for a
 * Gateway. Injection is not there yet, so each is a valid patch that changes nothing.
 */
export function injectionTemplate(_name: InjectionTemplate): string {
  return 'metadata: {}\n';
}
