import { Metrics } from '../../src/controller/telemetry/metrics.ts';

/** The families of one source, without the suffixes of histograms. `kinds` says which of them are histograms. */
interface Source {
  readonly source: string;
  readonly plain: readonly string[];
  readonly histograms?: readonly string[];
}

/** What the programs of Istio 1.30.3 emit, as far as our dashboards ask for it, and where that is laid down. */
const SOURCES: readonly Source[] = [
  {
    source: 'Istio standard metrics (istio.io/latest/docs/reference/config/metrics): Envoy, waypoints, ztunnel',
    plain: [
      'istio_requests_total',
      'istio_tcp_connections_closed_total',
      'istio_tcp_connections_opened_total',
      'istio_tcp_received_bytes_total',
      'istio_tcp_sent_bytes_total',
    ],
    histograms: ['istio_request_bytes', 'istio_request_duration_milliseconds', 'istio_response_bytes'],
  },
  {
    source: 'istio/istio pilot/pkg/xds/monitoring.go, pkg/xds/monitoring.go',
    plain: [
      'pilot_push_triggers',
      'pilot_services',
      'pilot_total_xds_internal_errors',
      'pilot_total_xds_rejects',
      'pilot_xds',
      'pilot_xds_expired_nonce',
      'pilot_xds_pushes',
      'pilot_xds_write_timeout',
    ],
    histograms: [
      'pilot_proxy_convergence_time',
      'pilot_proxy_queue_time',
      'pilot_xds_config_size_bytes',
      'pilot_xds_push_time',
    ],
  },
  {
    source: 'istio/istio pilot/pkg/model/push_context.go',
    plain: [
      'pilot_conflict_inbound_listener',
      'pilot_conflict_outbound_listener_tcp_over_current_tcp',
      'pilot_destrule_subsets',
      'pilot_duplicate_envoy_clusters',
      'pilot_eds_no_instances',
      'pilot_vservice_dup_domain',
    ],
  },
  {
    source: 'istio/istio pilot/pkg/bootstrap/monitoring.go, pkg/version',
    plain: ['istiod_uptime_seconds', 'istio_build'],
  },
  {
    source: 'istio/istio pkg/kube/inject/monitoring.go',
    plain: [
      'sidecar_injection_failure_total',
      'sidecar_injection_requests_total',
      'sidecar_injection_skip_total',
      'sidecar_injection_success_total',
    ],
  },
  {
    source: 'istio/istio pkg/webhooks/validation/server/monitoring.go',
    plain: ['galley_validation_failed', 'galley_validation_passed'],
  },
  {
    source: 'istio/istio security/pkg/server/ca/monitoring.go',
    plain: [
      'citadel_server_authentication_failure_count',
      'citadel_server_csr_count',
      'citadel_server_root_cert_expiry_timestamp',
      'citadel_server_success_cert_issuance_count',
    ],
  },
  {
    source: 'istio/istio cni/pkg/{install,repair,nodeagent}',
    plain: [
      'istio_cni_install_ready',
      'istio_cni_installs_total',
      'istio_cni_repair_pods_repaired_total',
      'nodeagent_reconcile_events_total',
      'ztunnel_connected',
    ],
  },
  {
    source: 'istio/ztunnel src/{proxy,dns,xds,inpod}/metrics.rs; counters end in _total',
    plain: [
      'istio_dns_requests_total',
      'istio_dns_upstream_failures_total',
      'istio_dns_upstream_requests_total',
      'istio_on_demand_dns_total',
      'istio_tcp_connections_failed_total',
      'istio_xds_connection_terminations_total',
      'istio_xds_message_total',
      'workload_manager_active_proxy_count',
      'workload_manager_pending_proxy_count',
      'workload_manager_proxies_started_total',
      'workload_manager_proxies_stopped_total',
    ],
    histograms: ['istio_dns_upstream_request_duration_seconds'],
  },
  {
    source: 'the collectors of the Go client of Prometheus, in istiod',
    plain: [
      'go_goroutines',
      'go_memstats_heap_inuse_bytes',
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
    ],
  },
  { source: 'Prometheus, of every target', plain: ['up'] },
];

/** Every series name that may be asked for: those of the table, and what the operator really registers. */
export async function emittedMetrics(): Promise<ReadonlySet<string>> {
  const names = SOURCES.flatMap(({ plain, histograms = [] }) => [...plain, ...histograms.flatMap(seriesOf)]);
  const own = [...(await new Metrics().collect()).matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return new Set([...names, ...own.flatMap(([, name = '', type]) => (type === 'histogram' ? seriesOf(name) : [name]))]);
}

function seriesOf(histogram: string): readonly string[] {
  return ['_bucket', '_sum', '_count'].map((suffix) => `${histogram}${suffix}`);
}
