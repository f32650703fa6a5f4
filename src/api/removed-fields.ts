import type { Notice } from '../core/index.ts';
import type { Step } from './field-path.ts';
import { REMOVED_VALUES, type RemovedRow } from './removed-values.ts';

/** A field that the schema no longer has, but that old documents may carry. */
export interface OldField {
  /** What its author should know; none where the layer that converts the field says it. */
  readonly notice?: Omit<Notice, 'path'>;
  /** Whether the field is handed on; otherwise it is left out of the document. */
  readonly kept: boolean;
}

const ISTIOD = 'istiod does its work.';
const NO_MIXER = 'Mixer is gone; use a Telemetry resource or meshConfig.extensionProviders.';

/**
 * The part of the catalogue outside `values`: path, the last minor release that had the field, and what to do instead.
 * A row stands for everything below its path. `*` is any one step; list indexes do not count.
 */
const REMOVED: readonly RemovedRow[] = [
  ['spec.components.citadel', '1.5', ISTIOD],
  ['spec.components.galley', '1.5', ISTIOD],
  ['spec.components.sidecarInjector', '1.5', ISTIOD],
  ['spec.components.nodeAgent', '1.5', 'The proxies’ own agent does its work.'],
  ['spec.components.certManager', '1.5', 'Install cert-manager by itself.'],
  ['spec.components.policy', '1.7', NO_MIXER],
  ['spec.components.telemetry', '1.7', NO_MIXER],
  ['spec.components.proxy', '1.7', 'Use values.global.proxy.'],
  ['spec.addonComponents.certManager', '1.5', 'Install cert-manager by itself.'],
  [
    'spec.addonComponents.istiocoredns',
    '1.8',
    'Use DNS proxying: ISTIO_META_DNS_CAPTURE in meshConfig.defaultConfig.proxyMetadata.',
  ],
  ['spec.addonComponents.prometheusOperator', '1.7', 'Install the Prometheus operator by itself.'],
  ['spec.meshConfig.mixerCheckServer', '1.7', NO_MIXER],
  ['spec.meshConfig.mixerReportServer', '1.7', NO_MIXER],
  ['spec.meshConfig.mixerAddress', '1.7', NO_MIXER],
  ['spec.meshConfig.disablePolicyChecks', '1.7', NO_MIXER],
  ['spec.meshConfig.disableMixerHttpReports', '1.7', NO_MIXER],
  ['spec.meshConfig.policyCheckFailOpen', '1.7', NO_MIXER],
  ['spec.meshConfig.sidecarToTelemetrySessionAffinity', '1.7', NO_MIXER],
  ['spec.meshConfig.enableClientSidePolicyCheck', '1.7', NO_MIXER],
  ['spec.meshConfig.disableReportBatch', '1.7', NO_MIXER],
  ['spec.meshConfig.reportBatchMaxEntries', '1.7', NO_MIXER],
  ['spec.meshConfig.reportBatchMaxTime', '1.7', NO_MIXER],
  ['spec.meshConfig.sdsUdsPath', '1.7', 'The proxies’ own agent does its work.'],
  ['spec.meshConfig.sdsRefreshDelay', '1.7', 'The proxies’ own agent does its work.'],
  ['spec.meshConfig.enableSdsTokenMount', '1.7', 'The proxies’ own agent does its work.'],
  ['spec.meshConfig.sdsUseK8sSaJwt', '1.7', 'The proxies’ own agent does its work.'],
  ['spec.meshConfig.authPolicy', '1.8', 'Use a PeerAuthentication.'],
  ['spec.meshConfig.rdsRefreshDelay', '1.8', 'Nothing replaces it.'],
  ['spec.meshConfig.defaultConfig.connectTimeout', '1.5', 'Use meshConfig.connectTimeout.'],
  ['spec.meshConfig.defaultConfig.parentShutdownDuration', '1.16', 'Nothing replaces it.'],
  [
    'spec.meshConfig.defaultConfig.tracing.lightstep.secure',
    '1.5',
    'Use meshConfig.defaultConfig.tracing.tlsSettings.',
  ],
  [
    'spec.meshConfig.defaultConfig.tracing.lightstep.cacertPath',
    '1.5',
    'Use meshConfig.defaultConfig.tracing.tlsSettings.',
  ],
  ['spec.meshConfig.thriftConfig', '1.16', 'Nothing replaces it.'],
];

/** Metric fields of autoscaling/v2beta1, which the overlay layer translates and reports. */
const METRICS = 'spec.components.*.k8s.hpaSpec.metrics';
const CONVERTED: readonly string[] = [
  ...['resource', 'containerResource'].flatMap((source) =>
    ['targetAverageUtilization', 'targetAverageValue'].map((field) => `${METRICS}.${source}.${field}`),
  ),
  ...['metricName', 'targetAverageValue', 'selector'].map((field) => `${METRICS}.pods.${field}`),
  ...['metricName', 'targetValue', 'averageValue', 'selector'].map((field) => `${METRICS}.object.${field}`),
  ...['apiVersion', 'kind', 'name'].map((field) => `${METRICS}.object.target.${field}`),
  ...['metricName', 'metricSelector', 'targetValue', 'targetAverageValue'].map(
    (field) => `${METRICS}.external.${field}`,
  ),
];

/** The whole catalogue. */
export const REMOVED_FIELDS: readonly RemovedRow[] = [...REMOVED, ...REMOVED_VALUES];

interface Entry {
  readonly steps: readonly string[];
  readonly field: OldField;
}

/** The catalogue by the last step of its paths, so that a look-up reads a few rows only. */
const CATALOGUE: ReadonlyMap<string, readonly Entry[]> = Map.groupBy(
  [
    ...REMOVED_FIELDS.map((row) => entry(row[0], { notice: removedNotice(row), kept: false })),
    ...CONVERTED.map((path) => entry(path, { kept: true })),
  ],
  ({ steps }) => steps.at(-1) ?? '',
);

/**
 * Looks a field that the schema lacks up in the catalogue.
 * @param path - where the field stands, with list indexes.
 * @returns undefined for a field that never existed.
 */
export function oldField(path: readonly Step[]): OldField | undefined {
  const steps = normalised(path);
  const candidates = [...(CATALOGUE.get(steps.at(-1) ?? '') ?? []), ...(CATALOGUE.get('*') ?? [])];
  return candidates.find((candidate) => matches(candidate.steps, steps))?.field;
}

function entry(path: string, field: OldField): Entry {
  return { steps: path.split('.'), field };
}

function removedNotice([, until, instead]: RemovedRow): Omit<Notice, 'path'> {
  return { code: 'RemovedField', message: `Istio removed this field after ${until}; it is left out. ${instead}` };
}

/** Without list indexes; the mesh configuration has one home, wherever it stands. */
function normalised(path: readonly Step[]): readonly string[] {
  const steps = path.filter((step) => typeof step === 'string');
  return steps[1] === 'values' && steps[2] === 'meshConfig' ? ['spec', ...steps.slice(2)] : steps;
}

function matches(wanted: readonly string[], steps: readonly string[]): boolean {
  return wanted.length === steps.length && wanted.every((step, index) => step === '*' || step === steps[index]);
}
