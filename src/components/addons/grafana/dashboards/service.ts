import { type DashboardPlan, row, stat } from './panel.ts';
import { quantile, ratio, sumRate } from './promql.ts';
import { requestPanels, SERVED, tcpPanels } from './requests.ts';

const PICKED = 'destination_service_namespace="$namespace", destination_service_name="$service"';
const AT_SERVER = `${SERVED}, ${PICKED}`;
const AT_CLIENT = `reporter="source", ${PICKED}`;
const REQUESTS = `istio_requests_total{${AT_SERVER}}`;
const FAILED = `istio_requests_total{${AT_SERVER}, response_code=~"5.."}`;

/** One service: what its clients see, and what it sees of them. */
export const SERVICE: DashboardPlan = {
  uid: 'istio-service',
  title: 'Istio Service',
  description: 'One service, as its own proxies and as those of its clients see it.',
  variables: [
    {
      name: 'namespace',
      label: 'Namespace',
      query:
        'label_values({__name__=~"istio_requests_total|istio_tcp_connections_opened_total"}, destination_service_namespace)',
    },
    {
      name: 'service',
      label: 'Service',
      query:
        'label_values({__name__=~"istio_requests_total|istio_tcp_connections_opened_total", destination_service_namespace="$namespace"}, destination_service_name)',
    },
  ],
  rows: [
    row(
      'Now',
      stat('Requests', 'reqps', sumRate(REQUESTS)),
      stat('Without server error', 'percentunit', `1 - ${ratio(sumRate(FAILED), sumRate(REQUESTS))}`),
      stat('p50', 'ms', quantile(0.5, ['istio_request_duration_milliseconds', `{${AT_SERVER}}`])),
      stat('p99', 'ms', quantile(0.99, ['istio_request_duration_milliseconds', `{${AT_SERVER}}`])),
      stat(
        'With mutual TLS',
        'percentunit',
        ratio(
          sumRate(`istio_requests_total{${AT_SERVER}, connection_security_policy="mutual_tls"}`),
          sumRate(REQUESTS),
        ),
      ),
      stat('TCP received', 'Bps', sumRate(`istio_tcp_received_bytes_total{reporter="destination", ${PICKED}}`)),
    ),
    row('Requests, at the server', ...requestPanels(AT_SERVER, 'source_workload')),
    row('Requests, at the clients', ...requestPanels(AT_CLIENT, 'source_workload')),
    row('TCP, at the server', ...tcpPanels(`reporter="destination", ${PICKED}`, 'source_workload')),
  ],
};
