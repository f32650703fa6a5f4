import { isObject, type JsonObject, OperatorError } from '../core/index.ts';
import { readYaml } from '../render/index.ts';
import { withProbesThroughAgent } from './app-probes.ts';
import { checkAnnotations } from './check-annotations.ts';
import { goJson } from './go-json.ts';
import { clusterVariables, type InjectionContext, proxySettings } from './injection-context.ts';
import { withProxyConfig } from './mesh-config.ts';
import { injectedBefore, reapplied, STATUS, withProxyAccount, withRememberedContainers } from './overrides.ts';
import { ordered } from './pod-order.ts';
import {
  annotationsOf,
  containersOf,
  labelsOf,
  listAt,
  mapAt,
  named,
  PROXY,
  textAt,
  withAnnotations,
  withProxy,
  withSpec,
} from './pod-parts.ts';
import { mergeProxyConfig } from './proxy-config.ts';
import { readYamlMap } from './read-yaml-map.ts';
import { withMergedMetrics, withoutMergedMetrics } from './scraping.ts';
import { mergePod } from './strategic-merge.ts';
import { type Owner, templateData } from './template-data.ts';
import { typedObject } from './typed-object.ts';

const PROXY_CONFIG = 'proxy.istio.io/config';

/**
 * Injects a pod as istiod would.
 * @param original - the pod, or a template of one; `metadata` and `spec` are what counts.
 * @param path - where the pod is in the user's document, for errors; empty for the document itself.
 * @throws {OperatorError} `InvalidResource`, `InvalidValue` in what the pod says; `TemplateInvalid`.
 */
export function injectPod(original: JsonObject, owner: Owner, context: InjectionContext, path = ''): JsonObject {
  const at = (field: string) => (path === '' ? field : `${path}.${field}`);
  const pod = typedObject(original, 'Pod', path);
  checkAnnotations(pod, at('metadata'));
  const said = textAt(annotationsOf(pod), PROXY_CONFIG);
  const podContext = said === undefined ? context : { ...context, mesh: ofPod(said, context, at('metadata')) };
  const { mesh } = podContext;
  const data = templateData(withRememberedContainers(stripped(pod, podContext)), owner, mesh.proxy, podContext);
  const { merged, brought } = applyTemplates(pod, data, podContext);
  const overridden = withProxyAccount(reapplied(merged, pod, brought), pod, isTproxy(merged, mesh.proxy));
  return finished(overridden, { original: pod, brought, context: podContext });
}

function ofPod(said: string, { mesh }: InjectionContext, path: string) {
  const name = `${path}.annotations["${PROXY_CONFIG}"]`;
  return withProxyConfig(mesh, mergeProxyConfig(mesh.proxy, readYamlMap(said, name)));
}

function isTproxy(pod: JsonObject, proxyConfig: JsonObject): boolean {
  const annotated = textAt(annotationsOf(pod), 'sidecar.istio.io/interceptionMode');
  return proxyConfig.interceptionMode === 'TPROXY' || annotated === 'TPROXY';
}

/** A pod without what an earlier injection brought, so that templates see what the user wrote. */
function stripped(pod: JsonObject, { mesh }: InjectionContext): JsonObject {
  const before = injectedBefore(pod);
  if (before === undefined) return pod;
  const own = (kind: 'containers' | 'initContainers') =>
    containersOf(pod, kind).filter(({ name }) => typeof name !== 'string' || !before[kind].includes(name));
  const { [STATUS]: _status, ...annotations } = annotationsOf(withoutMergedMetrics(pod, mesh));
  return withAnnotations(
    withSpec(pod, { containers: own('containers'), initContainers: own('initContainers') }),
    annotations,
  );
}

/** What the templates make of the pod, and what they bring by themselves. */
function applyTemplates(pod: JsonObject, data: ReturnType<typeof templateData>, context: InjectionContext) {
  let merged = pod;
  let brought: JsonObject = typedObject({}, 'Pod');
  for (const name of templateNames(pod, context)) {
    const patch = rendered(name, data, context);
    brought = mergePod(brought, patch);
    merged = mergePod(withMovedProxy(merged, brought, context), patch);
  }
  return { merged, brought };
}

