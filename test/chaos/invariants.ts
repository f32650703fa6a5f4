import { setTimeout as sleep } from 'node:timers/promises';
import { LABELS, RESOURCE_KIND, readStatus } from '../../src/api/index.ts';
import {
  autoscaledIn,
  diffObjects,
  FIELD_MANAGER,
  INSTALLED_KINDS,
  type LiveObject,
  mapConcurrently,
  type ResourceKind,
  readInventory,
  withoutServerFields,
  withoutTakenFields,
} from '../../src/apply/index.ts';
import { asJson, idKey, idOf, type JsonObject, type KubernetesObject } from '../../src/core/index.ts';
import type { Arena } from './arena.ts';
import { changedForeigners } from './foreign.ts';
import type { WantedResource, World } from './world.ts';

/** How long nothing may move before a cluster counts as at rest. */
const REST_MS = 2_000;
/** An operator may hold on to no more than this, in MB, whatever it went through. */
const MEMORY_LIMIT_MB = 180;
const CONCURRENCY = 8;
/** Kinds whose status moves by itself. */
const RESTLESS: ReadonlySet<string> = new Set(['HorizontalPodAutoscaler', 'PodDisruptionBudget']);

/** What the cluster looks like now. */
interface Snapshot {
  readonly resources: ReadonlyMap<string, LiveObject>;
  /** Everything with the label of a component, by `idKey`. */
  readonly labelled: ReadonlyMap<string, LiveObject>;
}

/** Everything that is not as it should be; empty when all is well. */
export async function differences(arena: Arena): Promise<readonly string[]> {
  const statuses = statusDifferences(await listResources(arena), arena);
  if (statuses.length > 0) return statuses; // the rest would only repeat it
  const before = await takeSnapshot(arena);
  const found = [
    ...orphans(before, arena),
    ...inventoryDifferences(before, arena),
    ...(await contentDifferences(before, arena)),
    ...(await changedForeigners(arena.foreign, arena.client, arena.scope)),
    ...(await memoryDifferences(arena)),
  ];
  return found.length > 0 ? found : await unrest(arena);
}

async function listResources({ client, scope }: Arena): Promise<Snapshot['resources']> {
  const resources = await client.list(RESOURCE_KIND, {}, scope);
  return new Map(resources.map((object) => [`${object.metadata.namespace}/${object.metadata.name}`, object]));
}

async function takeSnapshot(arena: Arena): Promise<Snapshot> {
  const { client, scope, world } = arena;
  const kinds = new Map<string, ResourceKind>();
  for (const kind of [...INSTALLED_KINDS, ...world.objects()]) kinds.set(`${kind.apiVersion}/${kind.kind}`, kind);
  const labelled = await mapConcurrently([...kinds.values()], CONCURRENCY, ({ apiVersion, kind }) =>
    client.list({ apiVersion, kind }, { labelSelector: LABELS.component }, scope),
  );
  return {
    resources: await listResources(arena),
    labelled: new Map(labelled.flat().map((object) => [idKey(idOf(object)), object])),
  };
}

