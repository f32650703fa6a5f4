import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse, parseAllDocuments } from 'yaml';
import { type JsonObject, writeYaml } from '../../../src/core/index.ts';
import { readYaml } from '../../../src/render/index.ts';

/** Texts that YAML could take for something else, glued together and alone. */
const pieces = [
  'a',
  'Z',
  '0',
  '7',
  '9',
  '.',
  '-',
  '+',
  ':',
  ' ',
  '#',
  '\n',
  '\t',
  '_',
  'e',
  'x',
  '~',
  '=',
  '<',
  '|',
  '>',
  '&',
  '*',
  '!',
  '%',
  '@',
  '`',
  '"',
  "'",
  '\\',
  '[',
  ']',
  '{',
  '}',
  ',',
  '?',
  'yes',
  'null',
  'True',
  '---',
  '...',
  '\r',
  '\u0000',
  '\u0085',
  '\u00a0',
  '\u2028',
  '\ufeff',
  '\u007f',
  'é',
  '漢',
  '😀',
  'inf',
  'nan',
];
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...pieces), maxLength: 12 }),
  fc.string({ unit: 'binary' }),
  fc.string({ maxLength: 20 }),
);
const key = text.filter((name) => name !== '__proto__');
const leaf = fc.oneof(
  text,
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
);
const { json } = fc.letrec((tie) => ({
  json: fc.oneof({ maxDepth: 5, withCrossShrink: true }, leaf, tie('list'), tie('map')),
  list: fc.array(tie('json'), { maxLength: 4 }),
  map: fc.dictionary(key, tie('json'), { maxKeys: 4, noNullPrototype: true }),
})) as { json: fc.Arbitrary<JsonObject> };
const documents = fc.array(
  fc.dictionary(key, json, { maxKeys: 5, noNullPrototype: true }) as fc.Arbitrary<JsonObject>,
  { minLength: 1, maxLength: 3 },
);

test('what is written reads back equal: YAML 1.2, YAML 1.1, and our own reader', () => {
  fc.assert(
    fc.property(documents, (objects) => {
      const written = writeYaml(objects);
      const wanted = objects.map((object) => JSON.parse(JSON.stringify(object)));
      for (const version of ['1.1', '1.2'] as const) {
        const parsed = parseAllDocuments(written, { version, merge: false, uniqueKeys: false });
        if (!Array.isArray(parsed)) throw new Error('the stream is empty');
        expect(parsed.flatMap((document) => [...document.errors, ...document.warnings])).toEqual([]);
        expect(parsed.map((document) => document.toJS())).toEqual(wanted);
      }
      expect(readYaml(written, 'f').map(({ value }) => value)).toEqual(wanted);
    }),
    { numRuns: 1_000 },
  );
});

test('equal objects give equal bytes, whatever the order of their keys', () => {
  fc.assert(
    fc.property(documents, (objects) => {
      const reversed = objects.map((object) => Object.fromEntries(Object.entries(object).reverse()));
      expect(writeYaml(reversed)).toBe(writeYaml(objects));
    }),
  );
});

test('an object is written as people expect it', () => {
  const object = {
    data: { mesh: 'a: 1\nb: 2\n', none: '', script: '  indented\nnot\n', keep: 'x\n\n\n', strip: 'x\ny' },
    metadata: { name: 'x', labels: {}, annotations: { 'a.b/c': 'true', port: '8080', time: '10:30' } },
    kind: 'ConfigMap',
    spec: {
      args: ['--a=b', '-', 'x: y', [], [['x'], []], {}],
      items: [{ name: 'a', value: 1.5 }, { list: [1, null, true] }],
    },
    apiVersion: 'v1',
    gone: undefined,
  };
  expect(writeYaml([object, { a: 1 }])).toBe(`apiVersion: v1
kind: ConfigMap
metadata:
  annotations:
    a.b/c: "true"
    port: "8080"
    time: "10:30"
  labels: {}
  name: x
spec:
  args:
  - --a=b
  - "-"
  - "x: y"
  - []
  - - - x
    - []
  - {}
  items:
  - name: a
    value: 1.5
  - list:
    - 1
    - null
    - true
data:
  keep: |+
    x


  mesh: |
    a: 1
    b: 2
  none: ""
  script: |2
      indented
    not
  strip: |-
    x
    y
---
a: 1
`);
});

const quoted = [
  'yes',
  'NO',
  'on',
  'n',
  'null',
  '~',
  '',
  '0644',
  '0o7',
  '1_000',
  '1e3',
  '.5',
  '-.inf',
  '22:22',
  '2026-01-31',
  '=',
  '<<',
  '- a',
  'a: b',
  'a #b',
  'a:',
  ' a',
  'a ',
  '*a',
  '&a',
  '!a',
  '@a',
  '`a',
  '%a',
  '---',
  '[a',
  '{a',
  '#a',
  '|',
  '>',
  '"a',
  "'a",
  ', a',
  '? a',
  '0x1f',
  '0b1',
  '+1',
  'é',
];
test.each(quoted)('%j is quoted', (value) => {
  expect(writeYaml([{ a: value }])).toBe(`a: ${JSON.stringify(value)}\n`);
  expect(parse(writeYaml([{ a: value }]), { version: '1.1' })).toEqual({ a: value });
});

const plain = [
  'a',
  '1.30.3',
  '10.0.0.1',
  '10m',
  '100Mi',
  '0s',
  '25%',
  '--x=y:z',
  '/etc/x',
  'a:b',
  'a b',
  'istio.io/rev',
  '$(POD)',
  "it's",
  'a[0]',
  'a,b',
  'v1',
  'x=1',
];
test.each(plain)('%j needs no quotes', (value) => expect(writeYaml([{ a: value }])).toBe(`a: ${value}\n`));

test('a key that is too long for one line is written in the long form', () => {
  const long = { ['k'.repeat(2_000)]: { b: ['x\ny'] }, a: 1 };
  expect(parse(writeYaml([long]))).toEqual(long);
  expect(readYaml(writeYaml([long]), 'f')[0]?.value).toEqual(long);
});

test('no objects give an empty text', () => expect(writeYaml([])).toBe(''));
