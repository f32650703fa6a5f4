import { GATEWAYS } from '../api/index.ts';
import { isObject, type Json, type JsonObject, type Notice, valueAt, withValueAt } from '../core/index.ts';

/** A spec in which every gateway has a name, and what its author should know about that. */
export interface NamedGateways {
  readonly spec: JsonObject;
  readonly notices: readonly Notice[];
}

/** Gives gateways without a name the one that Istio 1.5 to 1.23 gave them. */
export function withGatewayNames(spec: JsonObject): NamedGateways {
  const notices: Notice[] = [];
  let named = spec;
  for (const { list: field, values: defaultName } of GATEWAYS) {
    const list = valueAt(spec, 'components', field);
    if (!Array.isArray(list) || list.every(isNamed)) continue;
    const entries = list.map((entry: Json, index) => {
      if (isNamed(entry) || !isObject(entry)) return entry;
      notices.push({
        code: 'GatewayUnnamed',
        path: `spec.components.${field}[${index}]`,
        message: `The gateway has no name; it is installed as ${defaultName}.`,
        hint: `Set name: ${defaultName}.`,
      });
      return { ...entry, name: defaultName };
    });
    named = withValueAt(named, ['components', field], entries);
  }
  return { spec: named, notices };
}

/** Warns where an author's gateway list drops a gateway of the profile: Istio up to 1.23 merged these lists by name. */
export function replacedGateways(profile: JsonObject, authored: JsonObject): readonly Notice[] {
  const notices: Notice[] = [];
  for (const { list: field, values: defaultName } of GATEWAYS) {
    const kept = valueAt(authored, 'components', field);
    if (!Array.isArray(kept)) continue;
    const names = new Set(kept.map((entry: Json) => nameOf(entry) ?? defaultName));
    for (const name of enabledNames(valueAt(profile, 'components', field))) {
      if (names.has(name)) continue;
      notices.push({
        code: 'ListReplacesProfile',
        path: `spec.components.${field}`,
        message: `The list replaces the profile's, so ${name} is not installed; Istio 1.23 and older would have kept it.`,
        hint: `To keep it, add an entry with name: ${name}.`,
      });
    }
  }
  return notices;
}

function enabledNames(list: Json | undefined): string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: Json) => {
    const name = nameOf(entry);
    return name !== undefined && isObject(entry) && entry.enabled !== false ? [name] : [];
  });
}

function nameOf(entry: Json): string | undefined {
  return isObject(entry) && typeof entry.name === 'string' && entry.name !== '' ? entry.name : undefined;
}

function isNamed(entry: Json): boolean {
  return !isObject(entry) || nameOf(entry) !== undefined;
}
