import { isObject, type Json, type JsonObject, OperatorError } from '../core/index.ts';
import { goJson } from './go-json.ts';
import {
  annotationsOf,
  containersOf,
  listAt,
  mapAt,
  named,
  proxyOf,
  textAt,
  withAnnotations,
  withProxy,
  withSpec,
} from './pod-parts.ts';
import { mergePod } from './strategic-merge.ts';
import { typedList } from './typed-object.ts';

/** Remembers what the user said of containers that templates bring, so that another injection can say it again. */
const OVERRIDES = 'proxy.istio.io/overrides';
/** Lists what an earlier injection brought. */
export const STATUS = 'sidecar.istio.io/status';

/** The image that stands for the injected one: Kubernetes demands that a container has an image. */
const AUTO_IMAGE = 'auto';

const KINDS = ['containers', 'initContainers'] as const;
type Kind = (typeof KINDS)[number];

/** Brings containers back that an earlier injection took from the pod and remembered. */
export function withRememberedContainers(pod: JsonObject): JsonObject {
  const remembered = rememberedIn(pod);
  const missing = (kind: Kind) =>
    remembered[kind].filter((container) => named(containersOf(pod, kind), String(container.name)) === undefined);
  return withSpec(pod, Object.fromEntries(KINDS.map((kind) => [kind, [...containersOf(pod, kind), ...missing(kind)]])));
}

/**
 * Applies the user's own containers again over the templates', because the user decides what is in them; but not over
 * containers that an earlier injection brought.
 */
export function reapplied(injected: JsonObject, original: JsonObject, brought: JsonObject): JsonObject {
  const remembered = rememberedIn(original);
  const status = injectedBefore(original);
  let pod = injected;
  const applied: Record<Kind, JsonObject[]> = { containers: [], initContainers: [] };
  for (const kind of KINDS) {
    for (const { name } of containersOf(brought, kind)) {
      if (typeof name !== 'string' || status?.[kind].includes(name)) continue;
      const own = named(remembered[kind], name) ?? ownContainer(original, kind, name);
      if (own === undefined) continue;
      const { image, ...rest } = own;
      const container = image === AUTO_IMAGE || image === undefined ? rest : own;
      applied[kind].push(container);
      pod = mergePod(pod, { spec: { [kind]: [container] } });
    }
  }
  return status === undefined ? withMemory(pod, applied) : pod;
}

/** Containers of the other kind count where the template brings an init container: a sidecar is written either way. */
function ownContainer(pod: JsonObject, kind: Kind, name: string): JsonObject | undefined {
  const own = named(containersOf(pod, 'containers'), name);
  return kind === 'containers' ? own : (own ?? named(containersOf(pod, 'initContainers'), name));
}

function withMemory(pod: JsonObject, applied: Record<Kind, readonly JsonObject[]>): JsonObject {
  const filled = KINDS.filter((kind) => applied[kind].length > 0);
  if (filled.length === 0) return pod;
  const memory = goJson(Object.fromEntries(filled.map((kind) => [kind, applied[kind]])));
  return withAnnotations(pod, { ...annotationsOf(pod), [OVERRIDES]: memory });
}

/**
 * Gives the container that sets up or checks redirection the user and group that the user gave the proxy: the traffic of
 * this account is what must not be redirected. With TPROXY the proxy has to stay root.
 */
export function withProxyAccount(pod: JsonObject, original: JsonObject, isTproxy: boolean): JsonObject {
  const { runAsUser, runAsGroup } = mapAt(proxyOf(original) ?? {}, 'securityContext');
  if (runAsUser == null && runAsGroup == null) return pod;
  const containers = containersOf(pod, 'initContainers');
  const helper = named(containers, 'istio-init') ?? named(containers, 'istio-validation');
  if (helper === undefined) return pod;
  const account = {
    ...(runAsUser == null ? {} : { runAsUser }),
    ...(runAsGroup == null ? {} : { runAsGroup }),
  };
  const checks = helper.name === 'istio-validation' && !isTproxy;
  const changed = {
    ...helper,
    ...(checks ? { securityContext: { ...mapAt(helper, 'securityContext'), ...account } } : {}),
    ...(runAsUser == null || runAsUser === 0 ? {} : { args: withUser(helper.args, String(runAsUser)) }),
  };
  const withHelper = withSpec(pod, {
    initContainers: containers.map((container) => (container === helper ? changed : container)),
  });
  return isTproxy && runAsUser != null ? withProxy(withHelper, asRoot) : withHelper;
}

function asRoot(proxy: JsonObject): JsonObject {
  return { ...proxy, securityContext: { ...mapAt(proxy, 'securityContext'), runAsUser: 0 } };
}

function withUser(args: Json | undefined, user: string): Json | undefined {
  if (!Array.isArray(args)) return args;
  const at = args.indexOf('-u');
  return at < 0 || at + 1 >= args.length ? args : args.with(at + 1, user);
}

function rememberedIn(pod: JsonObject): Record<Kind, readonly JsonObject[]> {
  const text = textAt(annotationsOf(pod), OVERRIDES);
  const memory = text === undefined ? {} : jsonMap(text, OVERRIDES);
  return {
    containers: typedList(listAt(memory, 'containers'), 'Container', OVERRIDES),
    initContainers: typedList(listAt(memory, 'initContainers'), 'Container', OVERRIDES),
  };
}

/** The names of what an earlier injection brought; undefined for a pod that was never injected. */
export function injectedBefore(pod: JsonObject): Record<Kind, readonly string[]> | undefined {
  const text = textAt(annotationsOf(pod), STATUS);
  if (text === undefined) return undefined;
  const status = jsonMap(text, STATUS);
  const names = (kind: Kind) => {
    const value = status[kind];
    return Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : [];
  };
  return { containers: names('containers'), initContainers: names('initContainers') };
}

function jsonMap(text: string, annotation: string): JsonObject {
  const path = `metadata.annotations["${annotation}"]`;
  const problem = (cause?: unknown) =>
    new OperatorError('Expected a JSON map.', { code: 'InvalidValue', path, hint: 'Remove the annotation.' }, cause);
  try {
    const value = JSON.parse(text) as Json;
    if (isObject(value)) return value;
  } catch (error) {
    if (error instanceof SyntaxError) throw problem(error);
    throw error;
  }
  throw problem();
}
