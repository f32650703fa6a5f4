import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import type { LiveObject } from '../../src/apply/index.ts';
import { connect, type KubernetesCluster } from '../../src/cluster/index.ts';
import { type JsonObject, type Scope, silentLogger, systemClock, valueAt } from '../../src/core/index.ts';
import { findFreePorts } from '../cluster/free-ports.ts';
import type { TestCluster } from '../cluster/index.ts';

const run = promisify(execFile);

/** The name of the operator's container, in deploy/ and in the chart. */
const CONTAINER = 'istio-operator';

const AS_US = { fieldManager: 'operator-pods', force: true };

const READY = 'docs.test/process-is-ready';

/** Holds the operator's pods where they are, which is scheduled, until their process is ready. */
const HOLD = {
  apiVersion: 'kwok.x-k8s.io/v1alpha1',
  kind: 'Stage',
  metadata: { name: 'hold-operator' },
  spec: {
    resourceRef: { apiGroup: 'v1', kind: 'Pod' },
    selector: {
      matchExpressions: [
        { key: '.spec.containers.[].name', operator: 'In', values: [CONTAINER] },
        { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' },
        { key: `.metadata.annotations["${READY}"]`, operator: 'DoesNotExist' },
      ],
    },
    weight: 1,
    steps: [],
  },
};

/** The part of a container that its process sees. */
interface Container {
  readonly name: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: JsonObject }[];
  readonly ports?: readonly { readonly containerPort: number }[];
}

/** What is needed to run pods. */
interface Place {
  readonly cluster: TestCluster;
  readonly client: KubernetesCluster;
  readonly scope: Scope;
  /** Where logs and tokens are. */
  readonly folder: string;
  /** The command line that the image has. */
  readonly bundle: string;
}

/**
 * Runs what the operator's pods stand for, since no container runs on the simulated nodes of a test cluster. Each pod that
 * the cluster lets in and schedules becomes a process with the pod's arguments, environment and account. It is
 * ready when the process says so, and the process ends with it. One thing is different: the processes share a network, so each listens on a port of its own.
 */
export class OperatorPods implements AsyncDisposable {
  readonly #processes = new Map<string, Promise<ChildProcess>>();
  readonly #place: Place;
  readonly #stop: AbortController;
  readonly #watching: Promise<void>;

  /** @param cluster - one that was started with `kubelet` and `stages`. */
  static async watch(cluster: TestCluster, bundle: string): Promise<OperatorPods> {
    const stop = new AbortController();
    const scope: Scope = { signal: stop.signal, log: silentLogger };
    const client = await connect({ kubeconfigPath: cluster.kubeconfigPath }, { clock: systemClock }, scope);
    const folder = await mkdtemp(join(tmpdir(), 'operator-pods-'));
    await client.apply(HOLD, AS_US, scope);
    return new OperatorPods({ cluster, client, scope, folder, bundle }, stop);
  }

  private constructor(place: Place, stop: AbortController) {
    this.#place = place;
    this.#stop = stop;
    const handler = {
      onSync: (pods: readonly LiveObject[]) => {
        for (const pod of pods) this.#see(pod);
      },
      onEvent: (type: string, pod: LiveObject) => {
        if (type === 'DELETED') void this.#end(pod.metadata.uid);
        else this.#see(pod);
      },
    };
    this.#watching = place.client.watch({ apiVersion: 'v1', kind: 'Pod' }, {}, handler, place.scope);
  }

