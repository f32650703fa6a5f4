import { implies, rule } from '../cel.ts';
import { AGE, column, defineResource } from '../define-resource.ts';
import { enumOf, map, object } from '../schema.ts';
import { matchLabelsSelector } from '../selectors.ts';

/** PeerAuthentication: whether a workload asks its callers for mutual TLS. */
export function peerAuthentication() {
  const mtls = object({ mode: enumOf('UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT') });
  return defineResource({
    group: 'security.istio.io',
    kind: 'PeerAuthentication',
    plural: 'peerauthentications',
    shortNames: ['pa'],
    versions: ['v1', 'v1beta1'],
    storedAs: 'v1',
    columns: [column('Mode', '.spec.mtls.mode'), AGE],
    spec: object(
      {
        selector: matchLabelsSelector(),
        mtls,
        portLevelMtls: map(mtls, {
          minProperties: 1,
          rules: [rule('port must be between 1-65535', 'self.all(key, 0 < int(key) && int(key) <= 65535)')],
        }),
      },
      { rules: [PORTS_NEED_SELECTOR] },
    ),
  });
}

/** Port numbers mean nothing for a whole namespace, so settings for them need a workload. */
const PORTS_NEED_SELECTOR = rule(
  'portLevelMtls requires selector',
  implies(
    'has(self.portLevelMtls)',
    '(((has(self.selector) && has(self.selector.matchLabels)) ? self.selector.matchLabels : {}).size() > 0)',
  ),
);
