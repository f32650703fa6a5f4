import { type DashboardPlan, graph, row, stack, stat, table } from './panel.ts';
import { quantile, quantiles, sumRate } from './promql.ts';

/** Of the metrics that other programs have too, those of the operator. */
const OPERATOR = '{pod=~"istio-operator-.*"}';

/** The operator itself: what it does with the custom resources, and how the API server answers it. */
export const OPERATOR_DASHBOARD: DashboardPlan = {
  uid: 'istio-operator',
  title: 'Istio Operator',
  description: 'The operator that installs Istio: its passes, its changes and its requests.',
  variables: [],
  rows: [
    row(
      'Now',
      stat('Resources that wait', 'short', `sum(workqueue_depth${OPERATOR})`),
      stat('Objects', 'short', 'sum(istio_install_operator_owned_resource_total)'),
      stat('Passes', 'ops', sumRate('istio_install_operator_reconcile_request_total')),
      stat('Refused resources', 'ops', sumRate('istio_install_operator_cr_validation_error_total')),
      stat('Slowest 1 % of passes', 's', quantile(0.99, ['workqueue_work_duration_seconds', OPERATOR])),
      stat('Slowest 1 % of requests', 's', quantile(0.99, ['rest_client_request_duration_seconds', OPERATOR])),
    ),
    row(
      'Passes',
      stack('By result', 'ops', [sumRate('istio_install_operator_reconcile_request_total', 'result'), '{{result}}']),
      graph('Duration', 's', ...quantiles('workqueue_work_duration_seconds', OPERATOR)),
      graph('Refused by code', 'ops', [
        sumRate('istio_install_operator_cr_validation_error_total', 'code'),
        '{{code}}',
      ]),
    ),
    row(
      'Changes',
      stack('Applied by action', 'ops', [
        sumRate('istio_install_operator_resource_apply_total', 'action'),
        '{{action}}',
      ]),
      stack('Applied by kind', 'ops', [sumRate('istio_install_operator_resource_apply_total', 'kind'), '{{kind}}']),
      stack('Removed by kind', 'ops', [sumRate('istio_install_operator_resource_prune_total', 'kind'), '{{kind}}']),
    ),
    row(
      'Requests',
      stack('By verb', 'reqps', [sumRate(`rest_client_requests_total${OPERATOR}`, 'verb'), '{{verb}}']),
      stack('By answer', 'reqps', [sumRate(`rest_client_requests_total${OPERATOR}`, 'code'), '{{code}}']),
      graph('Duration', 's', [
        quantile(0.99, ['rest_client_request_duration_seconds', OPERATOR], 'verb'),
        '{{verb}} p99',
      ]),
    ),
    row(
      'Installations',
      table('Resources', { exported_namespace: 'Namespace', name: 'Name' }, [
        'Objects',
        'short',
        'sum by (exported_namespace, name) (istio_install_operator_owned_resource_total)',
      ]),
      table('Operators', { pod: 'Pod', version: 'Version' }, [
        'Processes',
        'short',
        'sum by (pod, version) (istio_install_operator_version)',
      ]),
    ),
  ],
};
