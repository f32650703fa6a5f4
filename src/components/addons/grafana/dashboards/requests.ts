import { graph, type Panel, stack } from './panel.ts';
import { quantiles, ratio, sumRate } from './promql.ts';

/**
 * Requests are counted where they arrive: by the proxy of the server, or by the waypoint before it in ambient mode. The
 * client's proxy counts them too.
 */
export const SERVED = 'reporter=~"destination|waypoint"';

/**
 * How requests do that a selector picks: how many, with which answers, how fast, from or to whom.
 * @param labels - the inside of a selector: `reporter="source", …`.
 * @param peer - the label that says who is at the other end.
 */
export function requestPanels(labels: string, peer: string): readonly Panel[] {
  const requests = `istio_requests_total{${labels}}`;
  const failed = `istio_requests_total{${labels}, response_code=~"5.."}`;
  return [
    stack('Requests by answer', 'reqps', [sumRate(requests, 'response_code'), '{{response_code}}']),
    graph('Without server error', 'percentunit', [`1 - ${ratio(sumRate(failed), sumRate(requests))}`, 'share']),
    graph('Duration', 'ms', ...quantiles('istio_request_duration_milliseconds', `{${labels}}`)),
    stack('Requests by peer', 'reqps', [sumRate(requests, peer), `{{${peer}}}`]),
    graph(
      'Size',
      'bytes',
      ...quantiles('istio_request_bytes', `{${labels}}`).map(([expr, name]) => [expr, `request ${name}`] as const),
      ...quantiles('istio_response_bytes', `{${labels}}`).map(([expr, name]) => [expr, `response ${name}`] as const),
    ),
    graph('Why Envoy answered itself', 'reqps', [
      sumRate(`istio_requests_total{${labels}, response_flags!="-"}`, 'response_flags'),
      '{{response_flags}}',
    ]),
  ];
}

/** How TCP connections do that a selector picks. */
export function tcpPanels(labels: string, peer: string): readonly Panel[] {
  return [
    graph(
      'Bytes',
      'Bps',
      [sumRate(`istio_tcp_received_bytes_total{${labels}}`), 'received'],
      [sumRate(`istio_tcp_sent_bytes_total{${labels}}`), 'sent'],
    ),
    graph(
      'Connections',
      'cps',
      [sumRate(`istio_tcp_connections_opened_total{${labels}}`), 'opened'],
      [sumRate(`istio_tcp_connections_closed_total{${labels}}`), 'closed'],
    ),
    stack('Bytes received by peer', 'Bps', [sumRate(`istio_tcp_received_bytes_total{${labels}}`, peer), `{{${peer}}}`]),
  ];
}
