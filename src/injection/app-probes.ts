import { isObject, type Json, type JsonObject } from '../core/index.ts';
import { goJson } from './go-json.ts';
import {
  annotationsOf,
  containersOf,
  listAt,
  mapAt,
  mapContainers,
  PROXY,
  parseBool,
  textAt,
  withProxy,
  withVariable,
} from './pod-parts.ts';

/** The variable from which the agent knows what it has to ask the application. */
const PROBERS = 'ISTIO_KUBE_APP_PROBERS';

const PROBES = [
  ['readinessProbe', 'readyz'],
  ['livenessProbe', 'livez'],
  ['startupProbe', 'startupz'],
] as const;

const HOOKS = [
  ['preStop', 'prestopz'],
  ['postStart', 'poststartz'],
] as const;

/**
 * Lets the agent answer the kubelet's probes and hooks, and ask the application itself: the kubelet has no certificate
 * for a mesh that wants one.
 * @param byDefault - what the installation says for pods that say nothing.
 * @param wasInjected - whether the agent has a list from an earlier injection.
 */
export function withProbesThroughAgent(
  pod: JsonObject,
  { byDefault, statusPort, wasInjected }: { byDefault: boolean; statusPort: number; wasInjected: boolean },
): JsonObject {
  const asked = parseBool(textAt(annotationsOf(pod), 'sidecar.istio.io/rewriteAppHTTPProbers'));
  if (!(asked ?? byDefault)) return pod;
  const own = [...containersOf(pod, 'initContainers'), ...containersOf(pod, 'containers')].filter(isApplication);
  const probers = Object.fromEntries(own.flatMap((container) => probersOf(container, statusPort)));
  const said = textAt(annotationsOf(pod), 'status.sidecar.istio.io/port');
  const port = said === undefined ? statusPort : Number(said);
  const informed = withProxy(pod, (proxy) => withProbers(proxy, probers, wasInjected));
  if (informed === pod) return pod; // no proxy, no one to ask
  return mapContainers(informed, (container) => (isApplication(container) ? redirected(container, port) : container));
}

function isApplication({ name }: JsonObject): boolean {
  return name !== PROXY;
}

function withProbers(proxy: JsonObject, found: JsonObject, wasInjected: boolean): JsonObject {
  if (Object.keys(found).length === 0) return { ...proxy };
  const env = listAt(proxy, 'env');
  const known = wasInjected ? env.findIndex(({ name }) => name === PROBERS) : -1;
  if (known < 0) return withVariable(proxy, PROBERS, goJson(sorted(found)));
  const probers = { ...found, ...parsed(textAt(env[known] ?? {}, 'value') ?? '') };
  return { ...proxy, env: env.with(known, { name: PROBERS, value: goJson(sorted(probers)) }) };
}

function parsed(text: string): JsonObject {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? value : {};
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {};
  }
}

/** What the agent has to ask, by the path on which the kubelet asks the agent. */
function probersOf(container: JsonObject, statusPort: number): [string, JsonObject][] {
  const ports = new Map(listAt(container, 'ports').map(({ name, containerPort }) => [name, containerPort]));
  const lifecycle = mapAt(container, 'lifecycle');
  const candidates = [
    ...PROBES.map(([field, path]) => [probePath(container, path), mapAt(container, field), true] as const),
    ...HOOKS.map(([field, path]) => [hookPath(container, path), mapAt(lifecycle, field), false] as const),
  ];
  return candidates.flatMap(([path, handler, isProbe]) => {
    const prober = proberOf(handler, isProbe, (port) => portNumber(port, ports, statusPort));
    return prober === undefined ? [] : [[path, prober] as [string, JsonObject]];
  });
}

function proberOf(
  handler: JsonObject,
  isProbe: boolean,
  resolve: (port: Json | undefined) => Json | undefined,
): JsonObject | undefined {
  const timeout = isProbe && handler.timeoutSeconds !== undefined ? { timeoutSeconds: handler.timeoutSeconds } : {};
  if (isProbe && handler.httpGet === undefined && handler.tcpSocket === undefined && isObject(handler.grpc)) {
    return { grpc: handler.grpc, ...timeout };
  }
  const kind = isObject(handler.httpGet) ? 'httpGet' : 'tcpSocket';
  const action = handler[kind];
  if (!isObject(action)) return undefined;
  const port = resolve(action.port);
  return port === undefined ? undefined : { [kind]: { ...action, port }, ...timeout };
}

/** The number of a port; undefined where its name is unknown, or where the agent answers it already. */
function portNumber(
  port: Json | undefined,
  ports: ReadonlyMap<Json | undefined, Json | undefined>,
  statusPort: number,
): Json | undefined {
  if (typeof port === 'string') return ports.get(port);
  return port === statusPort ? undefined : port;
}

function redirected(container: JsonObject, port: number): JsonObject {
  const probes = PROBES.map(([field, path]) => [field, toAgent(container[field], probePath(container, path), port)]);
  const lifecycle = mapAt(container, 'lifecycle');
  const hooks = HOOKS.map(([field, path]) => [field, toAgent(lifecycle[field], hookPath(container, path), port)]);
  const changed = Object.fromEntries(probes.filter(([, probe]) => probe !== undefined));
  const changedHooks = Object.fromEntries(hooks.filter(([, hook]) => hook !== undefined));
  return {
    ...container,
    ...changed,
    ...(Object.keys(changedHooks).length === 0 ? {} : { lifecycle: { ...lifecycle, ...changedHooks } }),
  };
}

/** A handler that asks the agent instead; a command needs no network, so it stays as it is. */
function toAgent(handler: Json | undefined, path: string, port: number): Json | undefined {
  if (!isObject(handler)) return undefined;
  const { httpGet, tcpSocket, grpc, ...rest } = handler;
  if (isObject(httpGet)) {
    const scheme = httpGet.scheme === 'HTTPS' ? 'HTTP' : httpGet.scheme;
    return { ...rest, httpGet: { ...httpGet, path, port, scheme } };
  }
  return isObject(tcpSocket) || isObject(grpc) ? { ...rest, httpGet: { path, port } } : undefined;
}

function probePath({ name }: JsonObject, path: string): string {
  return `/app-health/${String(name)}/${path}`;
}

function hookPath({ name }: JsonObject, path: string): string {
  return `/app-lifecycle/${String(name)}/${path}`;
}

function sorted(map: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
