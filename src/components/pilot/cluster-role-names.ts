import type { PilotContext } from './pilot-context.ts';

/** The name of the role with which istiod reads the cluster and writes status. */
export function istiodClusterRoleName({ clusterName }: PilotContext): string {
  return clusterName('istiod-clusterrole');
}

/** The name of the role with which istiod deploys the gateways of the Gateway API. */
export function gatewayControllerRoleName({ clusterName }: PilotContext): string {
  return clusterName('istiod-gateway-controller');
}

/** The name of the role with which control planes of other clusters read this one. */
export function readerRoleName({ clusterName }: PilotContext): string {
  return clusterName('istio-reader-clusterrole');
}

/** True unless istiod's deployment of gateways is switched off. */
export function deploysGateways({ values }: PilotContext): boolean {
  return String(values.env.PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER) !== 'false';
}
