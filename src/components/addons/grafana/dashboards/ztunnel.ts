import { type DashboardPlan, graph, row, stack, stat, table } from './panel.ts';
import { quantiles, ratio, sumRate } from './promql.ts';

const ZTUNNEL = '{job="ztunnel", node=~"$node"}';
const CNI = '{job="istio-cni", node=~"$node"}';

/** With more labels inside the selector. */
const picked = (labels: string) => `{job="ztunnel", node=~"$node", ${labels}}`;

/** Ambient mode on the nodes: ztunnel, and the CNI agent that sends it the traffic of the pods. */
export const ZTUNNEL_DASHBOARD: DashboardPlan = {
  uid: 'istio-ztunnel',
  title: 'Istio ztunnel',
  description: 'Ambient mode on the nodes: ztunnel and the CNI agent.',
  variables: [
    { name: 'node', label: 'Node', query: 'label_values(up{job=~"ztunnel|istio-cni"}, node)', several: true },
  ],
  rows: [
    row(
      'Now',
      stat('Nodes with ztunnel', 'short', `count(up${ZTUNNEL} == 1)`),
      stat('Pods in the mesh', 'short', `sum(workload_manager_active_proxy_count${ZTUNNEL})`),
      stat('Pods that wait', 'short', `sum(workload_manager_pending_proxy_count${ZTUNNEL})`),
      stat(
        'With mutual TLS',
        'percentunit',
        ratio(
          sumRate(
            `istio_tcp_connections_opened_total${picked('reporter="destination", connection_security_policy="mutual_tls"')}`,
          ),
          sumRate(`istio_tcp_connections_opened_total${picked('reporter="destination"')}`),
        ),
      ),
      stat('Received', 'Bps', sumRate(`istio_tcp_received_bytes_total${picked('reporter="destination"')}`)),
      stat('Nodes ready for pods', 'short', `sum(istio_cni_install_ready${CNI})`),
    ),
    row(
      'Traffic',
      graph(
        'Bytes',
        'Bps',
        [sumRate(`istio_tcp_received_bytes_total${picked('reporter="destination"')}`, 'node'), '{{node}} received'],
        [sumRate(`istio_tcp_sent_bytes_total${picked('reporter="destination"')}`, 'node'), '{{node}} sent'],
      ),
      graph(
        'Connections',
        'cps',
        [sumRate(`istio_tcp_connections_opened_total${picked('reporter="destination"')}`), 'opened'],
        [sumRate(`istio_tcp_connections_closed_total${picked('reporter="destination"')}`), 'closed'],
        [sumRate(`istio_tcp_connections_failed_total${ZTUNNEL}`), 'failed'],
      ),
      stack('Connections by security', 'cps', [
        sumRate(`istio_tcp_connections_opened_total${picked('reporter="destination"')}`, 'connection_security_policy'),
        '{{connection_security_policy}}',
      ]),
    ),
    row(
      'Names',
      graph('Answered', 'ops', [sumRate(`istio_dns_requests_total${ZTUNNEL}`, 'node'), '{{node}}']),
      graph(
        'Handed on',
        'ops',
        [sumRate(`istio_dns_upstream_requests_total${ZTUNNEL}`), 'asked'],
        [sumRate(`istio_dns_upstream_failures_total${ZTUNNEL}`), 'failed'],
        [sumRate(`istio_on_demand_dns_total${ZTUNNEL}`), 'on demand'],
      ),
      graph('Time of those', 's', ...quantiles('istio_dns_upstream_request_duration_seconds', ZTUNNEL)),
    ),
    row(
      'Control',
      graph('Messages from istiod', 'ops', [sumRate(`istio_xds_message_total${ZTUNNEL}`, 'url'), '{{url}}']),
      graph('Connections to istiod that ended', 'ops', [
        sumRate(`istio_xds_connection_terminations_total${ZTUNNEL}`, 'reason'),
        '{{reason}}',
      ]),
      graph(
        'Proxies of pods',
        'ops',
        [sumRate(`workload_manager_proxies_started_total${ZTUNNEL}`), 'started'],
        [sumRate(`workload_manager_proxies_stopped_total${ZTUNNEL}`), 'stopped'],
      ),
    ),
    row(
      'CNI agent',
      graph('Installations of the plugin', 'ops', [sumRate(`istio_cni_installs_total${CNI}`, 'result'), '{{result}}']),
      graph('Repaired pods', 'ops', [
        sumRate(`istio_cni_repair_pods_repaired_total${CNI}`, 'type', 'result'),
        '{{type}} {{result}}',
      ]),
      graph('Changes of pods', 'ops', [sumRate(`nodeagent_reconcile_events_total${CNI}`, 'type'), '{{type}}']),
      table(
        'Nodes',
        { node: 'Node' },
        ['Plugin ready', 'short', `max by (node) (istio_cni_install_ready${CNI})`],
        ['Connections of ztunnel', 'short', `sum by (node) (ztunnel_connected${CNI})`],
      ),
    ),
  ],
};
