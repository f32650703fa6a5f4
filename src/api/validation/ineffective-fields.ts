import {
  isObject,
  type Json,
  type JsonObject,
  jsonEqual,
  type Notice,
  type NoticeCode,
  valueAt,
} from '../../core/index.ts';
import { formatFieldPath, type Step } from '../field-path.ts';
import { GATEWAYS } from '../gateway-kinds.ts';
import { quote } from '../quote.ts';

interface Row {
  /** Below `spec`; `*` stands for each field and for each entry of a list. */
  readonly path: string;
  readonly code: Extract<NoticeCode, 'IgnoredField' | 'DeprecatedField'>;
  readonly message: string;
  readonly hint?: string;
  /** Values that need no warning, because they ask for what happens anyway. */
  readonly harmless?: readonly Json[];
}

const ignored = (path: string, message: string, hint?: string, harmless?: readonly Json[]): Row => ({
  path,
  code: 'IgnoredField',
  message,
  ...(hint === undefined ? {} : { hint }),
  ...(harmless === undefined ? {} : { harmless }),
});

const deprecated = (path: string, instead: string): Row => ({
  path,
  code: 'DeprecatedField',
  message: 'This field still works, but Istio has deprecated it.',
  hint: `Use ${instead}.`,
});

/** What a gateway has of its own; the chart's values of that name are overwritten with it. */
const GATEWAY_ROWS = GATEWAYS.flatMap(({ list, values: name }): readonly Row[] => [
  ignored(`values.gateways.${name}.name`, 'It has no effect.', `Use components.${list}[].name.`, [name]),
  ignored(`values.gateways.${name}.labels`, 'It has no effect.', `Use components.${list}[].label.`, [
    { app: name, istio: name.replace('istio-', '') },
  ]),
]);

const BUILT_IN = 'It has no effect: the operator has everything it installs built in.';

/** Fields that are known and typed, but do nothing or will be gone; each counts when it holds something. */
const ROWS: readonly Row[] = [
  ignored('installPackagePath', BUILT_IN, 'Remove it.'),
  ignored('resourceSuffix', 'It has no effect and never had one.', 'Use revision.'),
  ignored('defaultRevision', 'It has no effect and never had one.', 'Use values.defaultRevision.'),
  ignored('components.istiodRemote.enabled', 'It has no effect.', 'Use the profile remote.'),
  ...['components.*.spec', 'components.ingressGateways.*.spec', 'components.egressGateways.*.spec'].map((path) =>
    ignored(path, 'It has no effect.', 'Use k8s, or values.'),
  ),
  ignored('addonComponents.*.spec', 'It has no effect.', 'Use the fields of the add-on.'),
  ignored('addonComponents.*.schema', 'It has no effect.', 'Remove it.'),
  ignored('addonComponents.*.chartPath', BUILT_IN, 'Remove it.'),
  ...GATEWAY_ROWS,
  ignored('values.cni.logLevel', 'It has no effect.', 'Use values.cni.logging.level.'),
  ignored('values.cni.rollingMaxUnavailable', 'It has no effect.', 'Use values.cni.updateStrategy.'),
  ignored('values.cni.privileged', 'It has no effect: the plugin runs with the capabilities that it needs.'),
  ignored('values.global.jwtPolicy', 'It has no effect: tokens are always those of third-party-jwt.', undefined, [
    'third-party-jwt',
  ]),
  ignored('values.global.podDNSSearchNamespaces', 'It has no effect.', 'Use dnsConfig in an injection template.'),
  ignored('values.sidecarInjectorWebhook.injectionURL', 'It has no effect.', 'Use values.istiodRemote.injectionURL.'),
  deprecated('values.istio_cni', 'components.cni and values.pilot.cni'),
  deprecated('values.global.arch', 'components.*.k8s.affinity'),
  deprecated('values.global.trustDomain', 'meshConfig.trustDomain'),
  deprecated(
    'values.global.proxy.holdApplicationUntilProxyStarts',
    'meshConfig.defaultConfig.holdApplicationUntilProxyStarts',
  ),
  deprecated('values.global.tracer.lightstep', 'meshConfig.extensionProviders with lightstep'),
  deprecated('values.global.tracer.zipkin', 'meshConfig.extensionProviders with zipkin'),
  deprecated('values.global.tracer.datadog', 'meshConfig.extensionProviders with datadog'),
];

