import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../../src/core/index.ts';
import { refuse, statusOf, truncate } from './broken-answers.ts';
import { forward, headersOf, readAll } from './forward.ts';

/**
 * What can go wrong with a request:
 * - `conflict`, `tooManyRequests` (with Retry-After), `internalError`, `unavailable`: refused with that answer
 * - `reset`: the connection breaks before the server sees the request
 * - `lostAnswer`: the server does what it is asked, and the connection breaks before the answer
 * - `truncated`: the connection breaks in the middle of the answer
 * - `hang`: nothing answers until the faults end
 * - `slow`: the answer comes late
 */
export const FAULTS = [
  'conflict',
  'tooManyRequests',
  'internalError',
  'unavailable',
  'reset',
  'lostAnswer',
  'truncated',
  'hang',
  'slow',
] as const;
export type Fault = (typeof FAULTS)[number];

/** A request that changes the cluster. */
export interface Write {
  readonly method: string;
  readonly path: string;
  readonly fault: Fault | undefined;
  /** When it arrived, in milliseconds of `performance.now()`. */
  readonly atMs: number;
  /** The header that says who it is from. */
  readonly authorization: string;
}

/** Stands between a client and an API server, takes the server's place towards the client, and does damage on request. */
export interface FaultProxy extends AsyncDisposable {
  readonly url: string;
  /** Every write so far, oldest first. */
  readonly writes: readonly Write[];
  /** From now on this share of all requests, or of all writes, meets one of these faults. */
  inject(rate: number, faults?: readonly Fault[], among?: 'requests' | 'writes'): void;
  /** No more faults; what hangs or is stalled is cut, as a dead connection is in the end. */
  heal(): void;
  /** Tells every open watch that the server has forgotten its position. @returns how many. */
  expireWatches(): number;
  /** Keeps every open watch open and silent. @returns how many. */
  stallWatches(): number;
  /** Breaks every connection. */
  cutConnections(): void;
  /**
   * Calls back at the count-th write from now, once: `before` the server sees it, or `after` the server has done it and
   * before the client knows.
   * @returns forgets it.
   */
  atWrite(count: number, moment: 'before' | 'after', callback: () => void): () => void;
}

/** What the proxy needs. */
export interface FaultProxyOptions {
  readonly server: string;
  /** The server's certificate authority, PEM. */
  readonly ca: string;
  /** The server's certificate and its key, PEM. */
  readonly cert: string;
  readonly key: string;
  /** Numbers in [0, 1) that decide which request meets which fault. */
  readonly random: () => number;
  /** What the proxy answers itself instead of the server, by path: `{"/version": {…}}`. Default: nothing. */
  readonly answers?: Readonly<Record<string, object>>;
  /** Told of every write when it comes, whether it gets to the server or not. */
  readonly onWrite?: (write: Write) => void;
  /** Told what the server has answered to a write, whether the answer gets to the client or not. */
  readonly onWritten?: (write: Write, answer: Json) => void;
}

const EXPIRED = {
  type: 'ERROR',
  object: statusOf(410, 'Expired', 'too old resource version: injected'),
};
const SLOW_MS = 400;

/** Starts a proxy on a free port of this machine. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const proxy = new LiveProxy(options);
  await proxy.listen();
  return proxy;
}

interface OpenWatch {
  readonly response: ServerResponse;
  isStalled: boolean;
  /** Whether the last byte ended a line, so that an event may be put in. */
  isBetweenEvents: boolean;
}

interface Trap {
  left: number;
  readonly moment: 'before' | 'after';
  readonly callback: () => void;
}

class LiveProxy implements FaultProxy {
  readonly writes: Write[] = [];
  readonly #options: FaultProxyOptions;
  readonly #server: Server;
  readonly #agent: Agent;
  readonly #watches = new Set<OpenWatch>();
  readonly #hanging = new Set<ServerResponse>();
  #rate = 0;
  #faults: readonly Fault[] = FAULTS;
  #among: 'requests' | 'writes' = 'requests';
  #trap: Trap | undefined;

