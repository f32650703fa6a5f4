import { agentgatewayTemplate } from './agentgateway.ts';
import { grpcAgentTemplate } from './grpc-agent.ts';
import { grpcSimpleTemplate } from './grpc-simple.ts';
import { gatewayTemplate } from './injected-gateway.ts';
import { kubeGatewayTemplate } from './kube-gateway.ts';
import { sidecarTemplate } from './sidecar.ts';
import { type TemplateSource, templateText } from './template-text.ts';
import { waypointTemplate } from './waypoint.ts';

const SOURCES = {
  sidecar: sidecarTemplate,
  gateway: gatewayTemplate,
  'grpc-simple': grpcSimpleTemplate,
  'grpc-agent': grpcAgentTemplate,
  waypoint: waypointTemplate,
  'kube-gateway': kubeGatewayTemplate,
  agentgateway: agentgatewayTemplate,
} as const satisfies Record<string, () => TemplateSource>;

/** The name of a template that Istio brings: for sidecars, for gateways, and for what istiod deploys for the Gateway API. */
export type InjectionTemplate = keyof typeof SOURCES;

/** The templates that Istio brings. */
export const INJECTION_TEMPLATES = Object.keys(SOURCES) as readonly InjectionTemplate[];

/**
 * The text of a built-in template: a Go template of YAML that istiod merges into a pod, or whose objects it applies for a
 * Gateway. istiod evaluates it with its own functions and sprig's, against the pod or the Gateway and the installation.
 */
export function injectionTemplate(name: InjectionTemplate): string {
  return templateText(SOURCES[name]());
}