/** Warns of fields that hold something, but to no or to no lasting effect. */
export function ineffectiveFields(spec: JsonObject): readonly Notice[] {
  const notices = ROWS.flatMap((row): readonly Notice[] => {
    const { path, harmless = [], ...notice } = row;
    return placesOf(spec, path.split('.'))
      .filter(({ value }) => !isEmpty(value) && !harmless.some((same) => jsonEqual(same, value ?? null)))
      .map(({ steps }) => ({ ...notice, path: formatFieldPath(['spec', ...steps]) }));
  });
  return [...namespaceNotice(spec), ...overriddenNotices(spec), ...meshConfigNotices(spec), ...notices];
}

interface Place {
  readonly steps: readonly Step[];
  readonly value: Json | undefined;
}

/** What stands at a path of a row. */
function placesOf(value: Json | undefined, path: readonly string[], steps: readonly Step[] = []): readonly Place[] {
  const [step, ...rest] = path;
  if (step === undefined) return [{ steps, value }];
  if (step !== '*') return placesOf(valueAt(value, step), rest, [...steps, step]);
  if (Array.isArray(value)) return value.flatMap((item, index) => placesOf(item, rest, [...steps, index]));
  if (!isObject(value)) return [];
  return Object.keys(value).flatMap((key) => placesOf(value[key], rest, [...steps, key]));
}

/** `spec.namespace` has had no effect since 1.24; it needs no warning where it asks for what happens anyway. */
function namespaceNotice(spec: JsonObject): readonly Notice[] {
  const asked = valueAt(spec, 'namespace');
  const actual = valueAt(spec, 'values', 'global', 'istioNamespace') ?? 'istio-system';
  if (isEmpty(asked) || asked === actual) return [];
  const message = `It has no effect: the control plane is installed in ${actual}.`;
  const hint = `Set values.global.istioNamespace: ${asked}.`;
  return [{ code: 'IgnoredField', path: 'spec.namespace', message, hint }];
}

const OVERRIDDEN = [
  { field: 'hub', by: ['values', 'global', 'hub'] },
  { field: 'tag', by: ['values', 'global', 'tag'] },
  { field: 'revision', by: ['values', 'revision'] },
  { field: 'compatibilityVersion', by: ['values', 'compatibilityVersion'] },
] as const;

/** Values win over the fields that are translated to them. */
function overriddenNotices(spec: JsonObject): readonly Notice[] {
  return OVERRIDDEN.flatMap(({ field, by }): readonly Notice[] => {
    const asked = valueAt(spec, field);
    const wins = valueAt(spec, ...by);
    if (isEmpty(asked) || isEmpty(wins) || `${asked}` === `${wins}`) return [];
    const message = `It has no effect: ${by.join('.')} is set to ${quote(`${wins}`)} and wins.`;
    return [{ code: 'IgnoredField', path: `spec.${field}`, message, hint: 'Remove one of the two.' }];
  });
}

/** The mesh configuration of the spec wins over that of the values, setting by setting. */
function meshConfigNotices({ meshConfig, values }: JsonObject): readonly Notice[] {
  return differences(meshConfig, valueAt(values, 'meshConfig')).map((steps): Notice => {
    const setting = formatFieldPath(['meshConfig', ...steps]);
    const message = `It has no effect: ${setting} is set too and wins.`;
    return { code: 'IgnoredField', path: `spec.values.${setting}`, message, hint: 'Remove one of the two.' };
  });
}

/** Where two values that stand for the same both say something, and not the same. */
function differences(a: Json | undefined, b: Json | undefined): readonly (readonly string[])[] {
  if (a === undefined || b === undefined) return [];
  if (!isObject(a) || !isObject(b)) return jsonEqual(a, b) ? [] : [[]];
  return Object.keys(a).flatMap((key) => differences(a[key], b[key]).map((steps) => [key, ...steps]));
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
