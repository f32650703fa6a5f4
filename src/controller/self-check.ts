import { RESOURCE_KIND } from '../api/index.ts';
import { type Cluster, INSTALLED_KINDS, mapConcurrently, type ResourceKind, type Right } from '../apply/index.ts';
import { groupOf, isAbort, OperatorError, pluralOf, type Scope } from '../core/index.ts';

/** What the operator does with objects that it installs. `create` is what a server-side apply of a new object needs. */
export const INSTALL_VERBS = ['get', 'list', 'watch', 'create', 'patch', 'delete'] as const;

const CONCURRENCY = 4;

const CRD = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };

/** What may be done with one resource; a subresource is named with it, as in a role: `pods/log`. */
export interface ResourceRights {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
}

/** What the operator does with its CRs, in the namespaces whose CRs it looks after. */
export const CR_RIGHTS: readonly ResourceRights[] = [
  rightsOn(RESOURCE_KIND, ['get', 'list', 'watch', 'patch', 'delete']),
  { ...rightsOn(RESOURCE_KIND, ['patch']), resource: 'istiooperators/status' },
];

/** What it needs beside installing: to tell what it does, to know why pods do not start, and who uses a revision. */
export const SUPPORT_RIGHTS: readonly ResourceRights[] = [
  rightsOn({ apiVersion: 'v1', kind: 'Namespace' }, ['get', 'list', 'watch', 'create']),
  rightsOn({ apiVersion: 'v1', kind: 'Pod' }, ['list', 'watch']),
  rightsOn({ apiVersion: 'v1', kind: 'Event' }, ['list', 'create', 'patch']),
  rightsOn({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' }, ['get']), // whether another operator lives
  rightsOn({ apiVersion: 'apps/v1', kind: 'ReplicaSet' }, ['get', 'list', 'delete']), // left by a Deployment made anew
];

/**
 * What the operator cannot do without, whatever its CRs ask for.
 * @param watchNamespaces - the namespaces whose CRs it looks after; empty means all.
 */
export function neededRights(watchNamespaces: readonly string[]): readonly Right[] {
  const installing = [...INSTALLED_KINDS, CRD].map((kind) => rightsOn(kind, INSTALL_VERBS));
  const places = watchNamespaces.length === 0 ? [''] : watchNamespaces;
  return [
    ...places.flatMap((namespace) => CR_RIGHTS.flatMap((rights) => rightsIn(namespace, rights))),
    ...[...installing, ...SUPPORT_RIGHTS].flatMap((rights) => rightsIn('', rights)),
  ];
}

function rightsOn({ apiVersion, kind }: ResourceKind, verbs: readonly string[]): ResourceRights {
  return { group: groupOf(apiVersion), resource: pluralOf(kind), verbs };
}

/** @param namespace - empty for all. */
function rightsIn(namespace: string, { group, resource, verbs }: ResourceRights): readonly Right[] {
  return verbs.map((verb) => ({ verb, group, resource, namespace }));
}

/**
 * Says once in the log which rights the operator lacks, so that nobody has to wait for the pass that fails without them.
 * Where the API server does not tell, nothing is said: the CR's status will. Resolves also when the scope is aborted.
 */
export async function checkRights(rights: readonly Right[], cluster: Cluster, scope: Scope): Promise<void> {
  try {
    const answers = await mapConcurrently(rights, CONCURRENCY, (right) => cluster.may(right, scope));
    const missing = rights.filter((_right, index) => answers[index] === false).map(rightText);
    if (missing.length > 0) scope.log.warn({ code: 'Forbidden', missing }, 'rights are missing: grant them');
    else scope.log.debug({}, 'all rights are there');
  } catch (error) {
    if (isAbort(error, scope.signal)) return; // who ends the operator waits for its writes, not for this
    if (!(error instanceof OperatorError)) throw error;
    scope.log.debug({ code: error.detail.code }, 'rights not checked');
  }
}

/** A right in the words of a role: `list daemonsets.apps in all namespaces`. */
function rightText({ verb, group, resource, namespace }: Right): string {
  const name = group === '' ? resource : `${resource}.${group}`;
  return `${verb} ${name} in ${namespace === '' ? 'all namespaces' : namespace}`;
}
