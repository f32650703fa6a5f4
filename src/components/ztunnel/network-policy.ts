import type { KubernetesObject } from '../../core/index.ts';
import { istioLabels } from '../shared/labels.ts';
import { networkPolicy, type OpenPort } from '../shared/network-policy.ts';
import { revisionLabel, withRevision } from '../shared/revision.ts';
import { SELECTOR, type Ztunnel } from './ztunnel.ts';

const READINESS = { port: 15021 };
const METRICS = { port: 15020 };
const ADMIN = { port: 15000 };
const HBONE = { port: 15008 };
const OUTBOUND = { port: 15001 };
const INBOUND_PLAINTEXT = { port: 15006 };
const DNS: readonly OpenPort[] = [{ port: 15053 }, { port: 15053, protocol: 'UDP' }];

/** Opens ztunnel's ports where the installation asks for network policies. */
export function ztunnelNetworkPolicy({ values, resourceName, namespace }: Ztunnel): readonly KubernetesObject[] {
  if (!values.global.networkPolicy.enabled) return [];
  const labels = {
    ...istioLabels('ztunnel'),
    ...SELECTOR,
    release: 'istio',
    'istio.io/rev': revisionLabel(values.revision),
  };
  return [
    networkPolicy({ name: withRevision(resourceName, values.revision), namespace, labels }, SELECTOR, [
      [READINESS],
      [METRICS],
      [ADMIN],
      [HBONE],
      [OUTBOUND],
      [INBOUND_PLAINTEXT],
      DNS,
    ]),
  ];
}
