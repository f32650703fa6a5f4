import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../../src/core/index.ts';
import { idsOf, renderPilot, renderValues, theObject } from './render-pilot.ts';

const ALWAYS = [
  'ClusterRole istio-reader-clusterrole-istio-system',
  'ClusterRole istiod-clusterrole-istio-system',
  'ClusterRole istiod-gateway-controller-istio-system',
  'ClusterRoleBinding istio-reader-clusterrole-istio-system',
  'ClusterRoleBinding istiod-clusterrole-istio-system',
  'ClusterRoleBinding istiod-gateway-controller-istio-system',
  'ConfigMap istio',
  'ConfigMap istio-sidecar-injector',
  'ConfigMap values',
  'Deployment istiod',
  'HorizontalPodAutoscaler istiod',
  'MutatingWebhookConfiguration istio-sidecar-injector',
  'Role istiod',
  'RoleBinding istiod',
  'Service istiod',
  'ServiceAccount istiod',
  'ValidatingWebhookConfiguration istio-validator-istio-system',
];

test('a control plane consists of these objects', () => {
  expect(idsOf(renderPilot({}))).toEqual(ALWAYS);
});

describe('values that add objects or leave them out', () => {
  const cases: Record<string, { values: JsonObject; more?: string[]; less?: string[] }> = {
    'configMap: false leaves the mesh configuration to somebody else': {
      values: { pilot: { configMap: false } },
      less: ['ConfigMap istio'],
    },
    'without an autoscaler there is none': {
      values: { pilot: { autoscaleEnabled: false } },
      less: ['HorizontalPodAutoscaler istiod'],
    },
    'two replicas at least have a disruption budget': {
      values: { pilot: { autoscaleMin: 2 } },
      more: ['PodDisruptionBudget istiod'],
    },
    'a fixed number of replicas has one as well': {
      values: { pilot: { autoscaleEnabled: false, replicaCount: 3 } },
      less: ['HorizontalPodAutoscaler istiod'],
      more: ['PodDisruptionBudget istiod'],
    },
    'the budget can be switched off': {
      values: { pilot: { autoscaleMin: 2 }, global: { defaultPodDisruptionBudget: { enabled: false } } },
    },
    'network policies on request': {
      values: { global: { networkPolicy: { enabled: true } } },
      more: ['NetworkPolicy istiod'],
    },
    'certificates for JWT keys on request': {
      values: { pilot: { jwksResolverExtraRootCA: 'PEM' } },
      more: ['ConfigMap pilot-jwks-extra-cacerts'],
    },
    'no validation on request': {
      values: { global: { configValidation: false } },
      less: ['ValidatingWebhookConfiguration istio-validator-istio-system'],
    },
    'no injector configuration on request': {
      values: { global: { omitSidecarInjectorConfigMap: true } },
      less: ['ConfigMap istio-sidecar-injector'],
    },
    'webhooks that somebody else writes': {
      values: { global: { operatorManageWebhooks: true } },
      less: ['MutatingWebhookConfiguration istio-sidecar-injector'],
    },
    'no rights for gateways that istiod does not deploy': {
      values: { pilot: { env: { PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER: false } } },
      less: [
        'ClusterRole istiod-gateway-controller-istio-system',
        'ClusterRoleBinding istiod-gateway-controller-istio-system',
      ],
    },
    'no rights for readers from other clusters': {
      values: { global: { enableReaderRBAC: false } },
      less: [
        'ClusterRole istio-reader-clusterrole-istio-system',
        'ClusterRoleBinding istio-reader-clusterrole-istio-system',
      ],
    },
    'no rights for readers where the answer is null, as in Istio': {
      values: { global: { enableReaderRBAC: null } },
      less: [
        'ClusterRole istio-reader-clusterrole-istio-system',
        'ClusterRoleBinding istio-reader-clusterrole-istio-system',
      ],
    },
    'the stable channel is a policy with its binding': {
      values: { experimental: { stableValidationPolicy: true } },
      more: [
        'ValidatingAdmissionPolicy stable-channel-policy-istio-system.istio.io',
        'ValidatingAdmissionPolicyBinding stable-channel-policy-binding-istio-system.istio.io',
      ],
    },
    'each tag has a webhook and a Service': {
      values: { revisionTags: ['prod'] },
      more: ['MutatingWebhookConfiguration istio-revision-tag-prod', 'Service istiod-revision-tag-prod'],
    },
    'each class of gateways has its settings': {
      values: { gatewayClasses: { istio: { deployment: { spec: { replicas: 2 } } } } },
      more: ['ConfigMap istio-default-gatewayclass-istio'],
    },
  };
  test.each(Object.entries(cases))('%s', (_name, { values, more = [], less = [] }) => {
    const want = [...ALWAYS.filter((id) => !less.includes(id)), ...more].sort();
    expect(idsOf(renderValues(values))).toEqual(want);
  });
});

