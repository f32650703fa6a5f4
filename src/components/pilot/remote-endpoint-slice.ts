import type { IEndpointSlice } from 'kubernetes-models/discovery.k8s.io/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { istioLabels } from '../shared/labels.ts';
import { built } from '../shared/typed.ts';
import type { PilotContext } from './pilot-context.ts';
import { addressFamily, remoteName } from './remote-address.ts';

/** The address of the remote istiod behind its Service; none where it is known by a host name. */
export function remoteEndpointSlice(pilot: PilotContext): readonly KubernetesObject[] {
  const address = pilot.values.global.remotePilotAddress ?? '';
  const addressType = addressFamily(address);
  if (addressType === undefined) return [];
  const name = remoteName(pilot);
  return [
    built<IEndpointSlice>({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name,
        namespace: pilot.namespace,
        labels: {
          ...istioLabels('istiod'),
          'kubernetes.io/service-name': name,
          // Tells Kubernetes' own controllers to leave the slice alone; the value is the one of Istio's installations.
          'endpointslice.kubernetes.io/managed-by': 'Helm',
        },
      },
      addressType,
      endpoints: [{ addresses: [address] }],
      ports: [
        { port: 15012, name: 'tcp-istiod', protocol: 'TCP' },
        { port: 15017, name: 'tcp-webhook', protocol: 'TCP' },
      ],
    }),
  ];
}
