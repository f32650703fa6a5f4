/** The groups of Istio's configuration that istiod validates. */
export const VALIDATED_GROUPS = [
  'security.istio.io',
  'networking.istio.io',
  'telemetry.istio.io',
  'extensions.istio.io',
] as const;

/** The groups of Istio's configuration that istiod reads; older control planes beside it still use the first ones. */
export const CONFIG_GROUPS = [
  'config.istio.io',
  'security.istio.io',
  'networking.istio.io',
  'authentication.istio.io',
  'rbac.istio.io',
  'telemetry.istio.io',
  'extensions.istio.io',
] as const;
