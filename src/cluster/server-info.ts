import type { Right } from '../apply/index.ts';
import { type ClusterFacts, type Json, OperatorError, type Scope, valueAt } from '../core/index.ts';
import type { ApiClient } from './api-client.ts';
import { type Call, describeCall } from './call.ts';
import { groupVersionPath } from './resource.ts';

/** The API group that every OpenShift has and nothing else. */
const OPENSHIFT_GROUP = 'security.openshift.io';

/** Asks the server for its version, and what platform it is. */
export async function fetchFacts(api: ApiClient, scope: Scope): Promise<ClusterFacts> {
  const call = infoCall('get', 'version', 'the server version', '/version');
  const gitVersion = valueAt(await api.send(call, scope), 'gitVersion');
  const facts = typeof gitVersion === 'string' ? factsFrom(gitVersion) : undefined;
  if (facts !== undefined) {
    const isOpenShift = facts.platform === undefined && (await hasGroup(api, OPENSHIFT_GROUP, scope));
    return isOpenShift ? { ...facts, platform: 'openshift' } : facts;
  }
  throw new OperatorError(`Cannot ${describeCall(call)}: the answer names no version.`, {
    code: 'ApiError',
    hint: 'Check that the server URL is that of a Kubernetes API server.',
  });
}

async function hasGroup(api: ApiClient, group: string, scope: Scope): Promise<boolean> {
  try {
    const answer = await api.send(infoCall('discover', 'discovery', group, `/apis/${group}`), scope);
    return valueAt(answer, 'kind') === 'APIGroup';
  } catch (error) {
    if (error instanceof OperatorError && error.detail.code === 'NotFound') return false;
    throw error;
  }
}

/** The discovery document of a group and version, or undefined when the server does not have it. */
export async function fetchResources(api: ApiClient, apiVersion: string, scope: Scope): Promise<Json | undefined> {
  try {
    return await api.send(infoCall('discover', 'discovery', apiVersion, groupVersionPath(apiVersion)), scope);
  } catch (error) {
    if (error instanceof OperatorError && error.detail.code === 'NotFound') return undefined;
    throw error;
  }
}

const REVIEW = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview' };

/** Asks the server whether this account may do something. */
export async function reviewAccess(api: ApiClient, right: Right, scope: Scope): Promise<boolean> {
  const { verb, group, namespace } = right;
  const [resource, subresource] = right.resource.split('/');
  const attributes = { verb, group, resource, subresource, namespace };
  const call: Call = {
    verb: 'review',
    resource: 'selfsubjectaccessreviews',
    subject: 'own rights',
    request: {
      method: 'POST',
      path: `${groupVersionPath(REVIEW.apiVersion)}/selfsubjectaccessreviews`,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ ...REVIEW, spec: { resourceAttributes: attributes } }),
    },
  };
  return valueAt(await api.send(call, scope), 'status', 'allowed') === true;
}

/** `v1.34.4-gke.1047000` → 1.34.4 on gke; `v1.33.1+k3s1` → 1.33.1. */
function factsFrom(gitVersion: string): ClusterFacts | undefined {
  const kubernetesVersion = /^v?(\d+\.\d+\.\d+)/.exec(gitVersion)?.[1];
  if (kubernetesVersion === undefined) return undefined;
  return { kubernetesVersion, ...(gitVersion.includes('-gke.') ? { platform: 'gke' } : {}) };
}

function infoCall(verb: Call['verb'], resource: string, subject: string, path: string): Call {
  return { verb, resource, subject, request: { method: 'GET', path, headers: { accept: 'application/json' } } };
}