  /** What the operators have logged last. */
  async logs(): Promise<string> {
    const files = (await readdir(this.#place.folder)).filter((file) => file.endsWith('.log'));
    const texts = await Promise.all(files.map((file) => readFile(join(this.#place.folder, file), 'utf8')));
    return texts.map((text) => text.split('\n').slice(-10).join('\n')).join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#watching;
    this.#place.client[Symbol.dispose]();
    await Promise.all([...this.#processes.keys()].map((uid) => this.#end(uid)));
    await rm(this.#place.folder, { recursive: true, force: true });
  }

  #see(pod: LiveObject): void {
    const containers = (valueAt(pod.spec as JsonObject, 'containers') ?? []) as unknown as readonly Container[];
    const container = containers.find(({ name }) => name === CONTAINER);
    const { uid, deletionTimestamp } = pod.metadata;
    const isScheduled = valueAt(pod.spec as JsonObject, 'nodeName') !== undefined;
    if (deletionTimestamp !== undefined) void this.#end(uid);
    else if (container !== undefined && isScheduled && !this.#processes.has(uid)) {
      this.#processes.set(uid, startProcess(pod, container, this.#place));
    }
  }

  async #end(uid: string): Promise<void> {
    const starting = this.#processes.get(uid);
    this.#processes.delete(uid);
    const child = await starting;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  }
}

async function startProcess(pod: LiveObject, container: Container, place: Place): Promise<ChildProcess> {
  const [port = 0] = await findFreePorts(1);
  const args = [place.bundle, ...(container.args ?? []), '--monitoring-port', String(port)];
  const env = { ...environmentOf(pod, container), ...(await accountOf(pod, place)) };
  const child = spawn(process.execPath, args, { env, cwd: place.folder });
  const logsFile = join(place.folder, `${pod.metadata.uid}.log`);
  const log = createWriteStream(logsFile);
  for (const stream of [child.stdout, child.stderr]) {
    // as container runtimes write it
    createInterface(stream).on('line', (line) => log.write(`${new Date().toISOString()} stdout F ${line}\n`));
  }
  child.once('close', () => log.end());
  const target = { address: '127.0.0.1', port };
  const ports = (container.ports ?? []).map(({ containerPort }) => containerPort);
  await tellKwok('Logs', pod, { logs: [{ containers: [CONTAINER], logsFile, follow: true }] }, place);
  await tellKwok('PortForward', pod, { forwards: [{ ports, target }] }, place);
  void becomeReady(pod, port, place);
  return child;
}

/**
 * Asks the process until it is ready, as the kubelet does, and then lets go of the pod; not before kubectl knows the kind of the
 * CRD that came with it, which takes the API server a moment, though less than it takes a real node to pull an image.
 */
async function becomeReady({ metadata }: LiveObject, port: number, place: Place): Promise<void> {
  const { client, cluster, folder, scope } = place;
  const ask = ['--kubeconfig', cluster.kubeconfigPath, '--cache-dir', join(folder, 'cache'), 'get', 'istiooperators'];
  const isKnown = () =>
    run(cluster.kubectlPath, ask).then(
      () => true,
      () => false,
    );
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!scope.signal.aborted && !((await isReady()) && (await isKnown()))) await setTimeout(100);
  const ref = { apiVersion: 'v1', kind: 'Pod', namespace: metadata.namespace ?? '', name: metadata.name };
  const patch = { metadata: { annotations: { [READY]: 'true' } } };
  await client.patch(ref, patch, AS_US, scope).catch(() => {}); // deleted meanwhile
}

/** Makes kwok answer for the pod of the same name. */
async function tellKwok(kind: 'Logs' | 'PortForward', pod: LiveObject, spec: JsonObject, place: Place): Promise<void> {
  const { name, namespace = '' } = pod.metadata;
  const object = { apiVersion: 'kwok.x-k8s.io/v1alpha1', kind, metadata: { name, namespace }, spec };
  await place.client.apply(object, AS_US, place.scope);
}

/** What the kubelet mounts into every pod, and how a pod finds the API server. */
async function accountOf(pod: LiveObject, { cluster, folder }: Place): Promise<Record<string, string>> {
  const { name, namespace = '', uid } = pod.metadata;
  const account = String(valueAt(pod.spec as JsonObject, 'serviceAccountName'));
  const bound = ['--bound-object-kind=Pod', `--bound-object-name=${name}`, `--bound-object-uid=${uid}`];
  const ask = ['--kubeconfig', cluster.kubeconfigPath, '-n', namespace, 'create', 'token', account, ...bound];
  const token = (await run(cluster.kubectlPath, ask)).stdout.trim();
  const [{ cluster: server }] = parse(await readFile(cluster.kubeconfigPath, 'utf8')).clusters;
  const files = { token, namespace, 'ca.crt': Buffer.from(server['certificate-authority-data'], 'base64') };
  const mounted = join(folder, uid);
  await mkdir(mounted, { recursive: true });
  for (const [file, content] of Object.entries(files)) await writeFile(join(mounted, file), content);
  const { hostname, port } = new URL(cluster.server);
  return { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port, SERVICE_ACCOUNT_DIR: mounted };
}

function environmentOf(pod: LiveObject, { env = [] }: Container): Record<string, string> {
  const pairs = env.map(({ name, value = '', valueFrom }) => {
    const field = valueFrom === undefined ? undefined : String(valueAt(valueFrom, 'fieldRef', 'fieldPath'));
    const found = field === undefined ? value : valueAt(pod as unknown as JsonObject, ...field.split('.'));
    return [name, String(found)] as const;
  });
  return Object.fromEntries(pairs);
}
