import type { KubernetesObject } from '../../core/index.ts';
import { istioLabels } from '../shared/labels.ts';
import { stableChannelPolicy } from '../shared/stable-channel-policy.ts';

/** The stable channel's policy for all configuration of the cluster. */
export function defaultRevisionPolicy(revision: string): readonly KubernetesObject[] {
  return stableChannelPolicy({
    name: 'stable-channel-default-policy.istio.io',
    bindingName: 'stable-channel-default-policy-binding.istio.io',
    labels: { istio: 'istiod', 'istio.io/rev': revision, ...istioLabels('istiod') },
  });
}
