import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { checkServerIdentity, createSecureContext, type PeerCertificate } from 'node:tls';
import type { Authentication, TlsMaterial } from './credentials.ts';

/** One HTTP request to the API server. */
export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, below the server's URL. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A whole answer. */
export interface WireResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** The proxy variables of the environment, as curl and kubectl read them (`HTTPS_PROXY`, `NO_PROXY`, …). */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/** What the transport needs to know about the server. */
export interface TransportOptions {
  readonly server: URL;
  readonly userAgent: string;
  readonly proxy?: ProxyEnvironment;
  /** Instead of an agent of our own, for what only another can do (SOCKS). */
  readonly agentFor?: () => Promise<http.Agent>;
}

/** More than the lifetime of an idle connection at common load balancers must pass before one could go away unnoticed. */
const TCP_KEEP_ALIVE_MS = 30_000;

/** API servers close idle connections after 90 s, load balancers after 60 s: a request must not meet that by chance. */
const IDLE_MS = 45_000;

/**
 * Requests to one server over one pool of keep-alive connections. Node's own client is used because it is the lightest:
 * half the memory of undici after 5 000 requests, and no slower.
 */
export class Transport {
  readonly #options: TransportOptions;
  #pool: { readonly tls: TlsMaterial; readonly agent: Promise<http.Agent> } | undefined;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /** Sends a request and reads the whole answer. Aborting the signal closes the connection. */
  async exchange(
    request: WireRequest,
    auth: Authentication,
    signal: AbortSignal,
    onSend?: () => void,
  ): Promise<WireResponse> {
    const incoming = await this.open(request, auth, signal, onSend);
    return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: await readBody(incoming) };
  }

  /**
   * Sends a request; resolves with the answer when its headers are there, so that the body can be streamed.
   * @param onSend - called when there is a connection, right before the first byte goes out: to make one takes time, and
   *   what was true before may be so no more. What it throws is what the request fails with.
   */
  async open(
    request: WireRequest,
    auth: Authentication,
    signal: AbortSignal,
    onSend: () => void = () => {},
  ): Promise<http.IncomingMessage> {
    signal.throwIfAborted();
    const { server, userAgent, agentFor } = this.#options;
    const agent = await this.#agentFor(auth.tls);
    const length = request.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(request.body)) };
    const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
    const host = unbracketed(server.hostname);
    const outgoing = (server.protocol === 'http:' ? http : https).request({
      agent,
      signal,
      method: request.method,
      host,
      port: server.port,
      path: `${server.pathname.replace(/\/$/, '')}${request.path}`,
      headers: { 'user-agent': userAgent, ...request.headers, ...length, ...auth.headers },
      ...(agentFor === undefined ? {} : identityCheck(auth.tls.servername ?? host)),
    });
    outgoing.once('response', resolve);
    outgoing.on('error', reject);
    outgoing.once('socket', (socket) => {
      socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
      whenConnected(socket, () => send(outgoing, request.body, onSend));
    });
    return await promise;
  }

  /** What makes the connections, for requests that become something else than an answer. */
  agent(tls: TlsMaterial): Promise<http.Agent> {
    return this.#agentFor(tls);
  }

  /** Closes idle connections: after a timeout they may be as dead as the one that did not answer. */
  closeIdle(): void {
    this.#withAgent((agent) => {
      for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
    });
  }

  /** Closes all connections. */
  close(): void {
    this.#withAgent((agent) => agent.destroy());
    this.#pool = undefined;
  }

  /** One agent for all requests with the same certificates, also for those that begin together. */
  #agentFor(tls: TlsMaterial): Promise<http.Agent> {
    if (this.#pool?.tls === tls) return this.#pool.agent;
    this.closeIdle(); // what is under way ends by itself
    const { agentFor } = this.#options;
    const agent = agentFor === undefined ? Promise.resolve(this.#newAgent(tls)) : agentFor();
    this.#pool = { tls, agent };
    return agent;
  }

  #withAgent(work: (agent: http.Agent) => void): void {
    this.#pool?.agent.then(work, () => {}); // an agent that could not be made is the failure of the request that wanted it
  }

  #newAgent(tls: TlsMaterial): http.Agent {
    const { server, proxy } = this.#options;
    const options: http.AgentOptions = {
      keepAlive: true,
      keepAliveMsecs: TCP_KEEP_ALIVE_MS,
      maxFreeSockets: 16,
      timeout: IDLE_MS, // for connections that nobody uses; a request may take longer
      ...(proxy === undefined ? {} : { proxyEnv: proxy }),
    };
    if (server.protocol === 'http:') return new http.Agent(options);
    const { rejectUnauthorized, servername, ...material } = tls;
    return new https.Agent({
      ...options,
      secureContext: createSecureContext(material), // parsed once, not for every connection
      ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
      ...(servername === undefined ? {} : { servername }),
    });
  }
}

function send(outgoing: http.ClientRequest, body: string | undefined, onSend: () => void): void {
  try {
    onSend();
    outgoing.end(body);
  } catch (error) {
    outgoing.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/** Calls back when a socket can take data: at once where it is used again, else after its handshakes. */
function whenConnected(socket: Socket & { readonly secureConnecting?: boolean }, callback: () => void): void {
  if (socket.secureConnecting === true) socket.once('secureConnect', callback);
  else if (socket.connecting) socket.once('connect', callback);
  else callback();
}

/** The whole body as text. */
export async function readBody(incoming: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** The agent for SOCKS forgets which address it asked for, and would expect the certificate to be for `localhost`. */
function identityCheck(host: string): Pick<https.RequestOptions, 'checkServerIdentity'> {
  return {
    checkServerIdentity: (_host: string, certificate: PeerCertificate) => checkServerIdentity(host, certificate),
  };
}

function unbracketed(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}
