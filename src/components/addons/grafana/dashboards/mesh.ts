import { type DashboardPlan, graph, row, stack, stat, table } from './panel.ts';
import { quantile, ratio, sumRate } from './promql.ts';
import { SERVED } from './requests.ts';

const REQUESTS = `istio_requests_total{${SERVED}}`;
const FAILED = `istio_requests_total{${SERVED}, response_code=~"5.."}`;
const DURATION = ['istio_request_duration_milliseconds', `{${SERVED}}`] as const;
const SERVICE = ['destination_service_namespace', 'destination_service_name'] as const;
const SERVICE_HEADINGS = { destination_service_namespace: 'Namespace', destination_service_name: 'Service' };

/** The mesh as a whole: how much goes through it, and which services do badly. */
export const MESH: DashboardPlan = {
  uid: 'istio-mesh',
  title: 'Istio Mesh',
  description: 'All traffic of the mesh, and its services side by side.',
  variables: [],
  rows: [
    row(
      'Now',
      stat('Requests', 'reqps', sumRate(REQUESTS)),
      stat('Without server error', 'percentunit', `1 - ${ratio(sumRate(FAILED), sumRate(REQUESTS))}`),
      stat('Client errors', 'reqps', sumRate(`istio_requests_total{${SERVED}, response_code=~"4.."}`)),
      stat('Server errors', 'reqps', sumRate(FAILED)),
      stat('Slowest 1 %', 'ms', quantile(0.99, DURATION)),
      stat(
        'TCP',
        'Bps',
        `${sumRate('istio_tcp_received_bytes_total{reporter="destination"}')} + ${sumRate('istio_tcp_sent_bytes_total{reporter="destination"}')}`,
      ),
    ),
    row(
      'Over time',
      stack('Requests by answer', 'reqps', [sumRate(REQUESTS, 'response_code'), '{{response_code}}']),
      graph('Server errors by service', 'reqps', [
        `topk(10, ${sumRate(FAILED, ...SERVICE)} > 0)`,
        '{{destination_service_name}}.{{destination_service_namespace}}',
      ]),
      stack('Requests by security', 'reqps', [
        sumRate(REQUESTS, 'connection_security_policy'),
        '{{connection_security_policy}}',
      ]),
    ),
    row(
      'Services',
      table(
        'HTTP and gRPC',
        SERVICE_HEADINGS,
        ['Requests', 'reqps', sumRate(REQUESTS, ...SERVICE)],
        [
          'Without server error',
          'percentunit',
          `1 - ${ratio(sumRate(FAILED, ...SERVICE), sumRate(REQUESTS, ...SERVICE))}`,
        ],
        ['p50', 'ms', quantile(0.5, DURATION, ...SERVICE)],
        ['p90', 'ms', quantile(0.9, DURATION, ...SERVICE)],
        ['p99', 'ms', quantile(0.99, DURATION, ...SERVICE)],
      ),
      table(
        'TCP',
        SERVICE_HEADINGS,
        ['Received', 'Bps', sumRate('istio_tcp_received_bytes_total{reporter="destination"}', ...SERVICE)],
        ['Sent', 'Bps', sumRate('istio_tcp_sent_bytes_total{reporter="destination"}', ...SERVICE)],
        ['Opened', 'cps', sumRate('istio_tcp_connections_opened_total{reporter="destination"}', ...SERVICE)],
        ['Closed', 'cps', sumRate('istio_tcp_connections_closed_total{reporter="destination"}', ...SERVICE)],
      ),
    ),
    row(
      'Versions',
      table('Components', { component: 'Component', tag: 'Version' }, [
        'Processes',
        'short',
        'sum by (component, tag) (istio_build)',
      ]),
    ),
  ],
};
