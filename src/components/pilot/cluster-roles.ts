import type { IClusterRole, IPolicyRule } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { unlessEmpty } from '../shared/empty.ts';
import { CONFIG_GROUPS } from '../shared/istio-api-groups.ts';
import { built, type Draft } from '../shared/typed.ts';
import { deploysGateways, gatewayControllerRoleName, istiodClusterRoleName } from './cluster-role-names.ts';
import { multiclusterServiceGroup, usesClusterTrustBundles } from './istiod-features.ts';
import type { PilotContext } from './pilot-context.ts';

type Rule = Draft<IPolicyRule>;

const READ = ['get', 'watch', 'list'] as const;
const WRITE_STATUS = ['update', 'patch'] as const;
const MANAGE = ['get', 'watch', 'list', 'update', 'patch', 'create', 'delete'] as const;

/** Kinds whose status istiod's analysis writes. */
const ANALYSED = [
  'authorizationpolicies',
  'destinationrules',
  'envoyfilters',
  'gateways',
  'peerauthentications',
  'proxyconfigs',
  'requestauthentications',
  'serviceentries',
  'sidecars',
  'telemetries',
  'virtualservices',
  'wasmplugins',
  'workloadentries',
  'workloadgroups',
] as const;

/** Kinds of the Gateway API whose status istiod writes. */
const GATEWAY_API_STATUS = [
  'backendtlspolicies',
  'gatewayclasses',
  'gateways',
  'grpcroutes',
  'httproutes',
  'referencegrants',
  'tcproutes',
  'tlsroutes',
  'udproutes',
  'listenersets',
] as const;

/** What istiod may do in the whole cluster. */
export function clusterRoles(pilot: PilotContext): readonly KubernetesObject[] {
  return [
    clusterRole(pilot, istiodClusterRoleName(pilot), istiodRules(pilot)),
    ...(deploysGateways(pilot) ? [clusterRole(pilot, gatewayControllerRoleName(pilot), GATEWAY_CONTROLLER)] : []),
  ];
}

function clusterRole({ labels }: PilotContext, name: string, rules: readonly Rule[]): KubernetesObject {
  return built<IClusterRole>({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name, labels },
    rules,
  });
}

/** The objects that stand for a Gateway: istiod makes them in the Gateway's namespace. */
const GATEWAY_CONTROLLER: readonly Rule[] = [
  { apiGroups: ['apps'], resources: ['deployments'], verbs: MANAGE },
  { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: MANAGE },
  { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs: MANAGE },
  { apiGroups: [''], resources: ['services'], verbs: MANAGE },
  { apiGroups: [''], resources: ['serviceaccounts'], verbs: MANAGE },
];

function istiodRules(pilot: PilotContext): readonly Rule[] {
  return [
    ...webhookRules(),
    ...configurationRules(pilot),
    ...discoveryRules(pilot),
    ...ingressRules(pilot),
    ...certificateRules(pilot),
    ...authenticationRules(),
    ...gatewayApiRules(),
    ...multiclusterRules(pilot),
  ];
}

/** istiod writes its certificate into the webhooks that call it. */
function webhookRules(): readonly Rule[] {
  const group = ['admissionregistration.k8s.io'];
  return [
    { apiGroups: group, resources: ['mutatingwebhookconfigurations'], verbs: [...READ, 'update', 'patch'] },
    { apiGroups: group, resources: ['validatingwebhookconfigurations'], verbs: [...READ, 'update'] },
  ];
}

function configurationRules({ values }: PilotContext): readonly Rule[] {
  const analysis: Rule = {
    apiGroups: CONFIG_GROUPS,
    resources: ANALYSED.map((kind) => `${kind}/status`),
    verbs: WRITE_STATUS,
  };
  return [
    { apiGroups: CONFIG_GROUPS, resources: ['*'], verbs: READ },
    ...(values.global.istiod.enableAnalysis ? [analysis] : []),
    { apiGroups: ['networking.istio.io'], resources: ['workloadentries'], verbs: MANAGE },
    {
      apiGroups: ['networking.istio.io'],
      resources: ['workloadentries/status', 'serviceentries/status'],
      verbs: MANAGE,
    },
    { apiGroups: ['security.istio.io'], resources: ['authorizationpolicies/status'], verbs: MANAGE },
    { apiGroups: [''], resources: ['services/status'], verbs: MANAGE },
    // Which kinds there are decides what is watched.
    { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: READ },
  ];
}