function templateNames(pod: JsonObject, { config }: InjectionContext): readonly string[] {
  const asked = textAt(annotationsOf(pod), 'inject.istio.io/templates');
  const names = asked === undefined ? config.defaultTemplates : asked.split(',').map((name) => name.trim());
  return names.flatMap((name) => config.aliases.get(name) ?? [name]);
}

function rendered(
  name: string,
  data: ReturnType<typeof templateData>,
  { templates, config }: InjectionContext,
): JsonObject {
  if (!config.templates.has(name)) {
    throw new OperatorError(`The installation has no injection template "${name}".`, {
      code: 'InvalidValue',
      path: 'metadata.annotations["inject.istio.io/templates"]',
      hint: `Use ${[...config.templates.keys()].sort().join(', ')}.`,
    });
  }
  const text = templates.execute(name, data);
  const [document] = readYaml(text, `template ${name}`);
  const patch = document?.value ?? {};
  if (isObject(patch)) return patch;
  throw new OperatorError(`The template ${name} does not render a map.`, { code: 'TemplateInvalid', path: name });
}

/** The user's container for the proxy, where the templates make the proxy an init container. */
function withMovedProxy(pod: JsonObject, brought: JsonObject, { nativeSidecars }: InjectionContext): JsonObject {
  const said = textAt(annotationsOf(pod), 'sidecar.istio.io/nativeSidecar');
  const isNative = said === 'true' || (said !== 'false' && nativeSidecars);
  const containers = containersOf(pod, 'containers');
  const proxy = named(containers, PROXY);
  if (!isNative || proxy === undefined || named(containersOf(brought, 'initContainers'), PROXY) === undefined)
    return pod;
  return withSpec(pod, {
    containers: containers.filter((container) => container !== proxy),
    initContainers: [...containersOf(pod, 'initContainers'), proxy],
  });
}

interface Outcome {
  readonly original: JsonObject;
  readonly brought: JsonObject;
  readonly context: InjectionContext;
}

/** What templates cannot say: what depends on all of the pod, and the order of its containers. */
function finished(pod: JsonObject, { original, brought, context }: Outcome): JsonObject {
  const { mesh, values, config, revision } = context;
  const variables = clusterVariables(values, labelsOf(original));
  const network = variables.ISTIO_META_NETWORK;
  const scraped = withMergedMetrics(withClusterVariables(pod, variables), mesh);
  const probed = withProbesThroughAgent(scraped, {
    byDefault: mapAt(values, 'sidecarInjectorWebhook').rewriteAppHTTPProbe === true,
    statusPort: mesh.statusPort,
    wasInjected: injectedBefore(original) !== undefined,
  });
  const annotations = { ...annotationsOf(probed), [STATUS]: status(brought, revision), ...config.injectedAnnotations };
  const labels =
    network === undefined ? labelsOf(probed) : { ...labelsOf(probed), 'topology.istio.io/network': network };
  const holds =
    mesh.proxy.holdApplicationUntilProxyStarts === true ||
    proxySettings(values).holdApplicationUntilProxyStarts === true;
  const marked = { ...probed, metadata: { ...mapAt(probed, 'metadata'), annotations, labels } };
  return typedObject(ordered(marked, holds), 'Pod');
}

/** The cluster and the network of the proxy, at the end of its variables: a pod's label may have changed them. */
function withClusterVariables(pod: JsonObject, variables: Readonly<Record<string, string>>): JsonObject {
  const names = Object.keys(variables).sort();
  return withProxy(pod, (proxy) => ({
    ...proxy,
    env: [
      ...listAt(proxy, 'env').filter(({ name }) => typeof name !== 'string' || !names.includes(name)),
      ...names.map((name) => ({ name, value: variables[name] })),
    ],
  }));
}

/** What was injected, for a later injection to take away again, and for people to see. */
function status(brought: JsonObject, revision: string): string {
  const spec = mapAt(brought, 'spec');
  const names = (field: string) => {
    const list = listAt(spec, field).map(({ name }) => name ?? '');
    return list.length === 0 ? null : list;
  };
  return goJson({
    initContainers: names('initContainers'),
    containers: names('containers'),
    volumes: names('volumes'),
    imagePullSecrets: names('imagePullSecrets'),
    revision: revision === '' ? 'default' : revision,
  });
}