describe('the scope of what is installed', () => {
  const isClusterKind = (id: string) => /^(ClusterRole|ClusterRoleBinding|\w+WebhookConfiguration) /.test(id);

  test.each([
    ['cluster', ALWAYS.filter(isClusterKind)],
    ['namespace', ALWAYS.filter((id) => !isClusterKind(id))],
    [null, []],
  ])('%s', (resourceScope, want) => {
    expect(idsOf(renderValues({ global: { resourceScope } }))).toEqual(want);
  });
});

describe('a revision', () => {
  const objects = renderPilot({ revision: 'canary' });

  test('is in the name of everything', () => {
    expect(idsOf(objects).filter((id) => !id.includes('canary'))).toEqual([]);
    expect(objects).toHaveLength(ALWAYS.length);
  });

  test('selects its own pods', () => {
    const selector = { app: 'istiod', 'istio.io/rev': 'canary' };
    expect(theObject(objects, 'Service istiod-canary')).toMatchObject({ spec: { selector } });
    expect(theObject(objects, 'Deployment istiod-canary')).toMatchObject({
      spec: { selector: { matchLabels: selector } },
    });
  });

  test('leaves the pods of the unnamed one to that', () => {
    expect(theObject(renderPilot({}), 'Service istiod')).toMatchObject({
      spec: { selector: { app: 'istiod', istio: 'pilot' } },
    });
  });
});

describe('a control plane in another cluster', () => {
  const remote = (values: JsonObject) => renderPilot({ profile: 'remote', values });
  const withAddress = (remotePilotAddress: string, more: JsonObject = {}) =>
    remote({ global: { remotePilotAddress }, ...more });

  test('leaves only what injects and what reads', () => {
    expect(idsOf(remote({}))).toEqual([
      'ClusterRole istio-reader-clusterrole-istio-system',
      'ClusterRoleBinding istio-reader-clusterrole-istio-system',
      'ConfigMap values',
      'MutatingWebhookConfiguration istio-sidecar-injector',
    ]);
  });

  test('is reached by its address through an EndpointSlice', () => {
    const objects = withAddress('10.0.0.1');
    expect(theObject(objects, 'EndpointSlice istiod')).toMatchObject({
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.0.0.1'] }],
    });
    expect(theObject(objects, 'Service istiod')).not.toHaveProperty('spec.type');
  });

  test('an IPv6 address is one', () => {
    expect(theObject(withAddress('2001:db8::1'), 'EndpointSlice istiod')).toMatchObject({ addressType: 'IPv6' });
  });

  test('a host name is an alias and has no EndpointSlice', () => {
    const objects = withAddress('istiod.example.com');
    expect(idsOf(objects)).not.toContain('EndpointSlice istiod');
    expect(theObject(objects, 'Service istiod')).toMatchObject({
      spec: { type: 'ExternalName', externalName: 'istiod.example.com' },
    });
  });

  test('beside a local injector it has a name of its own', () => {
    const ids = idsOf(withAddress('10.0.0.1', { istiodRemote: { enabledLocalInjectorIstiod: true } }));
    expect(ids).toEqual(expect.arrayContaining(['Deployment istiod', 'Service istiod', 'Service istiod-remote']));
  });

  test('gets rights where it reads configuration', () => {
    const ids = idsOf(remote({ global: { configCluster: true } }));
    expect(ids).toEqual(expect.arrayContaining(['Role istiod', 'ClusterRole istiod-clusterrole-istio-system']));
    expect(ids).not.toContain('Deployment istiod');
  });
});
