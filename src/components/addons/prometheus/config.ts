import type { JsonObject } from '../../../core/index.ts';
import type { Addon } from '../shared/addon.ts';
import { isPersistent } from '../shared/persistence.ts';
import { annotation, dropIf, keepIf, label, type RelabelRule, setLabel, TARGET_LABELS } from './relabel.ts';

/** How long metrics are kept where the author says nothing: with the pod they are gone anyway. */
const RETENTION = { volatile: '1d', persistent: '15d' } as const;

/** Where pilot-agent serves the metrics of proxy and application as one. */
const MERGED_PORT = '15020';

const SCRAPED = keepIf([annotation('scrape')], 'true');
const IS_ISTIOD = [[label('app')], 'istiod'] as const;
const IS_ZTUNNEL = [[label('app')], 'ztunnel'] as const;
const IS_CNI = [[label('k8s-app')], 'istio-cni-node'] as const;

/**
 * Each pod is scraped by one job: what one keeps, those after it drop. So no series is there twice, although Kubernetes
 * names a pod once for every port.
 */
const JOBS: Readonly<Record<string, readonly RelabelRule[]>> = {
  istiod: [SCRAPED, keepIf(...IS_ISTIOD)],
  ztunnel: [SCRAPED, keepIf(...IS_ZTUNNEL)],
  'istio-cni': [SCRAPED, keepIf(...IS_CNI)],
  // gateways, sidecars and waypoints
  'istio-proxies': [SCRAPED, keepIf([annotation('port')], MERGED_PORT), dropIf(...IS_ZTUNNEL)],
  pods: [
    SCRAPED,
    dropIf([annotation('port')], MERGED_PORT),
    dropIf(...IS_ISTIOD),
    dropIf(...IS_ZTUNNEL),
    dropIf(...IS_CNI),
  ],
};

/** The proxies of a mesh that does not merge metrics: what they say of themselves, beside what their applications say. */
const UNMERGED: readonly RelabelRule[] = [
  keepIf(['__meta_kubernetes_pod_container_port_name'], 'http-envoy-prom'),
  dropIf([annotation('port')], MERGED_PORT),
  { target_label: '__metrics_path__', replacement: '/stats/prometheus' },
];

/** The configuration of Prometheus. */
export function prometheusConfig(addon: Addon): JsonObject {
  const jobs = Object.entries(JOBS).map(([name, rules]) => job(name, [...rules, ...ANNOTATED_ADDRESS]));
  return {
    global: { scrape_interval: '15s', scrape_timeout: '10s', evaluation_interval: '15s' },
    storage: { tsdb: { retention: retention(addon) } },
    scrape_configs: [...jobs, job('istio-proxies-unmerged', UNMERGED)],
  };
}

/** By age, and by what fits: a disk that is full ends the recording. */
function retention(addon: Addon): JsonObject {
  const persistent = isPersistent(addon);
  const time = addon.settings.retention || (persistent ? RETENTION.persistent : RETENTION.volatile);
  return { time, ...(persistent ? { percentage: 80 } : { size: '3GB' }) };
}

/** All jobs discover the same way, so that Prometheus watches pods once. */
function job(name: string, rules: readonly RelabelRule[]): JsonObject {
  return {
    job_name: name,
    kubernetes_sd_configs: [{ role: 'pod', selectors: [{ role: 'pod', field: 'status.phase=Running' }] }],
    relabel_configs: [...rules, ...TARGET_LABELS],
  };
}

/** Scheme, path and port as the annotations of the pod say. */
const ANNOTATED_ADDRESS: readonly RelabelRule[] = [
  setLabel('__scheme__', [annotation('scheme')], '(https?)'),
  setLabel('__metrics_path__', [annotation('path')], '(.+)'),
  setLabel('__address__', [annotation('port'), '__meta_kubernetes_pod_ip'], '(\\d+);([0-9.]+)', '$2:$1'),
  setLabel('__address__', [annotation('port'), '__meta_kubernetes_pod_ip'], '(\\d+);(.*:.*)', '[$2]:$1'),
];
