import type { KubernetesObject } from '../../core/index.ts';
import { networkPolicy } from '../shared/network-policy.ts';
import { withRevision } from '../shared/revision.ts';
import { type Gateway, ownLabels } from './gateway.ts';
import { listenerOf } from './port.ts';

const HEALTH = { port: 15021 };
const METRICS = [{ port: 15020 }, { port: 15090 }];

/** Opens a gateway's ports where the installation asks for network policies. */
export function gatewayNetworkPolicy(gateway: Gateway): readonly KubernetesObject[] {
  if (!gateway.global.networkPolicy.enabled) return [];
  const { name, namespace, kind, revision, selector, settings } = gateway;
  const metadata = {
    name: withRevision(name, revision),
    namespace,
    labels: { ...ownLabels(gateway), app: name, istio: kind.role },
  };
  const listeners = settings.ports.map((port) => [listenerOf(port)]);
  return [networkPolicy(metadata, selector, [[HEALTH], METRICS, ...listeners])];
}
