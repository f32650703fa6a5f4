import { fieldOr, implies, rule } from '../cel.ts';
import { once } from '../once.ts';
import { map, port, string, uint32 } from '../schema.ts';

/** The fields of an endpoint outside Kubernetes: one in a WorkloadEntry or ServiceEntry, the template of a group. */
export const workloadFields = once(() => ({
  address: address(),
  ports: ports(),
  labels: map(string(), { maxProperties: 256 }),
  network: string({ maxLength: 2048 }),
  locality: string({ maxLength: 2048 }),
  weight: uint32(),
  serviceAccount: string({ maxLength: 253 }),
}));

/** An endpoint must be reachable: by its address, or through the gateway of its network. */
export const ADDRESS_REQUIRED = rule('Address is required', 'has(self.address) || has(self.network)');

/** A Unix domain socket has no ports. */
export const NO_PORTS_ON_SOCKETS = rule(
  'UDS may not include ports',
  implies(`${fieldOr('address', '""')}.startsWith("unix://")`, '!has(self.ports)'),
);

function address() {
  return string({
    maxLength: 256,
    rules: [
      rule(
        'UDS must be an absolute path or abstract socket',
        implies('self.startsWith("unix://")', '(self.substring(7, 8) == "/" || self.substring(7, 8) == "@")'),
      ),
      rule('UDS may not be a dir', implies('self.startsWith("unix://")', '!self.endsWith("/")')),
    ],
  });
}

function ports() {
  return map(port(), {
    maxProperties: 128,
    rules: [
      rule(
        'port name must be valid',
        'self.all(key, size(key) < 63 && key.matches("^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$"))',
      ),
    ],
  });
}
