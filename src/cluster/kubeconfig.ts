import type { Agent } from 'node:http';
import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { type Clock, type Json, type JsonObject, OperatorError, valueAt } from '../core/index.ts';
import { codeOf } from './connection-error.ts';
import { type Authentication, type Credentials, cachedCredentials, type TlsMaterial } from './credentials.ts';
import { findContext, invalidKubeconfig, type KubeconfigContext } from './kubeconfig-context.ts';
import { FILE_PROBLEMS, readKubeconfig } from './kubeconfig-documents.ts';
import { impersonationHeaders, loginUser } from './kubeconfig-user.ts';

/** Which cluster a kubeconfig means, and how to log in to it. */
export interface KubeconfigTarget {
  readonly server: string;
  readonly contextName: string;
  /** The files that it is from. */
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly credentials: Credentials;
  /** The HTTP proxy that the kubeconfig names. */
  readonly proxyUrl?: string;
  /** Makes agents for the SOCKS proxy that the kubeconfig names, which Node cannot talk to; one connection a call. */
  readonly agentFor?: () => Promise<Agent>;
}

/** Long enough not to read certificate files for every request, short enough for tokens that plugins hand out. */
const MAX_AGE_MS = 10_000;

/**
 * Reads kubeconfig files. Tokens, client certificates, exec plugins, OIDC and the cloud providers' ways to log in are
 * client-node's; this module is imported only when a kubeconfig is used, because client-node is heavy.
 * @param context - a name; without one, the current context.
 * @throws {OperatorError} `KubeconfigInvalid` or `FileNotReadable`.
 */
export async function loadKubeconfig(
  paths: readonly string[],
  context: string | undefined,
  clock: Clock,
): Promise<KubeconfigTarget> {
  const kubeconfig = paths.join(', ');
  const load = async () => findContext(await readKubeconfig(paths), context, kubeconfig);
  const target = await load();
  const server = target.cluster.server;
  if (typeof server !== 'string' || !/^https?:\/\//.test(server) || !URL.canParse(server)) {
    throw invalidKubeconfig(`The cluster of the context "${target.name}" has no valid server URL.`);
  }
  let login = new Login(target);
  const authenticate = async ({ wasRefused }: { readonly wasRefused: boolean }) => {
    if (wasRefused) login = new Login(await load()); // with it go the tokens that plugins gave
    return await login.authenticate();
  };
  return {
    server,
    contextName: target.name,
    kubeconfig,
    namespace: target.namespace,
    credentials: cachedCredentials(authenticate, MAX_AGE_MS, clock),
    ...proxyOf(target.cluster, () => login.socksAgent()),
  };
}

/** Logs in with client-node, which keeps what login plugins give until it expires. */
class Login {
  readonly #context: KubeconfigContext;
  readonly #config = new KubeConfig();

  constructor(context: KubeconfigContext) {
    this.#context = context;
    const { cluster, user } = context;
    const { 'proxy-url': proxyUrl, ...rest } = cluster;
    // client-node makes an agent whenever it logs in, and refuses to for http://. Only the one for SOCKS is ever used.
    const url = { server: 'https://unused.invalid', ...(isSocks(proxyUrl) ? { 'proxy-url': proxyUrl } : {}) };
    const document = {
      clusters: [{ name: 'it', cluster: { ...rest, ...url } }],
      users: [{ name: 'it', user: loginUser(user, cluster) }],
      contexts: [{ name: 'it', context: { cluster: 'it', user: 'it' } }],
      'current-context': 'it',
    };
    this.#config.loadFromString(JSON.stringify(document));
  }

  async authenticate(): Promise<Authentication> {
    const { headers, auth, ca, cert, key, rejectUnauthorized, servername } = await this.#options();
    const basic = typeof auth === 'string' ? { authorization: `Basic ${Buffer.from(auth).toString('base64')}` } : {};
    const material = { ca, cert, key, rejectUnauthorized, servername };
    return {
      headers: { ...plainHeaders(headers), ...basic, ...impersonationHeaders(this.#context.user) },
      tls: Object.fromEntries(Object.entries(material).filter(([, value]) => value !== undefined)) as TlsMaterial,
    };
  }

  async socksAgent(): Promise<Agent> {
    const { agent } = await this.#options();
    if (typeof agent === 'object') return agent;
    throw invalidKubeconfig(`The proxy of the context "${this.#context.name}" is not supported.`);
  }

  async #options(): Promise<RequestOptions> {
    const options: RequestOptions = {};
    try {
      await this.#config.applyToHTTPSOptions(options);
    } catch (error) {
      throw loginFailure(this.#context, error);
    }
    return options;
  }
}

/** Header values without the line end that token files like to have, and which Node refuses. */
function plainHeaders(headers: RequestOptions['headers']): Record<string, string> {
  const pairs = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value).trim()]);
  return Object.fromEntries(pairs) as Record<string, string>;
}

function proxyOf(cluster: JsonObject, agentFor: () => Promise<Agent>): Pick<KubeconfigTarget, 'proxyUrl' | 'agentFor'> {
  const proxyUrl = cluster['proxy-url'];
  if (typeof proxyUrl !== 'string' || proxyUrl === '') return {};
  return isSocks(proxyUrl) ? { agentFor } : { proxyUrl };
}

function isSocks(proxyUrl: Json | undefined): boolean {
  return typeof proxyUrl === 'string' && proxyUrl.startsWith('socks');
}

/** A login plugin prints its answer, a token, on stdout; what it says on stderr is meant for people. */
function loginFailure({ name, cluster, user }: KubeconfigContext, error: unknown): OperatorError {
  const missing = missingFile({ cluster, user }, error);
  if (missing !== undefined) return missing;
  const command = valueAt(user, 'exec', 'command');
  const installHint = valueAt(user, 'exec', 'installHint');
  if (typeof command !== 'string') {
    return invalidKubeconfig(
      `The credentials of the context "${name}" cannot be used${reasonOf(error)}.`,
      'Log in to the cluster again, and check the files that the kubeconfig names.',
    );
  }
  const isMissing = codeOf(error) === 'ENOENT';
  const problem = isMissing ? 'does not exist' : `failed${reasonOf(error)}`;
  return new OperatorError(`The login command "${command}" of the context "${name}" ${problem}.`, {
    code: 'Unauthorized',
    hint:
      isMissing && typeof installHint === 'string'
        ? installHint.trim()
        : `Run ${command} by hand to see what is wrong.`,
  });
}

/** Which field names the file that cannot be read. */
function missingFile(
  { cluster, user }: Pick<KubeconfigContext, 'cluster' | 'user'>,
  error: unknown,
): OperatorError | undefined {
  const path = typeof error === 'object' && error !== null && 'path' in error ? error.path : undefined;
  const reason = FILE_PROBLEMS[codeOf(error)];
  const [field] = Object.entries({ ...cluster, ...user }).find(([, value]) => value === path) ?? [];
  if (typeof path !== 'string' || reason === undefined || field === undefined) return undefined;
  const hint =
    field === 'certificate-authority'
      ? 'Put the CA of the cluster there, or correct the kubeconfig.'
      : 'Log in to the cluster again, or correct the kubeconfig.';
  return invalidKubeconfig(`The kubeconfig's ${field} names ${path}, which ${reason}.`, hint);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error) || error instanceof SyntaxError) return ''; // a parser's message quotes what it parsed
  const firstLine = error.message.trim().split('\n')[0] ?? '';
  return firstLine === '' ? '' : `: ${firstLine.slice(0, 200).replace(/\.$/, '')}`;
}
