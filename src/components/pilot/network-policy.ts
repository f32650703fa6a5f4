import type { KubernetesObject } from '../../core/index.ts';
import { networkPolicy } from '../shared/network-policy.ts';
import type { PilotContext } from './pilot-context.ts';

const WEBHOOKS = [{ port: 15017 }];
/** XDS, CA, debugging and metrics, which may come from anywhere in the mesh. */
const MESH = [15010, 15011, 15012, 8080, 15014].map((port) => ({ port }));

/** Who may reach istiod. It may reach anything itself: JWT keys are fetched from wherever users keep them. */
export function istiodNetworkPolicy(pilot: PilotContext): KubernetesObject {
  const { name, namespace, revisionLabels, revisionLabel } = pilot;
  return networkPolicy(
    { name, namespace, labels: { app: 'istiod', istio: 'pilot', ...revisionLabels } },
    { app: 'istiod', 'istio.io/rev': revisionLabel },
    [WEBHOOKS, MESH],
  );
}
