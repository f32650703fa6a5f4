/**
 * The kinds of gateways: where they are listed below `components`, and the name of one that has none, which is also that of
 * their settings below `values.gateways`.
 */
export const GATEWAYS = [
  { list: 'ingressGateways', values: 'istio-ingressgateway' },
  { list: 'egressGateways', values: 'istio-egressgateway' },
] as const;
