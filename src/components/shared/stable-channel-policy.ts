import type { ILabelSelector } from '@kubernetes-models/apimachinery/apis/meta/v1/LabelSelector';
import type {
  IValidatingAdmissionPolicy,
  IValidatingAdmissionPolicyBinding,
} from 'kubernetes-models/admissionregistration.k8s.io/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { VALIDATED_GROUPS } from './istio-api-groups.ts';
import { built } from './typed.ts';

/** The kinds that the rules below tell apart. */
const KINDS = ['EnvoyFilter', 'WasmPlugin', 'ProxyConfig', 'Telemetry', 'AuthorizationPolicy'] as const;

/** Fields of a Telemetry that are not promised to stay. */
const UNSTABLE_TELEMETRY = `!(
  variables.isTelemetry && (
    (has(object.spec.tracing) ? object.spec.tracing : {}).exists(t, has(t.useRequestIdForTraceSampling)) ||
    (has(object.spec.metrics) ? object.spec.metrics : {}).exists(m, has(m.reportingInterval)) ||
    (has(object.spec.accessLogging) ? object.spec.accessLogging : {}).exists(l, has(l.filter))
  )
)
`;

/** Trust domains as sources of an AuthorizationPolicy are not promised to stay either. */
const UNSTABLE_AUTHORIZATION = `!(
  variables.isAuthorizationPolicy &&
  has(object.spec.rules) &&
  object.spec.rules.exists(r,
    has(r.from) && r.from.exists(f,
      has(f.source) && (has(f.source.trustDomains) || has(f.source.notTrustDomains))
    )
  )
)`;

/** What a policy of the stable channel is called and which objects it looks at. */
export interface StableChannelPolicy {
  readonly name: string;
  readonly bindingName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly objectSelector?: ILabelSelector;
}

/** A policy that keeps configuration to Istio's stable features, and the binding that puts it in force. */
export function stableChannelPolicy(policy: StableChannelPolicy): readonly KubernetesObject[] {
  return [
    built<IValidatingAdmissionPolicy>({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: policy.name, labels: policy.labels },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            { apiGroups: VALIDATED_GROUPS, apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], resources: ['*'] },
          ],
          objectSelector: policy.objectSelector,
        },
        variables: KINDS.map((kind) => ({ name: `is${kind}`, expression: `object.kind == '${kind}'` })),
        validations: [
          { expression: '!variables.isEnvoyFilter' },
          { expression: '!variables.isWasmPlugin' },
          { expression: '!variables.isProxyConfig' },
          { expression: UNSTABLE_TELEMETRY },
          { expression: UNSTABLE_AUTHORIZATION },
        ],
      },
    }),
    built<IValidatingAdmissionPolicyBinding>({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: policy.bindingName },
      spec: { policyName: policy.name, validationActions: ['Deny'] },
    }),
  ];
}
