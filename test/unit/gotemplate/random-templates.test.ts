import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OperatorError } from '../../../src/core/index.ts';
import { helmFunctions, sprigFunctions, TemplateSet } from '../../../src/gotemplate/index.ts';

const functions = {
  ...sprigFunctions({ nowNanos: () => 0n, randomBytes: (count) => new Uint8Array(count) }),
  ...helmFunctions(),
};
const names = [
  ...Object.keys(functions),
  'printf',
  'index',
  'len',
  'and',
  'or',
  'not',
  'eq',
  'lt',
  'call',
  'html',
  'js',
];
const data = { a: { b: [1, 'x', null, { c: true }] }, s: 'text é😀', n: 1.5, m: {}, l: ['q', 'p'] };

/** Whether the template ran or failed in the way that is expected of it. */
function isCivil(text: string): boolean {
  try {
    const set = new TemplateSet({ functions, limits: { maxWork: 200_000 } });
    set.parse('main', text);
    set.execute('main', data);
    return true;
  } catch (error) {
    if (error instanceof OperatorError) return error.detail.code === 'TemplateInvalid';
    throw error;
  }
}

const literal = fc.oneof(
  fc.constantFrom('.', '$', '.a', '.a.b', '.s', '.n', '.m', '.l', '.none', '$.a.b', '.a.b.c', 'nil', 'true', '1', '-3'),
  fc.constantFrom('0', '1.5', '1e300', '9223372036854775807', '"x"', '"%d %s"', '"2006"', '"("', "'c'", '`raw`', '$x'),
  fc.string({ maxLength: 6 }).map((text) => JSON.stringify(text)),
);
const { pipeline } = fc.letrec<{ operand: string; command: string; pipeline: string }>((tie) => ({
  operand: fc.oneof({ weight: 4, arbitrary: literal }, { weight: 1, arbitrary: tie('pipeline').map((p) => `(${p})`) }),
  command: fc.oneof(
    literal,
    fc
      .tuple(fc.constantFrom(...names), fc.array(tie('operand'), { maxLength: 4 }))
      .map(([name, args]) => [name, ...args].join(' ')),
  ),
  pipeline: fc.array(tie('command'), { minLength: 1, maxLength: 3 }).map((commands) => commands.join(' | ')),
}));
const { body } = fc.letrec<{ body: string; node: string }>((tie) => ({
  node: fc.oneof(
    { weight: 3, arbitrary: pipeline.map((p) => `{{ ${p} }}`) },
    fc.constantFrom(
      'text ',
      '{{- /* c */ -}}',
      '{{ $x := 1 }}',
      '{{ $x = . }}',
      '{{ break }}',
      '{{ continue }}',
      '{{ template "d" . }}',
    ),
    fc
      .tuple(
        fc.constantFrom('if', 'with', 'range', 'range $x :=', 'range $i, $x :='),
        pipeline,
        tie('body'),
        tie('body'),
      )
      .map(([kind, p, first, second]) => `{{ ${kind} ${p} }}${first}{{ else }}${second}{{ end }}`),
    tie('body').map((inner) => `{{ define "d" }}${inner}{{ end }}`),
  ),
  body: fc.array(tie('node'), { maxLength: 3 }).map((nodes) => nodes.join('')),
}));

test('a random pipeline of random functions gives text or an OperatorError', () => {
  fc.assert(
    fc.property(pipeline, (text) => isCivil(`{{ $x := "v" }}{{ ${text} }}`)),
    { numRuns: 3_000 },
  );
});

test('a random template gives text or an OperatorError', () => {
  fc.assert(
    fc.property(body, (text) => isCivil(`{{ $x := "v" }}${text}`)),
    { numRuns: 1_000 },
  );
});

test('random characters give text or an OperatorError', () => {
  const piece = fc.constantFrom(
    '{{',
    '}}',
    '{{-',
    ' -}}',
    '(',
    ')',
    '|',
    ':=',
    '=',
    '$',
    '.',
    '"',
    '`',
    "'",
    ' ',
    'if',
    'end',
    'a',
    '1',
    '/*',
    '*/',
    ',',
    '\n',
    'é',
    '\\',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (parts) => isCivil(parts.join(''))),
    { numRuns: 3_000 },
  );
});

test('random regular expressions give text or an OperatorError', () => {
  const piece = fc.constantFrom(
    'a',
    'b',
    '.',
    '*',
    '+',
    '?',
    '(',
    ')',
    '[',
    ']',
    '^',
    '$',
    '|',
    '\\',
    '{',
    '}',
    '1',
    ',',
    '-',
    'd',
    '(?i)',
    '(?:',
    '\\p{L}',
    '[[:alpha:]]',
    '(?P<n>',
    '>',
  );
  const pattern = fc.array(piece, { maxLength: 12 }).map((parts) => JSON.stringify(parts.join('')));
  const check = (text: string) =>
    isCivil(`{{ mustRegexReplaceAll ${text} "abab1-é" "[$1]" }}{{ mustRegexSplit ${text} "aab" -1 }}`);
  fc.assert(fc.property(pattern, check), { numRuns: 3_000 });
  expect(check('"a"')).toBe(true);
});

test('a simple pattern finds what JavaScript finds', () => {
  const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a|b)', '(?:ab)', '\\w', 'é');
  const part = fc.tuple(atom, fc.constantFrom('', '*', '+', '?', '*?', '+?', '{1,2}')).map((pair) => pair.join(''));
  const pattern = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
  const subject = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '1'), maxLength: 12 });
  const set = new TemplateSet({ functions });
  set.parse('main', '{{ regexFind .pattern .text }}');
  fc.assert(
    fc.property(pattern, subject, (regexp, text) => {
      expect(set.execute('main', { pattern: regexp, text })).toBe(new RegExp(regexp, 'u').exec(text)?.[0] ?? '');
    }),
    { numRuns: 1_000 },
  );
});
