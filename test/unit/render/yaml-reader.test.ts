import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { issuesOf, type Json, OperatorError } from '../../../src/core/index.ts';
import { MAX_DOCUMENT_BYTES, readYaml } from '../../../src/render/index.ts';

function read(text: string): Json | undefined {
  return readYaml(text, 'file.yaml')[0]?.value;
}

function failure(text: string): { message: string; code: string; hint: string | undefined } {
  try {
    readYaml(text, 'file.yaml');
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const [issue] = issuesOf(error);
    return { message: error.message, code: error.detail.code, hint: issue?.hint };
  }
  throw new Error('the text was read');
}

const scalars: readonly (readonly [string, Json])[] = [
  ['0644', 420],
  ['0o644', 420],
  ['-0o17', -15],
  ['"0o644"', '0o644'],
  ['!!str 0o644', '0o644'],
  ['0x1F', 31],
  ['0b11', 3],
  ['1_000', 1000],
  ['08', 8],
  ['1e3', 1000],
  ['yes', true],
  ['off', false],
  ['y', true],
  ['~', null],
  ['22:22', '22:22'],
  ['190:20:30.15', '190:20:30.15'],
  ['2026-01-31', '2026-01-31'],
  ['2026-01-31T10:00:00Z', '2026-01-31T10:00:00Z'],
  ['"0644"', '0644'],
  ['!!str 12', '12'],
  ['!!float 1', 1],
  ['!!float 1_000', 1000],
  ['!!float -0x10', -16],
  ['!!float "1.5"', 1.5],
  ['!!int 0o17', 15],
  ['!!binary aGVsbG8=', 'hello'],
  ['!!binary "aGVs bG8="', 'hello'],
  ['!!null ""', null],
  ['!mine a', 'a'],
  ['1.30.3', '1.30.3'],
  ['e1234567', 'e1234567'],
  ['0x_', '0x_'],
  ['.', '.'],
];
test.each(scalars)('%s is read as kubectl reads it', (text, value) => expect(read(`a: ${text}`)).toEqual({ a: value }));

test.each([
  '!!float abc',
  '!!int 1.5',
  '!!bool maybe',
  '!!null x',
  '!!binary "***"',
  '!!float',
])('%s, which is not what it says, is an error with its place', (text) => {
  const type = text.split(' ')[0];
  expect(failure(`a: ${text}`)).toMatchObject({
    code: 'InvalidYaml',
    message: expect.stringMatching(`:1:.*the value is no ${type}\\.$`),
    hint: `Correct it, or leave out ${type}.`,
  });
});

test('keys that are no text are read as text', () => {
  expect(read('8080: a\ntrue: b\n1.5: c')).toEqual({ '8080': 'a', true: 'b', '1.5': 'c' });
});

test('aliases and merge keys are resolved: own keys win, then earlier sources', () => {
  const text = 'a: &a {x: 1, w: 1}\nb: &b {x: 2, z: 2}\nc:\n  w: 3\n  <<: [*a, *b]\nd: *a\n"<<": plain';
  expect(read(text)).toEqual({
    a: { x: 1, w: 1 },
    b: { x: 2, z: 2 },
    c: { w: 3, x: 1, z: 2 },
    d: { x: 1, w: 1 },
    '<<': 'plain',
  });
});

test('all documents of a stream are read, each with its line', () => {
  expect(readYaml('# note\n---\na: 1\n---\n---\nb: 2\n', 'f')).toEqual([
    { value: { a: 1 }, line: 3 },
    { value: null, line: 4 },
    { value: { b: 2 }, line: 6 },
  ]);
  expect(readYaml('', 'f')).toEqual([]);
});

