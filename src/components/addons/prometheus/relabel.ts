/** One step by which Prometheus turns what Kubernetes says of a pod into a target. */
export type RelabelRule = {
  readonly source_labels?: readonly string[];
  readonly regex?: string;
  readonly action?: 'keep' | 'drop';
  readonly target_label?: string;
  readonly replacement?: string;
};

/** What discovery calls a label of the pod. */
export function label(name: string): string {
  return `__meta_kubernetes_pod_label_${sanitized(name)}`;
}

/** What discovery calls an annotation `prometheus.io/<name>` of the pod. */
export function annotation(name: string): string {
  return `__meta_kubernetes_pod_annotation_prometheus_io_${name}`;
}

/** Goes on with targets whose labels match the whole expression. */
export function keepIf(sources: readonly string[], regex: string): RelabelRule {
  return { source_labels: sources, regex, action: 'keep' };
}

/** Goes on with targets whose labels do not match. */
export function dropIf(sources: readonly string[], regex: string): RelabelRule {
  return { source_labels: sources, regex, action: 'drop' };
}

/** Sets a label where the sources match. */
export function setLabel(
  target: string,
  sources: readonly string[],
  regex = '(.+)',
  replacement?: string,
): RelabelRule {
  return { source_labels: sources, regex, target_label: target, ...(replacement === undefined ? {} : { replacement }) };
}

/**
 * The labels of a target; dashboards and Kiali ask for these names. Nothing here depends on the container or port by
 * which discovery found the pod: targets that are equal become one.
 */
export const TARGET_LABELS: readonly RelabelRule[] = [
  setLabel('namespace', ['__meta_kubernetes_namespace']),
  setLabel('pod', ['__meta_kubernetes_pod_name']),
  setLabel('node', ['__meta_kubernetes_pod_node_name']),
  setLabel('app', [label('app.kubernetes.io/name')]),
  setLabel('app', [label('app')]),
  setLabel('version', [label('version')]),
];

function sanitized(name: string): string {
  return name.replace(/[^a-zA-Z0-9]/g, '_');
}
