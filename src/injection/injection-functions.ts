import { isObject, type Json } from '../core/index.ts';
import {
  ANY,
  type FunctionTable,
  fn,
  formatValue,
  framed,
  type GoFunction,
  GoInteger,
  GoMap,
  GoNil,
  GoObject,
  GoSlice,
  goValueOf,
  helmFunctions,
  sprigFunctions,
  TemplateProblem,
  type Value,
  variadic,
} from '../gotemplate/index.ts';
import { goJson } from './go-json.ts';
import { appendMultusNetwork } from './multus.ts';
import { otelResourceAttributes } from './otel-attributes.ts';
import { proxyConfigJson } from './proxy-config.ts';

const TEXT_MAP = 'map[string]string';
const CONTAINERS = '[]v1.Container';

/**
 * What templates can call in istiod: sprig's functions, and istiod's own, which take the place of sprig's.
 * @param environment - istiod's variables, as far as the installation sets them.
 */
export function injectionFunctions(environment: Readonly<Record<string, string>>): FunctionTable {
  const sprig = sprigFunctions();
  const { toYaml } = helmFunctions();
  return {
    ...sprig,
    ...textFunctions(),
    ...mapFunctions(),
    ...portFunctions(),
    ...jsonFunctions(),
    // Helm's cuts the newline at the end, istiod's leaves it.
    toYaml: withNewline(toYaml),
    env: fn(['string', 'string'], (name, fallback) =>
      Object.hasOwn(environment, name) && environment[name] !== '' ? (environment[name] ?? '') : fallback,
    ),
    otelResourceAttributes: fn([ANY, TEXT_MAP, TEXT_MAP, 'string', CONTAINERS], otelResourceAttributes),
  };
}

function withNewline(toYaml: GoFunction | undefined): GoFunction {
  return framed([ANY], (frame, value) => `${String(toYaml?.implementation([plain(value)], frame))}\n`);
}

function textFunctions(): FunctionTable {
  return {
    annotation: fn([ANY, 'string', ANY], annotation),
    valueOrDefault: fn([ANY, ANY], (value, fallback) => (value === '' || value === null ? fallback : value)),
    contains: fn(['string', 'string'], (needle, text) => text.includes(needle)),
    toLower: fn(['string'], (text) => text.toLowerCase()),
    indent: fn(['int', 'string'], (spaces, text) => text.split('\n').join(`\n${' '.repeat(Number(spaces))}`)),
    directory: fn(['string'], (path) => path.slice(0, path.lastIndexOf('/') + 1)),
    kubevirtInterfaces: fn(['string'], (text) => text),
    excludeInterfaces: fn(['string'], (text) => text),
    formatDuration: fn([ANY], formatDuration),
    appendMultusNetwork: fn(['string', 'string'], appendMultusNetwork),
  };
}

function mapFunctions(): FunctionTable {
  return {
    isset: fn([TEXT_MAP, 'string'], (map, key) => map.entries.has(key)),
    omit: variadic([TEXT_MAP], 'string', (map, ...keys) =>
      ofText([...map.entries].filter(([key]) => !keys.includes(key))),
    ),
    strdict: variadic([], 'string', (...words) =>
      ofText(words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? ''] as const] : []))),
    ),
    mergeMaps: variadic([], TEXT_MAP, (...maps) => merged(maps)),
    toJsonMap: variadic([], TEXT_MAP, (...maps) => goJson(jsonOf(merged(maps)))),
    omitNil: fn([ANY], withoutNil),
  };
}

function jsonFunctions(): FunctionTable {
  return {
    toJSON: fn([TEXT_MAP], (map) => goJson(jsonOf(map))),
    fromJSON: fn(['string'], (text) => {
      try {
        return goValueOf(JSON.parse(text) as Json);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        return '{}'; // what istiod gives for text that is no JSON
      }
    }),
    structToJSON: fn([ANY], (value) => (value === null ? '{}' : goJson(jsonOf(value)))),
    protoToJSON: fn([ANY], protoToJson),
  };
}

function portFunctions(): FunctionTable {
  return {
    excludeInboundPort: fn([ANY, 'string'], excludeInboundPort),
    applicationPorts: fn([CONTAINERS], (containers) => portsOf(containers, (name) => name !== 'istio-proxy')),
    includeInboundPorts: fn([CONTAINERS], (containers) => portsOf(containers, () => true)),
  };
}

