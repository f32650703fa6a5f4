import { defineResource } from '../define-resource.ts';
import { list, map, object, string } from '../schema.ts';
import { serverPortFields } from './server-port-fields.ts';
import { serverTls } from './server-tls.ts';

/** Gateway: the ports, hosts and certificates of a proxy at the edge of the mesh. */
export function gateway() {
  return defineResource({
    group: 'networking.istio.io',
    kind: 'Gateway',
    plural: 'gateways',
    shortNames: ['gw'],
    versions: ['v1', 'v1alpha3', 'v1beta1'],
    storedAs: 'v1',
    spec: object({ selector: map(string()), servers: list(server()) }),
  });
}

function server() {
  return object(
    {
      name: string(),
      port: object(serverPortFields(), { required: ['number', 'protocol', 'name'] }),
      hosts: list(string()),
      tls: serverTls(),
      bind: string(),
      defaultEndpoint: string(),
    },
    { required: ['port', 'hosts'] },
  );
}
