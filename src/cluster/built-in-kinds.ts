import type { ResourceKind } from '../apply/index.ts';
import type { Resource } from './resource.ts';

/** apiVersion → kind → plural. A plural that starts with `/` is cluster-scoped. */
const BUILT_IN: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map(
  Object.entries({
    v1: {
      ConfigMap: 'configmaps',
      Endpoints: 'endpoints',
      Event: 'events',
      LimitRange: 'limitranges',
      Namespace: '/namespaces',
      Node: '/nodes',
      PersistentVolume: '/persistentvolumes',
      PersistentVolumeClaim: 'persistentvolumeclaims',
      Pod: 'pods',
      ResourceQuota: 'resourcequotas',
      Secret: 'secrets',
      Service: 'services',
      ServiceAccount: 'serviceaccounts',
    },
    'admissionregistration.k8s.io/v1': {
      MutatingWebhookConfiguration: '/mutatingwebhookconfigurations',
      ValidatingAdmissionPolicy: '/validatingadmissionpolicies',
      ValidatingAdmissionPolicyBinding: '/validatingadmissionpolicybindings',
      ValidatingWebhookConfiguration: '/validatingwebhookconfigurations',
    },
    'apiextensions.k8s.io/v1': { CustomResourceDefinition: '/customresourcedefinitions' },
    'apps/v1': {
      DaemonSet: 'daemonsets',
      Deployment: 'deployments',
      ReplicaSet: 'replicasets',
      StatefulSet: 'statefulsets',
    },
    'autoscaling/v2': { HorizontalPodAutoscaler: 'horizontalpodautoscalers' },
    'batch/v1': { CronJob: 'cronjobs', Job: 'jobs' },
    'coordination.k8s.io/v1': { Lease: 'leases' },
    'discovery.k8s.io/v1': { EndpointSlice: 'endpointslices' },
    'events.k8s.io/v1': { Event: 'events' },
    'networking.k8s.io/v1': { Ingress: 'ingresses', IngressClass: '/ingressclasses', NetworkPolicy: 'networkpolicies' },
    'policy/v1': { PodDisruptionBudget: 'poddisruptionbudgets' },
    'rbac.authorization.k8s.io/v1': {
      ClusterRole: '/clusterroles',
      ClusterRoleBinding: '/clusterrolebindings',
      Role: 'roles',
      RoleBinding: 'rolebindings',
    },
    'scheduling.k8s.io/v1': { PriorityClass: '/priorityclasses' },
    'storage.k8s.io/v1': { StorageClass: '/storageclasses' },
  }),
);

/** The resource of a kind that every supported API server has, so that nobody need ask for it. */
export function builtInResource({ apiVersion, kind }: ResourceKind): Resource | undefined {
  const kinds = BUILT_IN.get(apiVersion);
  const plural = kinds !== undefined && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (plural === undefined) return undefined;
  const namespaced = !plural.startsWith('/');
  return { apiVersion, kind, plural: namespaced ? plural : plural.slice(1), namespaced };
}
