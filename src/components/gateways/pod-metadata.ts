import { istioLabels } from '../shared/labels.ts';
import { revisionLabel } from '../shared/revision.ts';
import { asGiven } from '../shared/text.ts';
import type { Gateway } from './gateway.ts';

/** Labels and annotations of a gateway's pods; the user's win. */
export function podMetadata(gateway: Gateway) {
  const own = gateway.settings.injectionTemplate ? injectedPod(gateway) : completePod(gateway);
  return {
    labels: { ...istioLabels(gateway.kind.root), ...telemetryLabels(gateway), ...own.labels, ...gateway.selector },
    annotations: { ...scraping(gateway), ...own.annotations, ...asGiven(gateway.settings.podAnnotations) },
  };
}

function completePod({ revision }: Gateway) {
  const rev = { 'istio.io/rev': revisionLabel(revision) };
  const notInjected = { 'sidecar.istio.io/inject': 'false' };
  return {
    labels: { ...rev, ...notInjected, 'istio.io/dataplane-mode': 'none' },
    annotations: { ...rev, ...notInjected },
  };
}

function injectedPod({ revision, settings }: Gateway) {
  const injected = { 'sidecar.istio.io/inject': 'true' };
  return {
    // without a revision the label stays away, and the namespace decides which injector it is
    labels: { ...injected, ...(revision ? { 'istio.io/rev': revision } : {}) },
    annotations: { ...injected, 'inject.istio.io/templates': settings.injectionTemplate ?? '' },
  };
}

/** How the gateway is called in metrics and traces, and the labels by which old dashboards find it in istio-system. */
function telemetryLabels({ name, namespace, revision, selector }: Gateway): Record<string, string> {
  const version = selector['app.kubernetes.io/version'] || selector.version || revision || 'latest';
  return {
    ...(namespace === 'istio-system' ? { heritage: 'Tiller', release: 'istio', chart: 'gateways' } : {}),
    'service.istio.io/canonical-name': name,
    'service.istio.io/canonical-revision': version,
  };
}

function scraping({ values }: Gateway): Record<string, string> {
  if (!values.meshConfig?.enablePrometheusMerge) return {};
  return {
    'prometheus.io/port': '15020',
    'prometheus.io/scrape': 'true',
    'prometheus.io/path': '/stats/prometheus',
  };
}
