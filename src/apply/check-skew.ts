import { LABELS } from '../api/index.ts';
import {
  asJson,
  imageVersion,
  isObject,
  type Json,
  type KubernetesObject,
  OperatorError,
  type Scope,
  SKEW_HINT,
  valueAt,
  ztunnelSkew,
} from '../core/index.ts';
import type { Cluster } from './cluster.ts';
import type { PlannedObject } from './plan.ts';

/**
 * Refuses a new version of ztunnel that does not work with the istiod that runs, which another resource may have
 * installed. An istiod that is not there, or somewhere else, says nothing.
 * @throws {OperatorError} `VersionSkew`.
 */
export async function checkSkew({ object, cause }: PlannedObject, cluster: Cluster, scope: Scope): Promise<void> {
  const isZtunnel = object.kind === 'DaemonSet' && object.metadata.labels?.[LABELS.component] === 'Ztunnel';
  if (!isZtunnel || (cause !== 'new' && cause !== 'changed')) return;
  const [, name = '', namespace = ''] = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:[.:]|$)/.exec(addressOf(object)) ?? [];
  if (name === '') return;
  const istiod = await cluster.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name }, scope);
  const message = ztunnelSkew(imageVersion(object), istiod && imageVersion(istiod));
  if (message !== undefined) throw new OperatorError(message, { code: 'VersionSkew', hint: SKEW_HINT });
}

/** Where ztunnel gets its configuration from: the Service of istiod, which is named like its Deployment. */
function addressOf(ztunnel: KubernetesObject): string {
  const containers = listOf(valueAt(asJson(ztunnel), 'spec', 'template', 'spec', 'containers'));
  const variables = containers.flatMap((container) => listOf(valueAt(container, 'env')));
  const address = variables.find((variable) => valueAt(variable, 'name') === 'XDS_ADDRESS');
  return String(valueAt(address, 'value') ?? '');
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
