import { describe, expect, test } from '@jest/globals';
import { OperatorError } from '../../../src/core/index.ts';
import { helmFunctions, mapOf, sprigFunctions, TemplateSet } from '../../../src/gotemplate/index.ts';

const functions = { ...sprigFunctions(), ...helmFunctions() };

function render(text: string, data: Parameters<TemplateSet['execute']>[1] = {}): string {
  const set = new TemplateSet({ functions });
  set.parse('main', text);
  return set.execute('main', data);
}

function errorOf(work: () => unknown): OperatorError {
  try {
    work();
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('a template is parsed once and gives the same for the same data every time', () => {
  const set = new TemplateSet({ functions });
  set.parse('main', '{{ $x := .n }}{{ range until 3 }}{{ $x = add $x 1 }}{{ end }}{{ $x }}');
  expect([set.execute('main', { n: 1 }), set.execute('main', { n: 5 }), set.execute('main', { n: 1 })]).toEqual([
    '4',
    '8',
    '4',
  ]);
});

test('what a template sets does not reach the data of the caller', () => {
  const data = { values: { a: { b: 1 } } };
  expect(render('{{ $_ := set .values.a "b" 2 }}{{ $_ := unset .values "x" }}{{ .values.a.b }}', data)).toBe('2');
  expect(data).toEqual({ values: { a: { b: 1 } } });
});

test('a Go map that the caller made is changed in place, as in Go', () => {
  const map = mapOf([['a', 'old']]);
  render('{{ $_ := set . "a" "new" }}', map);
  expect(map.entries.get('a')).toBe('new');
});

test('a set that extends another sees its templates and leaves it as it is', () => {
  const base = new TemplateSet({ functions });
  base.parse('shared', '{{ define "name" }}base{{ end }}[{{ template "name" }}]');
  const extended = base.extendedBy('own', '{{ define "name" }}own{{ end }}{{ template "shared" }}');
  expect(extended.execute('own', {})).toBe('[own]');
  expect(base.execute('shared', {})).toBe('[base]');
  expect(base.templateNames()).toEqual(['name', 'shared']);
  expect(extended.templateNames()).toEqual(['name', 'own', 'shared']);
});

describe('errors are OperatorErrors that say where', () => {
  const cases: Record<string, { text: string; message: string }> = {
    'a parse error has the line': { text: 'a\n{{ nope }}', message: 'template: main:2: function "nope" not defined' },
    'an execution error has line and column in bytes': {
      text: 'ü\nü {{ .a.b.c }}',
      message: 'template: main:2:8: executing "main" at <.a.b.c>: nil pointer evaluating interface {}.c',
    },
    'an error in a definition names the definition and the file': {
      text: '{{ define "x" }}{{ index . 5 }}{{ end }}{{ template "x" .list }}',
      message: 'template: main:1:19: executing "x" at <index . 5>: error calling index: index out of range: 5',
    },
  };
  test.each(Object.entries(cases))('%s', (_name, { text, message }) => {
    const error = errorOf(() => render(text, { a: { b: null }, list: [] }));
    expect(error.message).toBe(message);
    expect(error.detail).toMatchObject({ code: 'TemplateInvalid', path: 'main' });
  });

  test('a template that is not there', () => {
    expect(errorOf(() => new TemplateSet().execute('gone', {})).detail.code).toBe('TemplateInvalid');
  });
});

describe('what Go cannot tell us, because it has no clock that stands still', () => {
  const clocked = new TemplateSet({
    functions: sprigFunctions({ nowNanos: () => 1_700_000_000_000_000_000n, randomBytes: (n) => new Uint8Array(n) }),
  });
  const cases: Record<string, string> = {
    '{{ ago 1699999000 }}': '16m40s',
    '{{ now | date "2006-01-02T15:04:05" }}': '2023-11-14T22:13:20',
    '{{ durationRound (toDate "2006" "2022") }}': '1y',
    '{{ uuidv4 }}': '00000000-0000-4000-8000-000000000000',
    '{{ randAlphaNum 4 }}{{ randNumeric 2 }}{{ randInt 5 9 }}': 'AAAA005',
    '{{ randBytes 3 }}{{ shuffle "ab" }}': 'AAAAba',
  };
  test.each(Object.entries(cases))('%s', (text, wanted) => {
    clocked.parse('main', text);
    expect(clocked.execute('main', {})).toBe(wanted);
  });
});

test.each([
  ['{{ now }}', 'no clock'],
  ['{{ randAlpha 3 }}', 'no randomness'],
  ['{{ genCA "x" 1 }}', 'does not provide genCA'],
  ['{{ getHostByName "x" }}', 'does not provide getHostByName'],
])('%s fails clearly when the host gives no way to do it', (text, message) => {
  expect(errorOf(() => render(text)).message).toContain(message);
});

test('ten thousand nodes render in 50 ms of processor time', () => {
  const line = 'name: {{ .Values.a | quote }}\n{{- if eq .Values.n 1.0 }} {{ $.Values.list | len }}{{ end }}\n';
  const set = new TemplateSet({ functions });
  set.parse('main', line.repeat(2500));
  const data = { Values: { a: 'x', n: 1, list: [1, 2, 3] } };
  const times = Array.from({ length: 10 }, () => {
    const start = process.cpuUsage();
    set.execute('main', data);
    return process.cpuUsage(start).user / 1000;
  });
  expect(Math.min(...times)).toBeLessThan(50);
});
