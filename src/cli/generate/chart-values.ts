import { Document, isMap, isScalar, type YAMLMap } from 'yaml';
import { isObject, type Json, type JsonObject, valueAt } from '../../core/index.ts';

/** What stands before a value in `values.yaml`, by its name or by `parent.name`. */
const COMMENTS: Readonly<Record<string, string>> = {
  image: 'The image of the operator.',
  'image.tag': 'Empty means the version of this chart.',
  'image.digest': 'sha256:…, which counts instead of the tag.',
  'image.pullPolicy': "Empty means Kubernetes' default.",
  imagePullSecrets: 'Secrets with which the image is pulled, such as [{name: my-registry}].',
  replicas: 'One works; the others stand by.',
  watchNamespaces: 'Namespaces whose IstioOperators are looked after. Empty means all.',
  args: 'More arguments of `operator run`, such as [--log-level, debug].',
  env: 'More environment variables, such as [{name: REVISION, value: canary}].',
  resources: 'CPU and memory of the operator.',
  affinity: 'Empty means: not two on one node, where possible.',
  topologySpreadConstraints: 'Empty means: spread over zones, where possible.',
  podAnnotations: 'More annotations of the pods.',
  crds: 'The CRD is upgraded with the chart and stays when the release goes.',
  'crds.install': 'false where something else installs it.',
  onUninstall:
    'What becomes of IstioOperators when the release goes. release: they can be deleted without the operator, and Istio stays.\n remove: they are deleted, and Istio with them. keep: nothing; deleting them then waits for an operator.',
  podDisruptionBudget: 'Keeps one replica while nodes are drained; only where there is more than one.',
  networkPolicy: 'In: metrics and probes. Out: DNS and the API server.',
  serviceMonitor: 'For the Prometheus operator, whose CRDs must be there.',
  'serviceMonitor.labels': 'What your Prometheus selects ServiceMonitors by.',
};

/**
 * The chart's `values.yaml`: what may be set, with the values that the objects of `deploy/` have.
 * @param objects - what is installed.
 */
export function chartValues(objects: readonly JsonObject[]): string {
  const document = new Document(defaultsFrom(objects), { version: '1.1', compat: 'yaml-1.1' });
  if (isMap(document.contents)) comment(document.contents, '');
  return document.toString({ lineWidth: 0 });
}

function defaultsFrom(objects: readonly JsonObject[]): JsonObject {
  const ofKind = (kind: string) => objects.find((object) => object.kind === kind);
  const spec = valueAt(ofKind('Deployment') ?? {}, 'spec');
  const pod = isObject(spec) ? valueAt(spec, 'template', 'spec') : undefined;
  const containers = isObject(pod) ? pod.containers : undefined;
  const container = Array.isArray(containers) && isObject(containers[0]) ? containers[0] : {};
  const [repository = ''] = String(container.image).split(':');
  return {
    image: { repository, tag: '', digest: '', pullPolicy: '' },
    imagePullSecrets: [],
    replicas: isObject(spec) ? (spec.replicas ?? 1) : 1,
    watchNamespaces: watchedBy(container),
    args: [],
    env: [],
    resources: container.resources ?? {},
    podAnnotations: {},
    priorityClassName: '',
    nodeSelector: {},
    tolerations: [],
    affinity: {},
    topologySpreadConstraints: [],
    crds: { install: true },
    onUninstall: 'release',
    ...(ofKind('PodDisruptionBudget') && { podDisruptionBudget: { enabled: true } }),
    ...(ofKind('NetworkPolicy') && { networkPolicy: { enabled: true } }),
    ...(ofKind('ServiceMonitor') && { serviceMonitor: { enabled: false, labels: {}, interval: '30s' } }),
  };
}

function watchedBy(container: JsonObject): readonly Json[] {
  const env = Array.isArray(container.env) ? container.env.filter(isObject) : [];
  const value = env.find(({ name }) => name === 'WATCH_NAMESPACE')?.value;
  return typeof value === 'string' && value !== '' ? value.split(',') : [];
}

function comment(map: YAMLMap, prefix: string): void {
  for (const { key, value } of map.items) {
    if (!isScalar(key)) continue;
    const path = `${prefix}${key.value}`;
    if (Object.hasOwn(COMMENTS, path)) key.commentBefore = ` ${COMMENTS[path]}`;
    if (isMap(value)) comment(value, `${path}.`);
  }
}
