import { type Condition, LABELS, readStatus } from '../../api/index.ts';
import {
  type Cluster,
  type Inventory,
  type LiveObject,
  LiveStore,
  ownsTheSame,
  type ResourceKind,
  readinessOf,
} from '../../apply/index.ts';
import {
  COMPONENT_NAMES,
  formatId,
  imageVersion,
  type JsonObject,
  type ObjectId,
  type Scope,
  valueAt,
} from '../../core/index.ts';
import { withCluster } from '../live/cluster-session.ts';
import type { ConnectionFlags } from '../live/connection.ts';
import { type ControlPlane, findControlPlanes } from '../live/control-planes.ts';
import { inventoryIn, listResources } from '../live/installed.ts';
import { findTags } from '../live/tags.ts';
import { findUse, type RevisionUse } from '../live/usage.ts';
import { EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { overviewText } from '../terminal/overview-text.ts';

/** Options of `iop status`. */
export interface StatusFlags extends ConnectionFlags {
  readonly output: 'text' | 'json';
}

/** One workload that was installed. */
export interface Workload {
  readonly component: string;
  readonly object: string;
  readonly version: string | undefined;
  readonly ready: boolean;
  readonly detail: string;
  /** Why it is not ready; empty where it is. */
  readonly message: string;
}

/** Conditions that say why nothing follows from an IstioOperator, in words for people. */
const ASIDE: Readonly<Record<string, string>> = { Paused: 'paused', Planned: 'dry run' };

/** One IstioOperator. */
export interface Resource {
  readonly name: string;
  readonly revision: string;
  readonly status: string;
  readonly message: string;
  /** Why nothing follows from it although it may be HEALTHY: it is paused, or a dry run. */
  readonly aside: readonly { readonly what: string; readonly message: string }[];
  /** Installed objects that somebody changed or removed. */
  readonly drifted: readonly string[];
}

/** What `iop status` shows. */
export interface Overview {
  readonly controlPlanes: readonly ControlPlane[];
  readonly resources: readonly Resource[];
  readonly workloads: readonly Workload[];
  readonly tags: readonly { readonly tag: string; readonly revision: string }[];
  readonly use: readonly RevisionUse[];
}

const WORKLOADS: readonly ResourceKind[] = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
];

/** `iop status`: control planes, IstioOperators with their drift, components, and who uses which revision. Read only. */
export async function status(flags: StatusFlags, io: Io): Promise<number> {
  return await withCluster(flags, io, async (cluster, scope) => {
    const overview = await look(cluster, scope);
    await io.stdout.write(
      flags.output === 'json' ? `${JSON.stringify(overview, null, 2)}\n` : overviewText(overview, io.stdout),
    );
    return EXIT_OK;
  });
}

async function look(cluster: Cluster, scope: Scope): Promise<Overview> {
  const [controlPlanes, resources, workloads, tags, use] = await Promise.all([
    findControlPlanes(cluster, scope),
    listResources(cluster, scope).then((found) => Promise.all(found.map((each) => describe(each, cluster, scope)))),
    findWorkloads(cluster, scope),
    findTags(cluster, scope),
    findUse(cluster, scope),
  ]);
  return { controlPlanes, resources, workloads, tags: tags.map(({ tag, revision }) => ({ tag, revision })), use };
}

async function describe(resource: LiveObject, cluster: Cluster, scope: Scope): Promise<Resource> {
  const { status: word = 'NONE', message = '', conditions = [] } = readStatus(resource.status);
  const revision = valueAt((resource.spec ?? {}) as JsonObject, 'revision');
  return {
    name: `${resource.metadata.namespace ?? ''}/${resource.metadata.name}`,
    revision: typeof revision === 'string' && revision !== '' ? revision : 'default',
    status: word,
    message,
    aside: asideOf(conditions),
    drifted: (await findDrift(inventoryIn(resource), cluster, scope)).map(formatId),
  };
}

/** What stops an operator from following a resource. A dry run that has failed says so in the message of its condition. */
export function asideOf(conditions: readonly Condition[]): Resource['aside'] {
  return conditions.flatMap(({ type, status: state, message }) => {
    const what = ASIDE[type];
    return what === undefined || (type === 'Paused' && state !== 'True') ? [] : [{ what, message }];
  });
}

/** What was applied and is gone or changed since, as the operator would see it: from metadata alone. */
async function findDrift(inventory: Inventory, cluster: Cluster, scope: Scope): Promise<readonly ObjectId[]> {
  const applied = [...inventory.values()].filter(({ digest }) => digest !== undefined);
  const kinds = new Map(applied.map(({ apiVersion, kind }) => [`${apiVersion}/${kind}`, { apiVersion, kind }]));
  const store = new LiveStore();
  const selection = { labelSelector: LABELS.component, metadataOnly: true };
  const lists = await Promise.all([...kinds.values()].map((kind) => cluster.list(kind, selection, scope)));
  for (const object of lists.flat()) store.observe(object);
  return applied.filter((entry) => {
    const live = store.get(entry);
    return live?.uid !== entry.uid || !ownsTheSame(entry.ownedFields, live?.ownedFields);
  });
}

async function findWorkloads(cluster: Cluster, scope: Scope): Promise<readonly Workload[]> {
  const lists = await Promise.all(
    WORKLOADS.map((kind) => cluster.list(kind, { labelSelector: LABELS.component }, scope)),
  );
  const rank = ({ component }: Workload) => (COMPONENT_NAMES as readonly string[]).indexOf(component);
  return lists
    .flat()
    .map(workload)
    .sort((a, b) => rank(a) - rank(b) || (a.object < b.object ? -1 : 1));
}

function workload(object: LiveObject): Workload {
  const { name, namespace = '', labels } = object.metadata;
  const { ready, desired = 0, readyCount = 0, message = '' } = readinessOf(object);
  return {
    component: labels?.[LABELS.component] ?? '',
    object: formatId({ group: 'apps', kind: object.kind, namespace, name }),
    version: imageVersion(object),
    ready,
    detail: `${readyCount}/${desired}`,
    message: ready ? '' : message,
  };
}
