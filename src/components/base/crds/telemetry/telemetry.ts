import { fieldOr, implies, rule } from '../cel.ts';
import { AGE, defineResource } from '../define-resource.ts';
import { boolean, double, duration, enumOf, list, map, nullable, object, string } from '../schema.ts';
import { attachmentFields, ONE_ATTACHMENT } from '../selectors.ts';

/** Telemetry: what proxies trace, measure and log. */
export function telemetry() {
  return defineResource({
    group: 'telemetry.istio.io',
    kind: 'Telemetry',
    plural: 'telemetries',
    shortNames: ['telemetry'],
    versions: ['v1', 'v1alpha1'],
    // The only kind that is not stored in its newest version.
    storedAs: 'v1alpha1',
    columns: [AGE],
    spec: object(
      {
        ...attachmentFields(),
        tracing: list(tracing()),
        metrics: list(metrics()),
        accessLogging: list(accessLogging()),
      },
      { rules: [ONE_ATTACHMENT] },
    ),
  });
}

function tracing() {
  return object({
    match: object({ mode: workloadMode() }),
    providers: list(provider()),
    randomSamplingPercentage: nullable(double({ minimum: 0, maximum: 100 })),
    disableSpanReporting: nullable(boolean()),
    disableContextPropagation: nullable(boolean()),
    customTags: map(customTag()),
    useRequestIdForTraceSampling: nullable(boolean()),
    enableIstioTags: nullable(boolean()),
  });
}

function metrics() {
  return object({
    providers: list(provider()),
    overrides: list(
      object({ match: metricSelector(), disabled: nullable(boolean()), tagOverrides: map(tagOverride()) }),
    ),
    reportingInterval: duration(),
  });
}

function accessLogging() {
  return object({
    match: object({ mode: workloadMode() }),
    providers: list(provider()),
    disabled: nullable(boolean()),
    filter: object({ expression: string() }),
  });
}

function provider() {
  return object({ name: string({ minLength: 1 }) }, { required: ['name'] });
}

/** Whether the proxy is that of the caller, of the one who is called, or either. */
function workloadMode() {
  return enumOf('CLIENT_AND_SERVER', 'CLIENT', 'SERVER');
}

function customTag() {
  const named = object({ name: string({ minLength: 1 }), defaultValue: string() }, { required: ['name'] });
  const valued = object({ value: string({ minLength: 1 }) }, { required: ['value'] });
  return object(
    { literal: valued, environment: named, header: named, formatter: valued },
    { oneofs: [['literal', 'environment', 'header', 'formatter']] },
  );
}

function metricSelector() {
  const metric = enumOf(
    'ALL_METRICS',
    'REQUEST_COUNT',
    'REQUEST_DURATION',
    'REQUEST_SIZE',
    'RESPONSE_SIZE',
    'TCP_OPENED_CONNECTIONS',
    'TCP_CLOSED_CONNECTIONS',
    'TCP_SENT_BYTES',
    'TCP_RECEIVED_BYTES',
    'GRPC_REQUEST_MESSAGES',
    'GRPC_RESPONSE_MESSAGES',
  );
  return object(
    { metric, customMetric: string({ minLength: 1 }), mode: workloadMode() },
    { oneofs: [['metric', 'customMetric']] },
  );
}

function tagOverride() {
  const operation = fieldOr('operation', '""');
  return object(
    { operation: enumOf('UPSERT', 'REMOVE'), value: string() },
    {
      rules: [
        rule('value must be set when operation is UPSERT', implies(`(${operation} == "UPSERT")`, '(self.value != "")')),
        rule(
          'value must not be set when operation is REMOVE',
          implies(`(${operation} == "REMOVE")`, '!has(self.value)'),
        ),
      ],
    },
  );
}
