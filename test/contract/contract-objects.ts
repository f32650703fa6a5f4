import { randomBytes } from 'node:crypto';
import type { Cluster, LiveObject, ObjectRef, ResourceKind } from '../../src/apply/index.ts';
import {
  type Json,
  type JsonObject,
  type KubernetesObject,
  OperatorError,
  type Scope,
  silentLogger,
  valueAt,
} from '../../src/core/index.ts';

/** A cluster to hold to the contract. */
export interface ContractSubject {
  readonly cluster: Cluster;
  /** Waits until `isTrue`, at most for some seconds: on a real cluster things take time. */
  readonly until: (isTrue: () => boolean | Promise<boolean>) => Promise<void>;
}

export const CONFIG_MAP: ResourceKind = { apiVersion: 'v1', kind: 'ConfigMap' };
export const NAMESPACE: ResourceKind = { apiVersion: 'v1', kind: 'Namespace' };
export const DEFINITION: ResourceKind = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };
export const NOT_SERVED: ResourceKind = { apiVersion: 'nobody.test/v1', kind: 'Unheard' };

export const OURS = { fieldManager: 'contract', force: true };
export const THEIRS = { fieldManager: 'somebody', force: false };

/** A scope of its own for each call, so that nothing is cancelled. */
export function testScope(signal: AbortSignal = new AbortController().signal): Scope {
  return { signal, log: silentLogger };
}

/** A new namespace; its name is returned. */
export async function aNamespace(cluster: Cluster): Promise<string> {
  const name = `contract-${randomBytes(4).toString('hex')}`;
  await cluster.create({ ...NAMESPACE, metadata: { name } }, OURS, testScope());
  return name;
}

/** Deletes what `aNamespace` made, so that a cluster that is used again does not fill up. */
export async function deleteNamespaces(cluster: Cluster): Promise<void> {
  const all = await cluster.list(NAMESPACE, { metadataOnly: true }, testScope());
  for (const { metadata } of all.filter((namespace) => namespace.metadata.name.startsWith('contract-'))) {
    await cluster.delete(refTo(NAMESPACE, '', metadata.name), {}, testScope());
  }
}

export function refTo(kind: ResourceKind, namespace: string, name: string): ObjectRef {
  return { apiVersion: kind.apiVersion, kind: kind.kind, namespace, name };
}

export function aConfigMap(
  namespace: string,
  name: string,
  data: Record<string, string>,
  labels?: Record<string, string>,
): KubernetesObject {
  return { ...CONFIG_MAP, metadata: { name, namespace, ...(labels && { labels }) }, data } as KubernetesObject;
}

/** A ConfigMap that a finalizer keeps from being deleted. */
export function heldConfigMap(namespace: string, name: string): KubernetesObject {
  return { ...CONFIG_MAP, metadata: { name, namespace, finalizers: ['contract.test/held'] } } as KubernetesObject;
}

export function aDeployment(
  namespace: string,
  { image = 'one', env = [] }: { readonly image?: string; readonly env?: readonly JsonObject[] },
): KubernetesObject {
  const labels = { app: 'it' };
  const containers = [{ name: 'main', image, ...(env.length === 0 ? {} : { env }) }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'it', namespace },
    spec: { replicas: 0, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  } as KubernetesObject;
}

/** What is applied to the status of an object. */
export function statusOf({ apiVersion, kind, metadata }: KubernetesObject, status: JsonObject): KubernetesObject {
  const { name, namespace } = metadata;
  return { apiVersion, kind, metadata: { name, namespace }, status } as KubernetesObject;
}

export function envOf(deployment: LiveObject): Json | undefined {
  const containers = valueAt(deployment.spec, 'template', 'spec', 'containers');
  return Array.isArray(containers) ? valueAt(containers[0] as Json, 'env') : undefined;
}

export function aDefinition(kind: string): KubernetesObject {
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: 'object' } };
  return {
    ...DEFINITION,
    metadata: { name: `${plural}.contract.test` },
    spec: {
      group: 'contract.test',
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  } as KubernetesObject;
}

/** The error that a call fails with. */
export async function failureOf(call: Promise<unknown>): Promise<OperatorError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
  throw new Error('the call did not fail');
}

/** A watch that writes down what it reports: `SYNC a,b`, `ADDED c`. It ends with the test. */
export function startWatch(cluster: Cluster, kind: ResourceKind, selection: Parameters<Cluster['watch']>[1]) {
  const stop = new AbortController();
  const seen: string[] = [];
  const watch = {
    seen,
    last: undefined as LiveObject | undefined,
    listVersion: undefined as string | undefined,
    errors: 0,
  };
  const handler = {
    onSync: (objects: readonly LiveObject[], resourceVersion: string | undefined) => {
      watch.listVersion = resourceVersion;
      seen.push(`SYNC ${objects.map((object) => object.metadata.name).join(',')}`);
    },
    onEvent: (type: string, object: LiveObject) => {
      seen.push(`${type} ${object.metadata.name}`);
      watch.last = object;
    },
    onError: () => {
      watch.errors++;
    },
  };
  const running = cluster.watch(kind, selection, handler, testScope(stop.signal));
  return Object.assign(watch, {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  });
}