function discoveryRules({ values }: PilotContext): readonly Rule[] {
  return [
    { apiGroups: [''], resources: ['pods', 'nodes', 'services', 'namespaces', 'endpoints'], verbs: READ },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: READ },
    // Takes the taint off a node whose CNI agent is ready.
    ...(values.taint.enabled ? [{ apiGroups: [''], resources: ['nodes'], verbs: ['patch'] }] : []),
  ];
}

function ingressRules({ values }: PilotContext): readonly Rule[] {
  const groups = ['extensions', 'networking.k8s.io'];
  const analysis: readonly Rule[] = [
    { apiGroups: groups, resources: ['ingresses'], verbs: READ },
    { apiGroups: groups, resources: ['ingresses/status'], verbs: ['*'] },
  ];
  return [
    ...(values.global.istiod.enableAnalysis ? analysis : []),
    { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'ingressclasses'], verbs: READ },
    { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['*'] },
  ];
}

/** The root certificate goes to every namespace; other CAs sign through Kubernetes. */
function certificateRules(pilot: PilotContext): readonly Rule[] {
  const { values } = pilot;
  const group = ['certificates.k8s.io'];
  const requests = ['', '/approval', '/status'].map((sub) => `certificatesigningrequests${sub}`);
  const signing: readonly Rule[] = [
    { apiGroups: group, resources: requests, verbs: ['update', 'create', 'get', 'delete', 'watch'] },
    {
      apiGroups: group,
      resources: ['signers'],
      resourceNames: unlessEmpty(values.global.certSigners),
      verbs: ['approve'],
    },
  ];
  const bundles: readonly Rule[] = [
    { apiGroups: group, resources: ['clustertrustbundles'], verbs: ['update', 'create', 'delete', ...READ] },
    { apiGroups: group, resources: ['signers'], resourceNames: ['istio.io/istiod-ca'], verbs: ['attest'] },
  ];
  return [
    { apiGroups: [''], resources: ['configmaps'], verbs: ['create', ...READ, 'update'] },
    ...(signsThroughKubernetes(pilot) ? signing : []),
    ...(usesClusterTrustBundles(values.env) ? bundles : []),
  ];
}

function signsThroughKubernetes({ values }: PilotContext): boolean {
  return (
    Boolean(values.env.EXTERNAL_CA) || !['istiod', 'custom', 'none'].includes(values.global.pilotCertProvider ?? '')
  );
}

/** Who a proxy is, and whether it may have the certificates that it asks for. */
function authenticationRules(): readonly Rule[] {
  return [
    { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
    { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
  ];
}

function gatewayApiRules(): readonly Rule[] {
  const stable = 'gateway.networking.k8s.io';
  const experimental = 'gateway.networking.x-k8s.io';
  const inference = 'inference.networking.k8s.io';
  return [
    { apiGroups: [stable, experimental], resources: ['*'], verbs: READ },
    { apiGroups: [experimental], resources: ['xbackendtrafficpolicies/status'], verbs: WRITE_STATUS },
    { apiGroups: [stable], resources: GATEWAY_API_STATUS.map((kind) => `${kind}/status`), verbs: WRITE_STATUS },
    { apiGroups: [stable], resources: ['gatewayclasses'], verbs: ['create', 'update', 'patch', 'delete'] },
    { apiGroups: [inference], resources: ['inferencepools'], verbs: READ },
    { apiGroups: [inference], resources: ['inferencepools/status'], verbs: WRITE_STATUS },
  ];
}

/** Secrets hold the kubeconfigs of other clusters; the rest is Kubernetes' own multi-cluster API. */
function multiclusterRules({ values }: PilotContext): readonly Rule[] {
  const group = [multiclusterServiceGroup(values.env)];
  return [
    { apiGroups: [''], resources: ['secrets'], verbs: READ },
    { apiGroups: group, resources: ['serviceexports'], verbs: [...READ, 'create', 'delete'] },
    { apiGroups: group, resources: ['serviceimports'], verbs: READ },
  ];
}
