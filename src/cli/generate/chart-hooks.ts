import { isObject, type JsonObject, valueAt } from '../../core/index.ts';
import type { DeployFile } from './chart.ts';

/** How the objects of the hook are called, after the operator. */
export const HOOK_SUFFIX = '-drain';

/** True for an object that Helm makes only for a moment, before it removes the rest. */
export function isHook(object: JsonObject): boolean {
  return valueAt(object, 'metadata', 'annotations', 'helm.sh/hook') !== undefined;
}

/**
 * What Helm runs before it removes the operator: a Job that sees to it that no IstioOperator waits for the operator
 * afterwards, with the rights for that and no others.
 * @param deployment - the operator, whose image, settings and environment the Job has.
 */
export function drainHook(deployment: JsonObject): DeployFile {
  const metadata = isObject(deployment.metadata) ? deployment.metadata : {};
  const operator = String(metadata.name);
  const namespace = operator; // as everything in deploy/
  const name = `${operator}${HOOK_SUFFIX}`;
  const subjects = [{ kind: 'ServiceAccount', name, namespace }];
  const roleRef = (kind: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });
  const rbac = 'rbac.authorization.k8s.io/v1';
  const resourceRules = [
    { apiGroups: ['install.istio.io'], resources: ['istiooperators'], verbs: ['get', 'list', 'patch', 'delete'] },
  ];
  const operatorRules = [
    { apiGroups: ['apps'], resources: ['deployments'], resourceNames: [operator], verbs: ['get', 'patch'] },
  ];
  const before = { annotations: annotations(-1) };
  return {
    name: 'drain.yaml',
    objects: [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, ...before }, automountServiceAccountToken: false },
      { apiVersion: rbac, kind: 'ClusterRole', metadata: { name, ...before }, rules: resourceRules },
      {
        apiVersion: rbac,
        kind: 'ClusterRoleBinding',
        metadata: { name, ...before },
        roleRef: roleRef('ClusterRole'),
        subjects,
      },
      { apiVersion: rbac, kind: 'Role', metadata: { name, ...before }, rules: operatorRules },
      { apiVersion: rbac, kind: 'RoleBinding', metadata: { name, ...before }, roleRef: roleRef('Role'), subjects },
      job(name, deployment),
    ],
  };
}

/** Accounts and rights come before the Job that needs them, and all of it goes when the Job is through. */
function annotations(weight: number): JsonObject {
  return {
    'helm.sh/hook': 'pre-delete',
    'helm.sh/hook-weight': String(weight),
    'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
  };
}

function job(name: string, deployment: JsonObject): JsonObject {
  const pod = valueAt(deployment, 'spec', 'template', 'spec');
  const containers = valueAt(pod, 'containers');
  const container = Array.isArray(containers) && isObject(containers[0]) ? containers[0] : {};
  const { image, env, resources, securityContext } = container;
  const own = [
    { name: 'OPERATOR_NAME', value: String(valueAt(deployment, 'metadata', 'name')) },
    { name: 'ON_UNINSTALL', value: 'release' },
  ];
  const args = ['operator', 'drain', '--yes']; // a Job has nobody to ask
  const drain = {
    name: 'drain',
    image,
    args,
    env: [...(Array.isArray(env) ? env : []), ...own],
    resources,
    securityContext,
  };
  const spec = {
    serviceAccountName: name,
    automountServiceAccountToken: true,
    restartPolicy: 'Never',
    securityContext: valueAt(pod, 'securityContext'),
    containers: [drain],
  };
  const template = { metadata: { labels: { name } }, spec };
  // One that could not have everything removed fails, which the log keeps; the next attempt finds nothing left to do.
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, annotations: annotations(0) },
    spec: { backoffLimit: 2, activeDeadlineSeconds: 280, template },
  } as JsonObject;
}
