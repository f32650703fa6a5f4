import type { IService } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { unlessEmpty } from '../shared/empty.ts';
import { built } from '../shared/typed.ts';
import type { PilotContext } from './pilot-context.ts';
import { addressFamily, remoteName } from './remote-address.ts';

/** The name in this cluster under which proxies reach the istiod of another one. */
export function remoteService(pilot: PilotContext): KubernetesObject {
  const { global } = pilot.values;
  const isAddress = addressFamily(global.remotePilotAddress ?? '') !== undefined;
  return built<IService>({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: remoteName(pilot), namespace: pilot.namespace, labels: pilot.revisionLabels },
    spec: {
      ports: [
        { port: 15012, name: 'tcp-istiod', protocol: 'TCP' },
        { port: 443, targetPort: 15017, name: 'tcp-webhook', protocol: 'TCP' },
      ],
      // An address stands in an EndpointSlice; a host name can only be an alias.
      ...(isAddress ? {} : { type: 'ExternalName', externalName: global.remotePilotAddress }),
      ipFamilyPolicy: global.ipFamilyPolicy || undefined,
      ipFamilies: unlessEmpty(global.ipFamilies),
    },
  });
}
