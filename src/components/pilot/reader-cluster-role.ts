import type { IClusterRole, IClusterRoleBinding, IPolicyRule } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { CONFIG_GROUPS } from '../shared/istio-api-groups.ts';
import { istioLabels } from '../shared/labels.ts';
import { built, type Draft } from '../shared/typed.ts';
import { readerRoleName } from './cluster-role-names.ts';
import { multiclusterServiceGroup } from './istiod-features.ts';
import type { PilotContext } from './pilot-context.ts';

const READ = ['get', 'list', 'watch'] as const;
const LABELS = { app: 'istio-reader', ...istioLabels('istio-reader') } as const;

/** What the control plane of another cluster reads here through a remote secret. */
export function readerClusterRole(pilot: PilotContext): KubernetesObject {
  const { values } = pilot;
  return built<IClusterRole>({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: readerRoleName(pilot), labels: LABELS },
    rules: [
      ...readRules(multiclusterServiceGroup(values.env)),
      ...(values.istiodRemote.enabled ? REMOTE_CONTROL_PLANE : []),
    ],
  });
}

function readRules(multiclusterGroup: string): readonly Draft<IPolicyRule>[] {
  const core = [
    'endpoints',
    'pods',
    'services',
    'nodes',
    'replicationcontrollers',
    'namespaces',
    'secrets',
    'configmaps',
  ];
  return [
    { apiGroups: CONFIG_GROUPS, resources: ['*'], verbs: READ },
    { apiGroups: [''], resources: core, verbs: READ },
    { apiGroups: ['networking.istio.io'], resources: ['workloadentries'], verbs: READ },
    { apiGroups: ['networking.x-k8s.io', 'gateway.networking.k8s.io'], resources: ['gateways'], verbs: READ },
    { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: READ },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: READ },
    { apiGroups: [multiclusterGroup], resources: ['serviceexports'], verbs: [...READ, 'create', 'delete'] },
    { apiGroups: [multiclusterGroup], resources: ['serviceimports'], verbs: READ },
    { apiGroups: ['apps'], resources: ['replicasets'], verbs: READ },
    { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
    { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
  ];
}

/** A remote istiod also hands its root certificate out here and writes it into the webhooks. */
const REMOTE_CONTROL_PLANE: readonly Draft<IPolicyRule>[] = [
  { apiGroups: [''], resources: ['configmaps'], verbs: ['create', ...READ, 'update'] },
  {
    apiGroups: ['admissionregistration.k8s.io'],
    resources: ['mutatingwebhookconfigurations'],
    verbs: [...READ, 'update', 'patch'],
  },
  {
    apiGroups: ['admissionregistration.k8s.io'],
    resources: ['validatingwebhookconfigurations'],
    verbs: [...READ, 'update'],
  },
];

/** Gives the role to the reader account that Base installs. */
export function readerClusterRoleBinding(pilot: PilotContext): KubernetesObject {
  const name = readerRoleName(pilot);
  return built<IClusterRoleBinding>({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name, labels: LABELS },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name: 'istio-reader-service-account', namespace: pilot.istioNamespace }],
  });
}
