import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { type Clock, OPERATOR_VERSION, type Scope } from '../core/index.ts';
import type { Call } from './call.ts';
import type { ConnectOptions } from './connect.ts';
import { connectionError, isConnectionError } from './connection-error.ts';
import { PORT_FORWARD_PROTOCOL, PodStream } from './pod-stream.ts';
import { responseError } from './status-error.ts';
import { describeServer, findTarget, type Target } from './target.ts';
import { readBody, Transport } from './transport.ts';

/** A port of a pod. */
export interface PodPort {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

/** How long the server may take to answer. */
const HANDSHAKE_MS = 30_000;

/**
 * Opens connections to ports of pods through the API server, with the credentials of the cluster. This module is imported
 * only where it is used, because it brings a WebSocket client along.
 */
export class PodPorts implements Disposable {
  readonly #target: Target;
  readonly #transport: Transport;

  private constructor(target: Target, transport: Transport) {
    this.#target = target;
    this.#transport = transport;
  }

  /**
   * Finds the cluster; nothing is sent yet.
   * @throws {OperatorError} `KubeconfigInvalid` or `FileNotReadable`.
   */
  static async find(options: ConnectOptions, clock: Clock): Promise<PodPorts> {
    const target = await findTarget(options, clock);
    const proxy = target.proxyUrl === undefined ? options.proxy : proxiesFor(target.proxyUrl);
    const { agentFor } = target;
    const transport = new Transport({
      server: new URL(target.server),
      userAgent: USER_AGENT,
      ...(agentFor === undefined ? {} : { agentFor }),
      ...(proxy === undefined ? {} : { proxy }),
    });
    return new PodPorts(target, transport);
  }

  /**
   * Opens a connection.
   * @throws {OperatorError} what the API server says, or that it cannot be reached.
   */
  async open(at: PodPort, { signal }: Scope): Promise<PodStream> {
    signal.throwIfAborted();
    const auth = await this.#target.credentials.authenticate();
    const path = pathOf(at);
    const url = new URL(`${this.#target.server.replace(/\/$/, '')}${path}`);
    url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
    const socket = new WebSocket(url, [PORT_FORWARD_PROTOCOL], {
      ...auth.tls,
      agent: await this.#transport.agent(auth.tls),
      headers: { 'user-agent': USER_AGENT, ...auth.headers } as Record<string, string | string[]>,
      handshakeTimeout: HANDSHAKE_MS,
      perMessageDeflate: false,
    });
    const call = callFor(at, path);
    const opened = Promise.withResolvers<PodStream>();
    const stream = new PodStream(socket); // listens from the start, so that no message is missed
    socket.once('open', () => opened.resolve(stream));
    socket.once('unexpected-response', (_request, response) => {
      refusal(call, response, describeServer(this.#target)).then((error) => stream.destroy(error));
    });
    stream.once('error', (error) => {
      opened.reject(isConnectionError(error) ? connectionError(call, describeServer(this.#target), error) : error);
    });
    return await opened.promise;
  }

  [Symbol.dispose](): void {
    this.#transport.close();
  }
}

const USER_AGENT = `istio-operator/${OPERATOR_VERSION}`;

function proxiesFor(url: string) {
  return { HTTPS_PROXY: url, HTTP_PROXY: url };
}

function pathOf({ namespace, pod, port }: PodPort): string {
  const [inNamespace, name] = [namespace, pod].map(encodeURIComponent);
  return `/api/v1/namespaces/${inNamespace}/pods/${name}/portforward?ports=${port}`;
}

function callFor({ namespace, pod, port }: PodPort, path: string): Call {
  return {
    verb: 'get',
    resource: 'pods/portforward',
    subject: `a connection to port ${port} of Pod ${namespace}/${pod}`,
    request: { method: 'GET', path, headers: {} },
  };
}

async function refusal(call: Call, response: IncomingMessage, server: string): Promise<Error> {
  const { statusCode: status = 0, headers } = response;
  return responseError(call, { status, headers, body: await readBody(response) }, server);
}