function annotation(meta: Value, name: string, fallback: Value): string {
  const annotations = meta instanceof GoObject ? meta.fields.get('Annotations') : undefined;
  const value = annotations instanceof GoMap ? annotations.entries.get(name) : undefined;
  return typeof value === 'string' ? value : formatValue(fallback);
}

/** Adds a port to a list, unless it is there already; the list is tidied only when it grows. */
function excludeInboundPort(port: Value, excluded: string): string {
  const added = formatValue(port).trim();
  if (added === '' || added === '0') return excluded;
  const ports = excluded.split(',');
  if (ports.includes(added)) return excluded;
  return [...ports.map((known) => known.trim()).filter((known) => known !== ''), added].join(',');
}

function portsOf(containers: GoSlice, isMeant: (name: string) => boolean): string {
  const ports = containers.items.flatMap((container) => {
    const { name, ports: declared } = Object(jsonOf(container));
    return isMeant(String(name)) && Array.isArray(declared) ? declared.filter(isObject) : [];
  });
  return ports
    .filter(({ protocol }) => protocol !== 'UDP' && protocol !== 'SCTP')
    .map(({ containerPort }) => String(containerPort))
    .join(',');
}

function protoToJson(value: Value): string {
  if (!(value instanceof GoObject) || !isObject(value.native)) return '{}';
  return value.typeName === '*v1alpha1.ProxyConfig' ? proxyConfigJson(value.native) : goJson(value.native);
}

/** A Protobuf duration as Go prints it: `1m30s`. */
function formatDuration(value: Value): string {
  const match = /^(-?)(\d{1,9})(?:\.(\d{1,9}))?s$/.exec(formatValue(value));
  if (match === null) throw new TemplateProblem('formatDuration: expected a duration');
  const [, sign, whole = '', decimals = ''] = match;
  const seconds = Number(whole);
  const rest = `${seconds % 60}${decimals === '' ? '' : `.${decimals}`}s`;
  const minutes = Math.floor(seconds / 60) % 60;
  const hours = Math.floor(seconds / 3600);
  return `${sign}${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${rest}`;
}

/** Drops nulls, and what has nothing left after that; what holds none stays as it is, be it empty. */
function withoutNil(value: Value): Value {
  if (value instanceof GoMap && [...value.entries.values()].some(holdsNil)) {
    const kept = [...value.entries].map(([key, field]) => [key, withoutNil(field)] as const);
    const left = kept.filter(([, field]) => field !== null);
    return left.length === 0 ? null : new GoMap(new Map(left), value.elem);
  }
  if (value instanceof GoSlice && value.items.some(holdsNil)) {
    const left = value.items.map(withoutNil).filter((item) => item !== null);
    return left.length === 0 ? null : new GoSlice(left, value.elem);
  }
  return value;
}

function holdsNil(value: Value): boolean {
  if (value === null) return true;
  if (value instanceof GoMap) return [...value.entries.values()].some(holdsNil);
  return value instanceof GoSlice && value.items.some(holdsNil);
}

function ofText(entries: readonly (readonly [string, Value])[]): GoMap {
  return new GoMap(new Map(entries), 'string');
}

function merged(maps: readonly GoMap[]): GoMap {
  return ofText(maps.flatMap((map) => [...map.entries]));
}

/** A value as JSON; maps are sorted, as Go writes them, structs in the order of their fields. */
function jsonOf(value: Value): Json {
  if (value instanceof GoMap) {
    const entries = [...value.entries].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, field]) => [key, jsonOf(field)]));
  }
  if (value instanceof GoSlice) return value.items.map(jsonOf);
  if (value instanceof GoInteger) return Number(value.value);
  if (value instanceof GoObject) return (value.native ?? null) as Json;
  if (typeof value === 'bigint') return Number(value);
  return value === undefined || value instanceof GoNil || typeof value === 'object' ? null : value;
}

/** Structs as the maps that YAML makes of them. */
function plain(value: Value): Value {
  return value instanceof GoObject ? goValueOf(jsonOf(value)) : value;
}
