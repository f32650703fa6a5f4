import type { Cluster } from '../apply/index.ts';
import { type Clock, type Logger, OPERATOR_VERSION, type Scope } from '../core/index.ts';
import { ApiClient } from './api-client.ts';
import { ConnectionSlots } from './connection-slots.ts';
import { HttpCluster } from './http-cluster.ts';
import type { BeforeRequest, OnRequest } from './request-metrics.ts';
import { describeServer, findTarget, type Target, type TargetOptions } from './target.ts';
import { type ProxyEnvironment, Transport } from './transport.ts';
import { WATCH_TIMES, type WatchTimes } from './watch-loop.ts';

/** Which cluster, and how to treat it. */
export interface ConnectOptions extends TargetOptions {
  /** Milliseconds for one call with all its attempts. Default: 30 000. */
  readonly timeoutMs?: number;
  /** Attempts of one call, the first included. Default: 4. */
  readonly attempts?: number;
  /** Requests under way at once, watches aside. Default: 16, of which two are for status and Lease writes only. */
  readonly connections?: number;
  /** The rhythm of watches. Default: `WATCH_TIMES`. */
  readonly watchTimes?: Partial<WatchTimes>;
  /** Proxy variables of the environment (`HTTPS_PROXY`, `NO_PROXY`). A proxy in the kubeconfig comes first. */
  readonly proxy?: ProxyEnvironment;
}

/** Collaborators of the client. */
export interface ConnectDeps {
  readonly clock: Clock;
  /** Told of every request, for metrics. */
  readonly onRequest?: OnRequest;
  /** Asked before every attempt of every call but watches; what it throws is what the call rejects with. */
  readonly beforeRequest?: BeforeRequest;
}

/** A connection to a cluster. */
export interface KubernetesCluster extends Cluster, Disposable {
  /** The server's URL. */
  readonly server: string;
  /** The kubeconfig's context; undefined inside a cluster. */
  readonly contextName: string | undefined;
  /** The namespace that the context names or the pod runs in; else `default`. */
  readonly namespace: string;
}

/**
 * Finds the cluster and makes a client for it. Nothing is sent yet, so a server that is down or refuses the credentials
 * shows with the first call. Disposing the client closes its connections; aborting the scope does not, for a Lease is
 * released after that.
 * @throws {OperatorError} `KubeconfigInvalid` or `FileNotReadable`.
 */
export async function connect(options: ConnectOptions, deps: ConnectDeps, scope: Scope): Promise<KubernetesCluster> {
  scope.signal.throwIfAborted();
  return clientFor(await findTarget(options, deps.clock), options, deps, scope.log);
}

/** A client for a cluster that is found already. */
export function clientFor(target: Target, options: ConnectOptions, deps: ConnectDeps, log: Logger): KubernetesCluster {
  const server = new URL(target.server);
  const life = new AbortController();
  const transport = new Transport({
    server,
    userAgent: `istio-operator/${OPERATOR_VERSION}`,
    ...proxyFor(target, options),
  });
  const slots = new ConnectionSlots(options.connections ?? 16, 2);
  const api = new ApiClient(
    {
      transport,
      slots,
      credentials: target.credentials,
      clock: deps.clock,
      onRequest: deps.onRequest ?? (() => {}),
      beforeRequest: deps.beforeRequest ?? (() => {}),
    },
    { server: describeServer(target), timeoutMs: options.timeoutMs ?? 30_000, attempts: options.attempts ?? 4 },
  );
  const watchTimes = { ...WATCH_TIMES, ...options.watchTimes };
  const cluster = new HttpCluster({ api, clock: deps.clock, watchTimes }, { signal: life.signal, log });
  return Object.assign(cluster, {
    server: target.server,
    namespace: target.namespace,
    contextName: target.contextName,
    [Symbol.dispose]: () => {
      life.abort();
      transport.close();
    },
  });
}

function proxyFor({ agentFor, proxyUrl }: Target, { proxy }: ConnectOptions) {
  if (agentFor !== undefined) return { agentFor };
  if (proxyUrl !== undefined) return { proxy: { HTTPS_PROXY: proxyUrl, HTTP_PROXY: proxyUrl } };
  return proxy === undefined ? {} : { proxy };
}