function keyOf({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`;
}

function statusDifferences(resources: Snapshot['resources'], { world }: Arena): string[] {
  const wanted = new Set(world.wanted.map(keyOf));
  const left = [...resources.keys()].filter((key) => !wanted.has(key));
  return [
    ...left.map((key) => `${key} was deleted and is still there: ${statusText(resources.get(key))}`),
    ...world.wanted.flatMap((one) => statusDifference(one, resources.get(keyOf(one)))),
  ];
}

function statusDifference(wanted: WantedResource, live: LiveObject | undefined): string[] {
  if (live === undefined) return [`${keyOf(wanted)} does not exist`];
  const { expected } = wanted;
  const status = readStatus(live.status);
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  const isCurrent = status.observedGeneration === live.metadata.generation;
  const isRight = status.status === expected.word && (expected.word === 'HEALTHY' || ready?.reason === expected.reason);
  if (isCurrent && isRight && live.metadata.deletionTimestamp === undefined) return [];
  const hoped = expected.word === 'HEALTHY' ? 'HEALTHY' : `ERROR ${expected.reason}`;
  return [`${keyOf(wanted)} should be ${hoped} and is: ${statusText(live)}`];
}

function statusText(live: LiveObject | undefined): string {
  if (live === undefined) return 'absent';
  const { inventory: _inventory, ...status } = asObject(live.status);
  const { generation, deletionTimestamp } = live.metadata;
  return JSON.stringify({ generation, deletionTimestamp, status });
}

/** Objects labelled for a CR of ours that does not want them. */
function orphans({ labelled }: Snapshot, { world, foreign }: Arena): string[] {
  const foreigners = new Set(foreign.map(({ uid }) => uid));
  const failing = failingOnes(world);
  const known = new Set(world.objects().map((object) => idKey(idOf(object))));
  return [...labelled].flatMap(([key, { metadata }]) => {
    const owner = `${metadata.labels?.[LABELS.ownerNamespace]}/${metadata.labels?.[LABELS.owner]}`;
    // The cluster's own controller copies all labels of a Service to its slices.
    const isCopied = metadata.labels?.['endpointslice.kubernetes.io/managed-by'] === 'endpointslice-controller.k8s.io';
    const isExpected = isCopied || known.has(key) || failing.has(owner) || foreigners.has(metadata.uid);
    return isExpected ? [] : [`${key} of ${owner} is left over`];
  });
}

/** The inventory of a healthy CR has exactly what it renders, with the uids of what is there. */
function inventoryDifferences({ resources, labelled }: Snapshot, { world }: Arena): string[] {
  return healthy(world.wanted).flatMap(({ wanted, objects }) => {
    const status = asObject(resources.get(keyOf(wanted))?.status);
    const inventory = readInventory(status.inventory);
    const rendered = new Set(objects.map((object) => idKey(idOf(object))));
    const extra = [...inventory.keys()].filter((key) => !rendered.has(key));
    const missing = [...rendered].filter((key) => !inventory.has(key));
    const stale = [...inventory].filter(([key, { uid, digest }]) => {
      const live = labelled.get(key);
      return live !== undefined && digest !== undefined && uid !== live.metadata.uid;
    });
    return [
      ...extra.map((key) => `the inventory of ${keyOf(wanted)} has ${key}, which it does not render`),
      ...missing.map((key) => `the inventory of ${keyOf(wanted)} lacks ${key}`),
      ...stale.map(([key]) => `the inventory of ${keyOf(wanted)} has another uid of ${key}`),
    ];
  });
}

function failingOnes({ wanted }: World): ReadonlySet<string> {
  return new Set(wanted.filter(({ expected }) => expected.word === 'ERROR').map(keyOf));
}

function healthy(wanted: readonly WantedResource[]) {
  return wanted.flatMap((one) => {
    const { expected } = one;
    return expected.word === 'HEALTHY' ? [{ wanted: one, objects: expected.objects }] : [];
  });
}

/** Asks the API server what applying each object again would change: nothing, if all is well. */
async function contentDifferences({ labelled }: Snapshot, arena: Arena): Promise<readonly string[]> {
  const renderings = new Map<string, { owner: string; object: KubernetesObject }[]>();
  for (const { wanted, objects } of healthy(arena.world.wanted)) {
    for (const object of objects) {
      const key = idKey(idOf(object));
      const shared = renderings.get(key) ?? [];
      renderings.set(key, [...shared, { owner: keyOf(wanted), object }]);
    }
  }
  const failing = failingOnes(arena.world);
  const found = await mapConcurrently([...renderings], CONCURRENCY, async ([key, candidates]) => {
    const live = labelled.get(key) ?? (await find(candidates[0]?.object, arena));
    if (live === undefined) return [`${key} of ${candidates.map(({ owner }) => owner).join(' and ')} is missing`];
    const { [LABELS.owner]: name, [LABELS.ownerNamespace]: namespace } = live.metadata.labels ?? {};
    const mine = candidates.find(({ owner }) => owner === `${namespace}/${name}`);
    // What a CR with a bad spec has installed stays, and so does its name on what it shares with others.
    if (mine === undefined && failing.has(`${namespace}/${name}`)) return [];
    if (mine === undefined) return [`${key} is labelled for ${namespace}/${name}, which does not render it`];
    return await contentDifference(key, mine.object, live, arena);
  });
  return found.flat();
}

async function find(object: KubernetesObject | undefined, { client, scope }: Arena): Promise<LiveObject | undefined> {
  if (object === undefined) return undefined;
  const { apiVersion, kind, metadata } = object;
  return await client.get({ apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name }, scope);
}

async function contentDifference(
  key: string,
  object: KubernetesObject,
  live: LiveObject,
  { client, scope }: Arena,
): Promise<readonly string[]> {
  const options = { fieldManager: FIELD_MANAGER, force: true, dryRun: true };
  const sent = await withoutTakenFields({ object }, live, autoscaledIn(client, scope));
  const after = await client.apply(sent, options, scope);
  const changes = diffObjects(withoutServerFields(jsonOf(live)), withoutServerFields(jsonOf(after)));
  return changes.map(
    ({ path, before, after: wanted }) =>
      `${key} ${path} is ${JSON.stringify(before)?.slice(0, 200)} instead of ${JSON.stringify(wanted)?.slice(0, 200)}`,
  );
}

/** Whoever measures the memory judges it. */
async function memoryDifferences({ operator }: Arena): Promise<readonly string[]> {
  if (operator.isMeasured) return [];
  const residentMb = await operator.residentMb();
  return residentMb <= MEMORY_LIMIT_MB ? [] : [`the operator holds ${residentMb} MB`];
}

/** What moves, and what the operator writes, although everything is as it should be. */
async function unrest(arena: Arena): Promise<readonly string[]> {
  const { proxy } = arena;
  const before = versionsOf(await takeSnapshot(arena));
  const writes = proxy.writes.length;
  await sleep(REST_MS);
  const after = versionsOf(await takeSnapshot(arena));
  const moved = [...after].filter(([key, version]) => before.get(key) !== version);
  return [
    ...moved.map(([key]) => `${key} changes although nothing has to`),
    ...proxy.writes.slice(writes).map(({ method, path }) => `the operator writes at rest: ${method} ${path}`),
  ];
}

function versionsOf({ resources, labelled }: Snapshot): ReadonlyMap<string, string> {
  const all = [...resources, ...labelled].filter(([, { kind }]) => !RESTLESS.has(kind));
  return new Map(all.map(([key, { metadata }]) => [key, metadata.resourceVersion]));
}

function asObject(value: LiveObject['status']): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function jsonOf(live: LiveObject): JsonObject {
  return asJson(live as unknown as KubernetesObject);
}
