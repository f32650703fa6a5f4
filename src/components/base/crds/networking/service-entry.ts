import { atMostOneOf, fieldOr, implies, rule } from '../cel.ts';
import { AGE, column, defineResource } from '../define-resource.ts';
import { enumOf, list, object, port, string } from '../schema.ts';
import { labelsSelector } from '../selectors.ts';
import { ADDRESS_REQUIRED, NO_PORTS_ON_SOCKETS, workloadFields } from './workload-fields.ts';

/** ServiceEntry: a service that Kubernetes does not know, inside or outside the mesh. */
export function serviceEntry() {
  return defineResource({
    group: 'networking.istio.io',
    kind: 'ServiceEntry',
    plural: 'serviceentries',
    shortNames: ['se'],
    versions: ['v1', 'v1alpha3', 'v1beta1'],
    storedAs: 'v1',
    columns: [
      column('Hosts', '.spec.hosts'),
      column('Location', '.spec.location'),
      column('Resolution', '.spec.resolution'),
      AGE,
    ],
    spec: object(
      {
        hosts: hosts(),
        addresses: list(string({ maxLength: 64 }), { maxItems: 256 }),
        ports: ports(),
        location: enumOf('MESH_EXTERNAL', 'MESH_INTERNAL'),
        resolution: enumOf('NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS'),
        endpoints: list(endpoint(), { maxItems: 4096 }),
        workloadSelector: labelsSelector(),
        exportTo: list(string()),
        subjectAltNames: list(string()),
      },
      { required: ['hosts'], rules: endpointRules() },
    ),
    isSpecRequired: true,
  });
}

function hosts() {
  const host = string({ rules: [rule('hostname cannot be wildcard', 'self != "*"')] });
  return list(host, { minItems: 1, maxItems: 256 });
}

function ports() {
  const servicePort = object(
    { number: port(), protocol: string({ maxLength: 256 }), name: string({ maxLength: 256 }), targetPort: port() },
    { required: ['number', 'name'] },
  );
  return list(servicePort, {
    maxItems: 256,
    keys: ['name'],
    rules: [rule('port number cannot be duplicated', 'self.all(l1, self.exists_one(l2, l1.number == l2.number))')],
  });
}

function endpoint() {
  return object(workloadFields(), { rules: [ADDRESS_REQUIRED, NO_PORTS_ON_SOCKETS] });
}

/** Which addresses and endpoints go with which resolution. */
function endpointRules() {
  return [
    atMostOneOf(['workloadSelector', 'endpoints'], 'only one of WorkloadSelector or Endpoints can be set'),
    rule(
      'CIDR addresses are allowed only for NONE/STATIC resolution types',
      `!(${fieldOr('addresses', '[]')}.exists(k, k.contains("/")) && !(${fieldOr('resolution', '"NONE"')} in ["STATIC", "NONE"]))`,
    ),
    rule(
      'NONE mode cannot set endpoints',
      implies(`(${fieldOr('resolution', '"NONE"')} == "NONE")`, '!has(self.endpoints)'),
    ),
    rule(
      'DNS_ROUND_ROBIN mode cannot have multiple endpoints',
      implies(`(${fieldOr('resolution', '""')} == "DNS_ROUND_ROBIN")`, `(${fieldOr('endpoints', '[]')}.size() <= 1)`),
    ),
  ];
}
