import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll } from '@jest/globals';
import type { LiveObject } from '../../src/apply/index.ts';
import { renderResource } from '../../src/cli/input/render-resource.ts';
import { type ConnectOptions, connect, type KubernetesCluster, type RequestReport } from '../../src/cluster/index.ts';
import { type OperatorOptions, type PassSummary, runOperator } from '../../src/controller/index.ts';
import {
  type Clock,
  isObject,
  type JsonObject,
  type Logger,
  type Scope,
  silentLogger,
  systemClock,
  valueAt,
} from '../../src/core/index.ts';
import { startCluster, type TestCluster } from '../cluster/index.ts';
import { installCrd, kubectl } from '../support/kubectl.ts';

/** A cluster, a client with admin rights, and the ways tests look at what the operator did. */
export interface Lab extends AsyncDisposable {
  readonly cluster: TestCluster;
  readonly client: KubernetesCluster;
  readonly scope: Scope;
  readonly kubectl: (...args: string[]) => Promise<string>;
  /** For files; deleted in the end. */
  readonly folder: string;
  /** The operators that work on it; they end before it does. */
  readonly operators: Set<RunningOperator>;
}

/** An operator of this process, working until disposed. */
export interface RunningOperator extends AsyncDisposable {
  /** Every request that it has made, oldest first. */
  readonly requests: readonly RequestReport[];
  /** What each of its passes came to, oldest first. */
  readonly passes: readonly PassSummary[];
  /** The requests of certain verbs since an index into `requests`. */
  requestsSince(index: number, verbs: readonly string[]): readonly RequestReport[];
}

const WRITES = ['apply', 'create', 'update', 'patch', 'delete'];

/** Requests that change the cluster. */
export function writesSince(operator: RunningOperator, index: number): readonly RequestReport[] {
  return operator.requestsSince(index, WRITES);
}

/** The lab of a test file; it ends with the last test. */
export async function useLab(...options: Parameters<typeof startLab>): Promise<Lab> {
  const lab = await startLab(...options);
  afterAll(async () => await lab[Symbol.asyncDispose]());
  return lab;
}

/** Starts a cluster with the CRD and the namespace istio-system. */
export async function startLab(
  nodes: readonly string[] = ['node-1'],
  options: { readonly stages?: boolean } = {},
): Promise<Lab> {
  const stop = new AbortController();
  const scope = { signal: stop.signal, log: silentLogger };
  const cluster = await startCluster({ nodes, ...options }, stop.signal);
  await installCrd(cluster, stop.signal);
  await kubectl(cluster, ['create', 'namespace', 'istio-system']);
  const client = await connect({ kubeconfigPath: cluster.kubeconfigPath }, { clock: systemClock }, scope);
  const folder = await mkdtemp(join(tmpdir(), 'istio-operator-'));
  const operators = new Set<RunningOperator>();
  return {
    cluster,
    client,
    scope,
    folder,
    operators,
    kubectl: (...args) => kubectl(cluster, args),
    async [Symbol.asyncDispose]() {
      for (const operator of operators) await operator[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
      stop.abort();
      client[Symbol.dispose]();
      await cluster.stop();
    },
  };
}

/** How an operator is started in a test. */
export interface StartOperatorOptions extends Partial<OperatorOptions> {
  /** How it reaches the cluster. Default: with all rights. */
  readonly connection?: ConnectOptions;
  /** The clock of its queue, its timeouts and its backoff; that of the client is real. Default: the real one. */
  readonly clock?: Clock;
  /** Default: nothing is logged. */
  readonly log?: Logger;
}

/** Starts an operator on the lab's cluster; resolves when it knows the CRs. */
export async function startOperator(lab: Lab, options: StartOperatorOptions = {}): Promise<RunningOperator> {
  const { connection, clock = systemClock, log = silentLogger, ...tuning } = options;
  const stop = new AbortController();
  const scope = { signal: stop.signal, log };
  const requests: RequestReport[] = [];
  const passes: PassSummary[] = [];
  const onRequest = (report: RequestReport) => void requests.push(report);
  const how = connection ?? { kubeconfigPath: lab.cluster.kubeconfigPath };
  const cluster = await connect(how, { clock: systemClock, onRequest }, scope);
  const ready = Promise.withResolvers<void>();
  const onPass = (pass: PassSummary) => void passes.push(pass);
  const running = runOperator(
    { watchNamespaces: [], ...tuning },
    { cluster, clock, render: renderResource, onReady: ready.resolve, onPass },
    scope,
  );
  running.catch(ready.reject);
  await ready.promise;
  const operator: RunningOperator = {
    requests,
    passes,
    requestsSince: (index, verbs) => requests.slice(index).filter(({ verb }) => verbs.includes(verb)),
    async [Symbol.asyncDispose]() {
      lab.operators.delete(operator);
      stop.abort();
      await running;
      cluster[Symbol.dispose]();
    },
  };
  lab.operators.add(operator);
  return operator;
}

/** An IstioOperator as tests write it. */
export function anOperator(name: string, spec: JsonObject = {}, namespace = 'istio-system'): LiveObject {
  return {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name, namespace },
    spec,
  } as LiveObject;
}

/** Creates or changes a CR, as a user with kubectl would. */
export async function applyOperator(lab: Lab, operator: LiveObject): Promise<void> {
  await lab.client.apply(operator, { fieldManager: 'test-user', force: true }, lab.scope);
}

/** The CR as it is now. */
export async function getOperator(lab: Lab, name: string, namespace = 'istio-system'): Promise<LiveObject | undefined> {
  return await lab.client.get(
    { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', namespace, name },
    lab.scope,
  );
}

/** Waits until the status of the CR's current generation has this word. @returns the CR then. */
export async function untilStatus(
  lab: Lab,
  name: string,
  word: string,
  namespace = 'istio-system',
): Promise<LiveObject> {
  return await until(
    `${name} to be ${word}`,
    async () => {
      const found = await getOperator(lab, name, namespace);
      const current = valueAt(statusOf(found), 'observedGeneration') === found?.metadata.generation;
      return found !== undefined && current && valueAt(statusOf(found), 'status') === word ? found : undefined;
    },
    async () => JSON.stringify((await getOperator(lab, name, namespace))?.status, undefined, 1),
  );
}

/** The status of a CR as JSON; empty when there is none. */
export function statusOf(resource: LiveObject | undefined): JsonObject {
  return isObject(resource?.status) ? resource.status : {};
}

/**
 * Asks again and again until there is an answer: the state of a real cluster has no clock to be advanced.
 * @param explain - what to add to the message when it takes too long.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  explain: () => Promise<string> = async () => '',
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs / 1_000} s for ${what} ${await explain()}`);
    await sleep(25);
  }
}
