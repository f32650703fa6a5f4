import { type DashboardPlan, graph, row, stack, stat, table } from './panel.ts';
import { quantile, quantiles, rate, sumRate } from './promql.ts';

const ISTIOD = '{job="istiod", pod=~"$pod"}';

/** The control plane: whether configuration reaches the proxies, how soon, and what it costs. */
export const CONTROL_PLANE: DashboardPlan = {
  uid: 'istio-control-plane',
  title: 'Istio Control Plane',
  description: 'istiod: what it sends to the proxies, what they refuse, and what it needs.',
  variables: [{ name: 'pod', label: 'Pod', query: 'label_values(pilot_info, pod)', several: true }],
  rows: [
    row(
      'Now',
      stat('Connected proxies', 'short', `sum(pilot_xds${ISTIOD})`),
      stat('Slowest 1 % of updates', 's', quantile(0.99, ['pilot_proxy_convergence_time', ISTIOD])),
      stat('Refused by proxies', 'ops', sumRate(`pilot_total_xds_rejects${ISTIOD}`)),
      stat('Services', 'short', `max(pilot_services${ISTIOD})`),
      stat('Failed injections', 'ops', sumRate(`sidecar_injection_failure_total${ISTIOD}`)),
      stat('Root certificate', 'dateTimeFromNow', `min(citadel_server_root_cert_expiry_timestamp${ISTIOD}) * 1000`),
    ),
    row(
      'To the proxies',
      stack('Pushes by type', 'ops', [sumRate(`pilot_xds_pushes${ISTIOD}`, 'type'), '{{type}}']),
      stack('What triggers them', 'ops', [sumRate(`pilot_push_triggers${ISTIOD}`, 'type'), '{{type}}']),
      graph('Until all proxies have it', 's', ...quantiles('pilot_proxy_convergence_time', ISTIOD)),
      graph('To make a push', 's', [quantile(0.99, ['pilot_xds_push_time', ISTIOD], 'type'), '{{type}} p99']),
      graph('Size of a configuration', 'bytes', [
        quantile(0.99, ['pilot_xds_config_size_bytes', ISTIOD], 'type'),
        '{{type}} p99',
      ]),
      graph('Waiting for a turn', 's', ...quantiles('pilot_proxy_queue_time', ISTIOD)),
    ),
    row(
      'What goes wrong',
      graph('Refused', 'ops', [sumRate(`pilot_total_xds_rejects${ISTIOD}`, 'type'), '{{type}}']),
      graph(
        'Errors',
        'ops',
        [sumRate(`pilot_total_xds_internal_errors${ISTIOD}`), 'internal'],
        [sumRate(`pilot_xds_write_timeout${ISTIOD}`), 'write timeout'],
        [sumRate(`pilot_xds_expired_nonce${ISTIOD}`), 'expired nonce'],
      ),
      graph(
        'Conflicts in the configuration',
        'short',
        [`max(pilot_conflict_inbound_listener${ISTIOD})`, 'inbound listeners'],
        [`max(pilot_conflict_outbound_listener_tcp_over_current_tcp${ISTIOD})`, 'outbound TCP listeners'],
        [`max(pilot_vservice_dup_domain${ISTIOD})`, 'virtual services of one host'],
        [`max(pilot_duplicate_envoy_clusters${ISTIOD})`, 'clusters'],
        [`max(pilot_destrule_subsets${ISTIOD})`, 'subsets'],
        [`max(pilot_eds_no_instances${ISTIOD})`, 'clusters without endpoints'],
      ),
    ),
    row(
      'Webhooks and certificates',
      graph(
        'Injection',
        'ops',
        [sumRate(`sidecar_injection_requests_total${ISTIOD}`), 'requests'],
        [sumRate(`sidecar_injection_success_total${ISTIOD}`), 'injected'],
        [sumRate(`sidecar_injection_skip_total${ISTIOD}`), 'skipped'],
        [sumRate(`sidecar_injection_failure_total${ISTIOD}`), 'failed'],
      ),
      graph(
        'Validation',
        'ops',
        [sumRate(`galley_validation_passed${ISTIOD}`), 'accepted'],
        [sumRate(`galley_validation_failed${ISTIOD}`), 'refused'],
      ),
      graph(
        'Certificates',
        'ops',
        [sumRate(`citadel_server_csr_count${ISTIOD}`), 'asked for'],
        [sumRate(`citadel_server_success_cert_issuance_count${ISTIOD}`), 'issued'],
        [sumRate(`citadel_server_authentication_failure_count${ISTIOD}`), 'not authenticated'],
      ),
    ),
    row(
      'What it needs',
      graph('CPU', 'short', [rate(`process_cpu_seconds_total${ISTIOD}`), '{{pod}}']),
      graph(
        'Memory',
        'bytes',
        [`process_resident_memory_bytes${ISTIOD}`, '{{pod}}'],
        [`go_memstats_heap_inuse_bytes${ISTIOD}`, '{{pod}} heap'],
      ),
      graph('Goroutines', 'short', [`go_goroutines${ISTIOD}`, '{{pod}}']),
      table(
        'Processes',
        { pod: 'Pod' },
        ['Up for', 'dtdurations', `max by (pod) (istiod_uptime_seconds${ISTIOD})`],
        ['Proxies', 'short', `sum by (pod) (pilot_xds${ISTIOD})`],
      ),
    ),
  ],
};
