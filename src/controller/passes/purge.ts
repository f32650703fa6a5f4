import { ANNOTATIONS } from '../../api/index.ts';
import type { LiveObject } from '../../apply/index.ts';
import type { Notice } from '../../core/index.ts';

/** True for a CR whose deletion takes Istio's CRDs along. */
export function isPurged({ metadata }: LiveObject): boolean {
  return metadata.annotations?.[ANNOTATIONS.purge] === 'true';
}

/** What to know about such a CR before it is deleted. */
export function purgeNotices(resource: LiveObject): readonly Notice[] {
  if (!isPurged(resource)) return [];
  return [
    {
      code: 'RiskySetting',
      path: `metadata.annotations["${ANNOTATIONS.purge}"]`,
      message:
        'When this resource is deleted, the CRDs of Istio go with it, and everybody’s VirtualServices, Gateways and the like with them.',
      hint: 'Remove the annotation to keep them.',
    },
  ];
}