  constructor(options: FaultProxyOptions) {
    this.#options = options;
    const { cert, key } = options;
    this.#server = createServer(
      { cert, key },
      (request, response) => void this.#serve(request, response).catch(() => response.destroy()),
    );
    this.#agent = new Agent({ keepAlive: true, ca: options.ca });
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<void> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
  }

  inject(rate: number, faults: readonly Fault[] = FAULTS, among: 'requests' | 'writes' = 'requests'): void {
    this.#rate = rate;
    this.#faults = faults;
    this.#among = among;
  }

  heal(): void {
    this.#rate = 0;
    for (const response of this.#hanging) response.destroy();
    for (const { response, isStalled } of this.#watches) if (isStalled) response.destroy();
  }

  expireWatches(): number {
    for (const { response, isBetweenEvents } of this.#watches) {
      if (isBetweenEvents) response.end(`${JSON.stringify(EXPIRED)}\n`);
      else response.destroy();
    }
    return this.#watches.size;
  }

  stallWatches(): number {
    for (const watch of this.#watches) watch.isStalled = true;
    return this.#watches.size;
  }

  cutConnections(): void {
    this.#server.closeAllConnections();
  }

  atWrite(count: number, moment: 'before' | 'after', callback: () => void): () => void {
    const trap = { left: count, moment, callback };
    this.#trap = trap;
    return () => {
      if (this.#trap === trap) this.#trap = undefined;
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
    this.#agent.destroy();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request);
    const own = this.#options.answers?.[request.url ?? ''];
    if (own !== undefined) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(own));
      return;
    }
    const isWrite = request.method !== 'GET' && !request.url?.startsWith('/apis/authorization.k8s.io/'); // a question
    const fault = this.#nextFault(isWrite);
    const write = isWrite ? this.#note(request, fault) : undefined;
    const trap = isWrite ? this.#nextTrap() : undefined;
    if (trap?.moment === 'before') trap.callback();
    if (fault !== undefined && (await this.#breakBefore(fault, response))) return;
    const answer = await forward({ request, body, response }, { server: this.#options.server, agent: this.#agent });
    if (isWatch(request)) {
      this.#stream(answer, response);
      return;
    }
    const content = await readAll(answer);
    if (write !== undefined) this.#options.onWritten?.(write, jsonOf(content));
    if (trap?.moment === 'after') trap.callback();
    if (fault === 'lostAnswer') response.destroy();
    else if (fault === 'truncated') truncate(answer, content, response);
    else response.writeHead(answer.statusCode ?? 502, headersOf(answer)).end(content);
  }

  #note({ method = '', url: path = '', headers }: IncomingMessage, fault: Fault | undefined): Write {
    const write = { method, path, fault, atMs: performance.now(), authorization: headers.authorization ?? '' };
    this.writes.push(write);
    this.#options.onWrite?.(write);
    return write;
  }

  #nextFault(isWrite: boolean): Fault | undefined {
    const { random } = this.#options;
    if (random() >= this.#rate || (this.#among === 'writes' && !isWrite)) return undefined;
    const fault = this.#faults[Math.floor(random() * this.#faults.length)];
    return fault === 'conflict' && !isWrite ? 'unavailable' : fault;
  }

  #nextTrap(): Trap | undefined {
    const trap = this.#trap;
    if (trap === undefined || --trap.left > 0) return undefined;
    this.#trap = undefined;
    return trap;
  }

  /** @returns true when the request goes no further. */
  async #breakBefore(fault: Fault, response: ServerResponse): Promise<boolean> {
    switch (fault) {
      case 'conflict':
        refuse(response, 409, 'Conflict', 'the object has been modified: injected');
        return true;
      case 'tooManyRequests':
        refuse(response, 429, 'TooManyRequests', 'too many requests: injected', { 'retry-after': '1' });
        return true;
      case 'internalError':
        refuse(response, 500, 'InternalError', 'internal error: injected');
        return true;
      case 'unavailable':
        refuse(response, 503, 'ServiceUnavailable', 'unavailable: injected');
        return true;
      case 'reset':
        response.destroy();
        return true;
      case 'hang':
        this.#hanging.add(response);
        response.once('close', () => this.#hanging.delete(response));
        return true;
      case 'slow':
        await sleep(SLOW_MS);
        return false;
      case 'lostAnswer':
      case 'truncated':
        return false;
    }
  }

  #stream(answer: IncomingMessage, response: ServerResponse): void {
    const watch: OpenWatch = { response, isStalled: false, isBetweenEvents: true };
    this.#watches.add(watch);
    response.writeHead(answer.statusCode ?? 502, headersOf(answer));
    response.flushHeaders();
    answer.on('data', (chunk: Buffer) => {
      if (watch.isStalled || response.writableEnded) return;
      watch.isBetweenEvents = chunk.at(-1) === 0x0a;
      response.write(chunk);
    });
    answer.on('end', () => {
      if (!watch.isStalled) response.end();
    });
    answer.on('error', () => response.destroy());
    response.on('close', () => {
      this.#watches.delete(watch);
      answer.destroy();
    });
  }
}

function jsonOf(content: Buffer): Json {
  try {
    return JSON.parse(content.toString('utf8')) as Json;
  } catch {
    return null;
  }
}

function isWatch(request: IncomingMessage): boolean {
  return request.method === 'GET' && new URL(request.url ?? '/', 'http://unused').searchParams.get('watch') === 'true';
}
