import { type DashboardPlan, row, stat } from './panel.ts';
import { quantile, ratio, sumRate } from './promql.ts';
import { requestPanels, SERVED, tcpPanels } from './requests.ts';

const TO = 'destination_workload_namespace="$namespace", destination_workload="$workload"';
const FROM = 'source_workload_namespace="$namespace", source_workload="$workload"';
const INBOUND = `${SERVED}, ${TO}`;
const OUTBOUND = `reporter="source", ${FROM}`;
const REQUESTS = `istio_requests_total{${INBOUND}}`;
const FAILED = `istio_requests_total{${INBOUND}, response_code=~"5.."}`;

/** One workload: what reaches it and what it asks others for. */
export const WORKLOAD: DashboardPlan = {
  uid: 'istio-workload',
  title: 'Istio Workload',
  description: 'One workload: what it is asked, and what it asks others.',
  variables: [
    {
      name: 'namespace',
      label: 'Namespace',
      query:
        'label_values({__name__=~"istio_requests_total|istio_tcp_connections_opened_total"}, destination_workload_namespace)',
    },
    {
      name: 'workload',
      label: 'Workload',
      query:
        'label_values({__name__=~"istio_requests_total|istio_tcp_connections_opened_total", destination_workload_namespace="$namespace"}, destination_workload)',
    },
  ],
  rows: [
    row(
      'Now',
      stat('Requests in', 'reqps', sumRate(REQUESTS)),
      stat('Without server error', 'percentunit', `1 - ${ratio(sumRate(FAILED), sumRate(REQUESTS))}`),
      stat('p99 in', 'ms', quantile(0.99, ['istio_request_duration_milliseconds', `{${INBOUND}}`])),
      stat('Requests out', 'reqps', sumRate(`istio_requests_total{${OUTBOUND}}`)),
      stat('p99 out', 'ms', quantile(0.99, ['istio_request_duration_milliseconds', `{${OUTBOUND}}`])),
      stat('TCP in', 'Bps', sumRate(`istio_tcp_received_bytes_total{reporter="destination", ${TO}}`)),
    ),
    row('Requests in', ...requestPanels(INBOUND, 'source_workload')),
    row('Requests out', ...requestPanels(OUTBOUND, 'destination_service')),
    row('TCP in', ...tcpPanels(`reporter="destination", ${TO}`, 'source_workload')),
    row('TCP out', ...tcpPanels(OUTBOUND, 'destination_service')),
  ],
};
