import { implies, rule } from '../cel.ts';
import { AGE, column, defineResource } from '../define-resource.ts';
import { enumOf, list, object, string } from '../schema.ts';
import { attachmentFields, ONE_ATTACHMENT } from '../selectors.ts';

/** AuthorizationPolicy: who may call a workload, and how. */
export function authorizationPolicy() {
  return defineResource({
    group: 'security.istio.io',
    kind: 'AuthorizationPolicy',
    plural: 'authorizationpolicies',
    shortNames: ['ap'],
    versions: ['v1', 'v1beta1'],
    storedAs: 'v1',
    columns: [column('Action', '.spec.action'), AGE],
    spec: object(
      {
        ...attachmentFields(),
        action: enumOf('ALLOW', 'DENY', 'AUDIT', 'CUSTOM'),
        provider: object({ name: string() }),
        rules: list(policyRule(), { maxItems: 512 }),
      },
      // A group of one: for now a provider is the only kind of action detail.
      { oneofs: [['provider']], rules: [ONE_ATTACHMENT] },
    ),
  });
}

function policyRule() {
  return object({
    from: list(object({ source: source() }), { maxItems: 512 }),
    to: list(object({ operation: operation() })),
    when: list(condition()),
  });
}

function source() {
  const serviceAccounts = list(string({ maxLength: 320 }), { maxItems: 16 });
  return object(
    {
      principals: list(string()),
      notPrincipals: list(string()),
      requestPrincipals: list(string()),
      notRequestPrincipals: list(string()),
      namespaces: list(string()),
      notNamespaces: list(string()),
      serviceAccounts,
      notServiceAccounts: serviceAccounts,
      trustDomains: list(string()),
      notTrustDomains: list(string()),
      ipBlocks: list(string()),
      notIpBlocks: list(string()),
      remoteIpBlocks: list(string()),
      notRemoteIpBlocks: list(string()),
    },
    {
      rules: [
        rule(
          'Cannot set serviceAccounts with namespaces or principals',
          implies(
            '(has(self.serviceAccounts) || has(self.notServiceAccounts))',
            // The line break belongs to the rule as Istio ships it; a rule that differs in text is an update of the CRD.
            '(!has(self.principals) &&\n!has(self.notPrincipals) && !has(self.namespaces) && !has(self.notNamespaces))',
          ),
        ),
      ],
    },
  );
}

function operation() {
  return object({
    hosts: list(string()),
    notHosts: list(string()),
    ports: list(string()),
    notPorts: list(string()),
    methods: list(string()),
    notMethods: list(string()),
    paths: list(string()),
    notPaths: list(string()),
  });
}

function condition() {
  return object({ key: string(), values: list(string()), notValues: list(string()) }, { required: ['key'] });
}
