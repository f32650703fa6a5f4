import type { Cluster, LiveObject } from '../../apply/index.ts';
import { imageVersion, nearMatch, OperatorError, type Scope, valueAt } from '../../core/index.ts';

/** One istiod of the cluster. */
export interface ControlPlane {
  readonly namespace: string;
  readonly name: string;
  readonly revision: string;
  /** The tag of its image; undefined where the image has none. */
  readonly version: string | undefined;
  readonly ready: number;
  readonly desired: number;
}

/** All control planes of the cluster, whoever installed them, ordered by namespace and revision. */
export async function findControlPlanes(cluster: Cluster, scope: Scope): Promise<readonly ControlPlane[]> {
  const kind = { apiVersion: 'apps/v1', kind: 'Deployment' };
  const found = await cluster.list(kind, { labelSelector: 'app=istiod' }, scope);
  const order = ({ namespace, revision }: ControlPlane) => `${namespace}/${revision}`;
  return found.map(controlPlane).sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/**
 * The control planes of a revision, of which there is at least one.
 * @throws {OperatorError} `NotFound` with the revisions that are.
 */
export function expectRevision(revision: string, planes: readonly ControlPlane[]): readonly ControlPlane[] {
  const found = planes.filter((plane) => plane.revision === revision);
  if (found.length === 0) throw noControlPlane(revision, planes);
  return found;
}

/**
 * A revision as a manifest names it: `default` is the control plane without a name, unless one was installed by that name.
 */
export function revisionNamed(revision: string | undefined, planes: readonly ControlPlane[]): string | undefined {
  const isUnnamed = planes.some((plane) => plane.revision === 'default' && plane.name === 'istiod');
  return revision === 'default' && isUnnamed ? undefined : revision;
}

/** The error for a revision that no control plane has. */
function noControlPlane(revision: string, planes: readonly ControlPlane[]): OperatorError {
  const known = [...new Set(planes.map((plane) => plane.revision))];
  const near = nearMatch(revision, known);
  const all = known.length === 0 ? 'The cluster has none.' : `The cluster has: ${known.join(', ')}.`;
  return new OperatorError(`There is no control plane of the revision "${revision}".`, {
    code: 'NotFound',
    hint: `${near === undefined ? '' : `Did you mean "${near}"? `}${all} A new one comes with iop install.`,
  });
}

function controlPlane(deployment: LiveObject): ControlPlane {
  const { name, namespace = '', labels } = deployment.metadata;
  return {
    name,
    namespace,
    revision: labels?.['istio.io/rev'] ?? 'default',
    version: imageVersion(deployment),
    ready: numberIn(deployment, 'status', 'readyReplicas') ?? 0,
    desired: numberIn(deployment, 'spec', 'replicas') ?? 1,
  };
}

function numberIn(object: LiveObject, ...path: readonly string[]): number | undefined {
  const value = valueAt(object as never, ...path);
  return typeof value === 'number' ? value : undefined;
}
