import {
  fn,
  GoInteger,
  GoMap,
  GoNil,
  GoObject,
  GoSlice,
  type HostValue,
  type IntegerKind,
  type Value,
} from '../../src/gotemplate/index.ts';

/** Replaces `{$go: kind, value: …}` by a value of that Go type, as the Go program does. */
export function typedData(data: HostValue): HostValue {
  if (Array.isArray(data)) return data.map(typedData);
  if (!isPlainObject(data)) return data;
  if (typeof data.$go === 'string') return special(data.$go, data.value ?? null);
  return Object.fromEntries(Object.entries(data).map(([key, field]) => [key, typedData(field ?? null)]));
}

function isPlainObject(data: HostValue): data is { readonly [key: string]: HostValue } {
  return typeof data === 'object' && data !== null && Object.getPrototypeOf(data) === Object.prototype;
}

function special(kind: string, value: HostValue): Value {
  switch (kind) {
    case '[]string':
      return new GoSlice(value as string[], 'string');
    case 'map[string]string':
      return new GoMap(new Map(Object.entries(value as Record<string, string>)), 'string');
    case 'pod':
      return pod();
    case 'func':
      return fn(['string', 'string'], (a, b) => `${a}+${b}`);
    case 'bytes':
      return new GoSlice(
        Array.from(new TextEncoder().encode(String(value)), (byte) => new GoInteger('uint8', BigInt(byte))),
        'uint8',
      );
    case 'int':
      return BigInt(value as number);
    default:
      return new GoInteger(kind as IntegerKind, BigInt(value as number));
  }
}

function pod(): GoObject {
  const fields = new Map<string, Value>([
    ['Name', 'web'],
    ['Labels', new GoMap(new Map([['app', 'web']]), 'string')],
    ['Containers', new GoSlice([container('a', 80n), container('b', 8080n)], 'main.container')],
    ['Affinity', new GoNil('*main.affinity')],
    ['Replicas', new GoNil('*int32')],
  ]);
  const describe = fn(['string', 'int'], (prefix, count) => `${prefix}web${count}`);
  return new GoObject('*main.pod', fields, new Map([['Describe', describe]]));
}

function container(name: string, port: bigint): GoObject {
  const fields = new Map<string, Value>([
    ['Name', name],
    ['Port', new GoInteger('int32', port)],
  ]);
  return new GoObject('main.container', fields, new Map([['String', fn([], () => `${name}:${port}`)]]));
}
