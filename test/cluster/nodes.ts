import { type ApiRequest, callApi } from './api-client.ts';
import { ClusterError } from './cluster-error.ts';
import type { OwnState } from './state.ts';
import { waitUntil } from './wait-until.ts';

const READY_TIMEOUT_MS = 30_000;

/** The part of a Node that says whether pods can run there. */
interface NodeList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly taints?: readonly unknown[] };
    readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  }[];
}

/** `node-1`, `node-2`, … */
export function nodeNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `node-${index + 1}`);
}

/**
 * An object that kwok takes for one of its nodes, large enough for every pod of a test.
 * @param kubeletPort - of this machine, where kwok answers for the node; 0 when it does not.
 */
export function simulatedNode(name: string, index: number, kubeletPort = 0) {
  const resources = { cpu: '64', memory: '256Gi', 'ephemeral-storage': '1Ti', pods: '1000' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
      },
    },
    status: {
      allocatable: resources,
      capacity: resources,
      addresses: [
        { type: 'InternalIP', address: `192.168.${Math.floor(index / 250)}.${(index % 250) + 1}` },
        { type: 'Hostname', address: name },
        { type: 'ExternalIP', address: '127.0.0.1' },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
      nodeInfo: {
        architecture: 'amd64',
        operatingSystem: 'linux',
        kubeletVersion: 'kwok',
        kubeProxyVersion: 'kwok',
        containerRuntimeVersion: 'kwok',
        kernelVersion: 'kwok',
        osImage: 'kwok',
        bootID: '',
        machineID: '',
        systemUUID: '',
      },
    },
  };
}

/**
 * Creates an object.
 * @throws {ClusterError} with the server's message when it refuses.
 */
export async function createObject(state: OwnState, call: ApiRequest, signal: AbortSignal): Promise<void> {
  const answer = await callApi(state, call, signal);
  if (answer !== undefined && answer.status < 300) return;
  const message = (answer?.body as { readonly message?: string } | undefined)?.message ?? 'no answer';
  throw new ClusterError(`The API server does not accept an object at ${call.path}: ${message}`);
}

/** Creates simulated nodes. */
export async function createNodes(state: OwnState, names: readonly string[], signal: AbortSignal): Promise<void> {
  await Promise.all(
    names.map((name, index) => {
      const body = simulatedNode(name, index, state.settings.kubelet ? state.settings.ports.kubelet : 0);
      return createObject(state, { method: 'POST', path: '/api/v1/nodes', body }, signal);
    }),
  );
}

/**
 * Waits until pods can be created and scheduled: the nodes are ready without a taint, and the namespace `default` has its
 * service account. That also proves that kwok and the controller manager work.
 */
export async function waitForNodes(state: OwnState, count: number, signal: AbortSignal): Promise<void> {
  const isUsable = async () => {
    const answer = await callApi(state, { path: '/api/v1/nodes' }, signal);
    const usable = ((answer?.body as NodeList | undefined)?.items ?? []).filter(
      ({ spec, status }) =>
        (spec.taints ?? []).length === 0 &&
        status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True'),
    );
    return usable.length >= count;
  };
  const hasServiceAccount = async () => {
    const answer = await callApi(state, { path: '/api/v1/namespaces/default/serviceaccounts/default' }, signal);
    return answer?.status === 200;
  };
  await Promise.all([
    waitUntil('The simulated nodes were not ready', isUsable, READY_TIMEOUT_MS, signal),
    waitUntil('The controller manager did not work', hasServiceAccount, READY_TIMEOUT_MS, signal),
  ]);
}

/** How many nodes there are; undefined when the API server does not answer. */
export async function countNodes(state: OwnState, signal: AbortSignal): Promise<number | undefined> {
  const answer = await callApi(state, { path: '/api/v1/nodes' }, signal);
  return (answer?.body as Partial<NodeList> | undefined)?.items?.length;
}
