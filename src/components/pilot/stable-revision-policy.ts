import type { KubernetesObject } from '../../core/index.ts';
import { istioLabels } from '../shared/labels.ts';
import { withRevision } from '../shared/revision.ts';
import { stableChannelPolicy } from '../shared/stable-channel-policy.ts';
import type { PilotContext } from './pilot-context.ts';
import { revisionSelector } from './revision-selector.ts';

/** The stable channel's policy for the configuration of this revision. */
export function stableRevisionPolicy(pilot: PilotContext): readonly KubernetesObject[] {
  const name = (prefix: string) => `${withRevision(prefix, pilot.revision)}-${pilot.istioNamespace}.istio.io`;
  return stableChannelPolicy({
    name: name('stable-channel-policy'),
    bindingName: name('stable-channel-policy-binding'),
    labels: istioLabels('istiod'),
    objectSelector: revisionSelector(pilot),
  });
}