const failures: Record<string, { text: string; message: string; hint?: string }> = {
  'a key that stands twice': {
    text: 'a:\n  b: 1\n  c: 2\n  b: 3',
    message: 'file.yaml:4:3: the key "b" stands twice in one map.',
    hint: 'Keep one of the two.',
  },
  'a tab': {
    text: 'a:\n\tb: 1',
    message: 'file.yaml:2:1: Tabs are not allowed as indentation.',
    hint: 'Indent with spaces: YAML does not allow tabs there.',
  },
  'a key out of line': {
    text: 'a:\n  - b\n c: 1',
    message: 'file.yaml:3:1: All mapping items must start at the same column.',
    hint: 'Align this line with its neighbours at the same level.',
  },
  'an open quote': {
    text: 'a: "x',
    message: 'file.yaml:1:6: Missing closing "quote.',
    hint: 'Close the quote or bracket, or put a space after the colon.',
  },
  'two colons': {
    text: 'a: b: c',
    message: 'file.yaml:1:4: Nested mappings are not allowed in compact mappings.',
    hint: 'Check the line and the one above it: indentation, a missing colon or quote.',
  },
  'a prototype': {
    text: 'a:\n  __proto__: {x: 1}',
    message: 'file.yaml:2:3: the key "__proto__" is not allowed.',
    hint: 'Remove it.',
  },
  'an unknown alias': {
    text: 'a: *b',
    message: 'file.yaml:1:4: the alias *b has no anchor.',
    hint: 'Mark the value meant with &b.',
  },
  'a merge of a text': {
    text: 'a:\n  <<: b',
    message: 'file.yaml:2:3: the merge key << takes a map or a list of maps.',
  },
  'a map as key': {
    text: '? {a: b}\n: c',
    message: 'file.yaml:1:3: a map key is not a text.',
    hint: 'Quote it if it begins with a special character.',
  },
  infinity: {
    text: 'a: .inf',
    message: 'file.yaml:1:4: Infinity is not a number that JSON knows.',
    hint: 'Quote it if it is a text.',
  },
  'an alias of itself': { text: 'a: &a\n  b: *a', message: 'file.yaml:2:3: nested deeper than 200 levels.' },
};
test.each(Object.entries(failures))('%s is an error with line and column', (_name, { text, message, hint }) => {
  expect(failure(text)).toEqual({ code: 'InvalidYaml', message, hint });
});

const deep: Record<string, string> = {
  'flow lists': '['.repeat(10_000),
  'flow maps': `${'{a: '.repeat(10_000)}1${'}'.repeat(10_000)}`,
  'block lists': '- '.repeat(10_000),
  'explicit keys': '? '.repeat(10_000),
  'block maps': Array.from({ length: 1_500 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join(''),
};
test.each(Object.entries(deep))('%s nested ten thousand deep are refused within a second', (_name, text) => {
  const started = performance.now();
  expect(failure(text)).toMatchObject({ code: 'InvalidYaml', hint: 'No Istio setting is that deep.' });
  expect(performance.now() - started).toBeLessThan(1_000);
});

test('aliases that multiply are refused', () => {
  const levels = Array.from(
    { length: 9 },
    (_, i) =>
      `l${i}: &l${i} [${Array(9)
        .fill(i === 0 ? 'x' : `*l${i - 1}`)
        .join(',')}]`,
  );
  expect(failure(levels.join('\n'))).toMatchObject({ code: 'InvalidYaml', hint: 'Use fewer aliases.' });
});

test('a file that is too large is refused before it is read', () => {
  const started = performance.now();
  expect(failure('a: 1\n'.repeat(4_000_000))).toEqual({
    code: 'DocumentTooLarge',
    message: 'file.yaml: the file is larger than 2 MiB.',
    hint: 'No IstioOperator and no manifest of Istio is that large: check that it is the right file, or split it.',
  });
  expect(performance.now() - started).toBeLessThan(200);
});

test('the size counts in bytes', () => {
  expect(failure(`a: ${'é'.repeat(MAX_DOCUMENT_BYTES / 2)}`).code).toBe('DocumentTooLarge');
});

test('a map with four times as many keys takes nothing like sixteen times the work', () => {
  const workFor = (keys: number) => {
    const text = Array.from({ length: keys }, (_, i) => `k${i}: ${i}`).join('\n');
    const once = () => {
      const before = process.cpuUsage(); // not the clock: other processes must not count
      expect(Object.keys(read(text) ?? {})).toHaveLength(keys);
      return process.cpuUsage(before).user;
    };
    return Math.min(once(), once(), once()); // without compilation and garbage collection, as far as that goes
  };
  expect(workFor(32_000) / workFor(8_000)).toBeLessThan(12);
});

test('no text makes the reader throw anything but an OperatorError', () => {
  const pieces = [
    'a',
    ':',
    ' ',
    '\n',
    '- ',
    '? ',
    '[',
    ']',
    '{',
    '}',
    ',',
    '&x ',
    '*x',
    '<<: ',
    '"',
    "'",
    '|',
    '>',
    '!!int ',
    '!x ',
    '#',
    '%',
    '---',
    '\t',
    '~',
    '0',
    '.inf',
  ];
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...pieces), maxLength: 30 }), (text) => {
      try {
        readYaml(text, 'f');
      } catch (error) {
        expect(error).toBeInstanceOf(OperatorError);
      }
    }),
    { numRuns: 2_000 },
  );
});
