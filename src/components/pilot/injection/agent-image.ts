import { annotatedOr, quoted, setting } from './expressions.ts';
import { choose, type Part } from './template-text.ts';

/**
 * The image of the agent: what annotation or setting name in full, else the one that istiod puts together from hub, tag
 * and variant. A name without a slash is only the last part of such an image, and istiod has used it already.
 */
export function agentImage(imageSetting: string): Part {
  return imageOr('sidecar.istio.io/proxyImage', setting(imageSetting), '$.ProxyImage');
}

/** The image of the agent gateway, by the same rule. */
export function agentgatewayImage(): Part {
  return imageOr('gateway.istio.io/agentgatewayImage', setting('global.agentgateway.image'), '$.AgentgatewayImage');
}

function imageOr(annotation: string, fallback: string, assembled: string): Part {
  const named = annotatedOr(annotation, fallback);
  return choose([[`contains "/" ${named}`, quoted(named)]], quoted(assembled));
}

/** How eagerly images are pulled; the cluster's default where the installation does not say. */
export function pullPolicy(): Part {
  const policy = setting('global.imagePullPolicy');
  return choose([[policy, quoted(policy)]]);
}
