import { type ClusterFacts, type ComponentName, isObject, type Json, type JsonObject, valueAt } from '../core/index.ts';
import type { ResolvedSpec } from '../merge/index.ts';
import { type AddonDocument, addonInputs, withTracingProvider } from './addon-values.ts';
import { baseDefaults } from './base-values.ts';
import { cniDefaults } from './cni-values.ts';
import type { ComponentInput } from './component-input.ts';
import { egressGatewayDefaults, ingressGatewayDefaults } from './gateway-values.ts';
import { istiodDefaults } from './istiod-defaults.ts';
import { layeredValues, type ValuesRecipe } from './layered-values.ts';
import { objectAt } from './object-at.ts';
import { settled } from './settled-values.ts';
import { translatedValues, withComponentImage, withGatewaySettings } from './translated-values.ts';
import { checkIstiodValues } from './unsupported-values.ts';
import { ztunnelDefaults } from './ztunnel-values.ts';

/** How a component is found in a spec and where its values come from. */
interface ComponentRule extends ValuesRecipe {
  readonly component: ComponentName;
  /** The field below `spec.components`. */
  readonly field: string;
  /** Installed also where the spec has no entry for it. */
  readonly isDefault: boolean;
  /** For a list of gateways: the name of an entry that has none. */
  readonly gatewayName?: string;
}

const PILOT: ComponentRule = {
  component: 'Pilot',
  field: 'pilot',
  isDefault: true,
  root: ['pilot'],
  shape: 'lifted',
  defaults: istiodDefaults,
};

const RULES: readonly ComponentRule[] = [
  { component: 'Base', field: 'base', isDefault: true, root: ['global'], shape: 'nested', defaults: baseDefaults },
  PILOT,
  {
    component: 'IngressGateways',
    field: 'ingressGateways',
    isDefault: true,
    gatewayName: 'istio-ingressgateway',
    root: ['gateways', 'istio-ingressgateway'],
    shape: 'nested',
    defaults: ingressGatewayDefaults,
  },
  {
    component: 'EgressGateways',
    field: 'egressGateways',
    isDefault: false,
    gatewayName: 'istio-egressgateway',
    root: ['gateways', 'istio-egressgateway'],
    shape: 'nested',
    defaults: egressGatewayDefaults,
  },
  { component: 'Cni', field: 'cni', isDefault: false, root: ['cni'], shape: 'lifted', defaults: cniDefaults },
  {
    component: 'Ztunnel',
    field: 'ztunnel',
    isDefault: false,
    root: ['ztunnel'],
    shape: 'flattened',
    defaults: ztunnelDefaults,
  },
];

/** What all components of a document have in common. */
interface Document {
  readonly spec: JsonObject;
  readonly values: JsonObject;
  readonly namespace: string;
  readonly revision: string;
  readonly facts: ClusterFacts;
}

/**
 * The instances of components that a spec switches on, in render order, each with the values it is built from.
 * @throws {OperatorError} `InvalidValue` for names and shapes of values that cannot be built from.
 */
export function componentInputs(resolved: ResolvedSpec, facts: ClusterFacts): readonly ComponentInput[] {
  const values = translatedValues(resolved);
  const namespace = textOr(valueAt(values, 'global', 'istioNamespace'), 'istio-system');
  const document: Document = { spec: resolved.spec, values, namespace, revision: textOr(values.revision, ''), facts };
  return [
    ...RULES.flatMap((rule) => instancesOf(rule, document).map((instance) => inputOf(rule, instance, document))),
    ...(isObject(resolved.spec.addonComponents) ? addonInputs(addonDocument(document)) : []),
  ];
}

function addonDocument(document: Document): AddonDocument {
  const pathOf = (keys: readonly string[]) => documentPath(PILOT, document.spec, keys);
  return { ...document, istiod: layeredValues(PILOT, document.values, pathOf).layered };
}

/** One entry of the spec that is switched on, and where it stands. */
interface Instance {
  readonly entry: JsonObject;
  readonly path: string;
}

function instancesOf(rule: ComponentRule, { spec, values }: Document): readonly Instance[] {
  const path = `spec.components.${rule.field}`;
  const entries = valueAt(spec, 'components', rule.field);
  // Upstream reads this for gateways only: true switches all gateways of the kind on, false does nothing.
  const isForced = rule.gatewayName !== undefined && valueAt(values, ...rule.root, 'enabled') === true;
  const isOn = (entry: JsonObject) => isForced || entry.enabled !== false;
  if (rule.gatewayName !== undefined && Array.isArray(entries)) {
    return entries
      .map((entry: Json, index) => ({ entry: isObject(entry) ? entry : {}, path: `${path}[${index}]` }))
      .filter(({ entry }) => isOn(entry));
  }
  if (rule.gatewayName === undefined && isObject(entries)) return isOn(entries) ? [{ entry: entries, path }] : [];
  return rule.isDefault || isForced ? [{ entry: {}, path }] : [];
}

function inputOf(rule: ComponentRule, { entry, path }: Instance, document: Document): ComponentInput {
  let values = withComponentImage(document.values, rule.root, entry);
  if (rule.gatewayName !== undefined) {
    values = withGatewaySettings(values, rule.root, entry, textOr(entry.name, rule.gatewayName));
  }
  const pathOf = (keys: readonly string[]) => documentPath(rule, document.spec, keys);
  const { given, layered } = layeredValues(rule, values, pathOf);
  const isPilot = rule.component === 'Pilot';
  if (isPilot) checkIstiodValues(layered);
  return {
    component: rule.component,
    path,
    resourceName: resourceName(rule, entry, layered, document.revision),
    namespace: textOr(entry.namespace, document.namespace),
    revision: document.revision,
    values: settled(rule.defaults, isPilot ? withTracingProvider({ ...document, istiod: layered }) : layered, pathOf),
    ...(isPilot && { documents: { original: given, merged: layered } }),
    settings: objectAt(entry, 'k8s'),
    facts: document.facts,
  };
}

function resourceName(rule: ComponentRule, entry: JsonObject, layered: JsonObject, revision: string): string {
  switch (rule.component) {
    case 'Pilot':
      return revision === '' ? 'istiod' : `istiod-${revision}`;
    case 'IngressGateways':
    case 'EgressGateways':
      return textOr(entry.name, rule.gatewayName ?? '');
    case 'Cni':
      return 'istio-cni-node';
    case 'Ztunnel':
      return textOr(layered.resourceName, 'ztunnel');
    default:
      return '';
  }
}

/** Where the author wrote the value that a component reads at `keys`. */
function documentPath(rule: ComponentRule, spec: JsonObject, keys: readonly string[]): string {
  const below = rule.shape === 'nested' ? [] : rule.root;
  for (const field of ['unvalidatedValues', 'values']) {
    for (const path of [[...below, ...keys], keys]) {
      if (valueAt(spec, field, ...path) !== undefined) return ['spec', field, ...path].join('.');
    }
  }
  const isOwnField = keys.length === 1 && valueAt(spec, ...keys) !== undefined;
  return isOwnField ? `spec.${keys[0]}` : ['spec', 'values', ...keys].join('.');
}

function textOr(value: Json | undefined, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}
