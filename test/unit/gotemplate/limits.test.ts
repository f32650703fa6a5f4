import { describe, expect, test } from '@jest/globals';
import { OperatorError } from '../../../src/core/index.ts';
import { helmFunctions, type Limits, sprigFunctions, TemplateSet } from '../../../src/gotemplate/index.ts';

const functions = { ...sprigFunctions(), ...helmFunctions() };

function messageOf(text: string, limits: Limits = {}): string {
  try {
    const set = new TemplateSet({ functions, limits });
    set.parse('main', text);
    set.execute('main', {});
  } catch (error) {
    if (error instanceof OperatorError) return error.message;
    throw error;
  }
  return 'no error';
}

describe('work is bounded, so a template cannot hang', () => {
  const endless: Record<string, string> = {
    'a range over a huge number': '{{ range 1000000000 }}{{ end }}',
    'a huge list': '{{ range until 1000000000 }}{{ end }}',
    'a huge sequence': '{{ seq 1 100000000000 }}',
    'a long repetition': '{{ repeat 1000000000 "x" }}',
    'a wide indentation': '{{ indent 100000000 "x" }}',
    'a replacement that explodes': '{{ replace "" (repeat 100000 "x") (repeat 100000 "y") }}',
    'text that doubles': '{{ $x := "abcdefgh" }}{{ range 60 }}{{ $x = print $x $x }}{{ end }}',
    'a list that doubles': '{{ $x := list 1 }}{{ range 60 }}{{ $x = concat $x $x }}{{ end }}',
    'a map that contains itself, printed': '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $d }}',
    'a map that contains itself, as YAML': '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ toYaml $d }}',
    'a map that contains itself, copied': '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ deepCopy $d }}',
    'a list that shares its parts, printed': '{{ $x := list 1 }}{{ range 60 }}{{ $x = list $x $x }}{{ end }}{{ $x }}',
    'lists that share their parts, compared':
      '{{ $x := list 1 }}{{ $y := list 1 }}{{ range 60 }}{{ $x = list $x $x }}{{ $y = list $y $y }}{{ end }}{{ deepEqual $x $y }}',
    'long text, wrapped again and again':
      '{{ $s := repeat 100000 "a " }}{{ range 1000 }}{{ $y := wrap 5 $s }}{{ end }}',
    'a slow checksum': '{{ $s := repeat 100000 "a" }}{{ range 1000 }}{{ $y := sha512sum $s }}{{ end }}',
    'a pattern that other engines never finish':
      '{{ range 1000 }}{{ regexMatch "^(a+)+$" (repeat 10000 "a") }}{{ end }}',
    'templates that call each other':
      '{{ define "a" }}{{ template "b" }}{{ template "b" }}{{ end }}{{ define "b" }}{{ if true }}{{ template "c" }}{{ template "c" }}{{ end }}{{ end }}{{ define "c" }}{{ range 1000 }}{{ range 1000 }}x{{ end }}{{ end }}{{ end }}{{ template "a" }}',
  };
  test.each(Object.entries(endless))('%s', (_name, text) => {
    expect(messageOf(text, { maxWork: 2_000_000 })).toMatch(/exceeds 2000000 units of work$/);
  });
});

describe('depth is bounded', () => {
  const deep: Record<string, { text: string; message: string }> = {
    'a template that calls itself': {
      text: '{{ define "r" }}{{ template "r" . }}{{ end }}{{ template "r" . }}',
      message: 'exceeded maximum template depth (250)',
    },
    'a template that includes itself': {
      text: '{{ define "r" }}{{ include "r" . }}{{ end }}{{ include "r" . }}',
      message: 'templates call each other more than 250 deep',
    },
    'tpl in tpl': { text: '{{ tpl "{{ tpl . . }}" "{{ tpl . . }}" }}', message: 'more than 250 deep' },
    parentheses: { text: `{{ ${'('.repeat(300)}1${')'.repeat(300)} }}`, message: 'max expression depth exceeded' },
    'control structures': {
      text: '{{ if 1 }}'.repeat(300) + '{{ end }}'.repeat(300),
      message: 'the nesting exceeds 250 levels',
    },
    'else if': {
      text: `{{ if 0 }}${'{{ else if 0 }}'.repeat(300)}{{ end }}`,
      message: 'the nesting exceeds 250 levels',
    },
    'a list in a list in a list': {
      text: '{{ $x := list }}{{ range 100000 }}{{ $x = list $x }}{{ end }}{{ toJson $x }}',
      message: 'exceeds what fits in memory',
    },
    'a regular expression': {
      text: `{{ mustRegexMatch "${'('.repeat(2000)}" "x" }}`,
      message: 'expression nests too deeply',
    },
    'a counted repetition of a repetition': {
      text: '{{ mustRegexMatch "((a{1000}){1000}){1000}" "x" }}',
      message: 'expression too large',
    },
    JSON: { text: `{{ mustFromJson "${'['.repeat(5000)}" }}`, message: 'exceeded max depth' },
  };
  test.each(Object.entries(deep))('%s', (_name, { text, message }) => {
    expect(messageOf(text)).toContain(message);
  });
});

test('output is bounded', () => {
  expect(messageOf('{{ range 100 }}0123456789{{ end }}', { maxOutput: 500 })).toBe(
    'template: main: the output exceeds 500 characters',
  );
});

test('aliases in YAML cannot make a small text large', () => {
  const lines = Array.from({ length: 30 }, (_unused, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`);
  const yaml = `a0: &a0 x\\n${lines.join('\\n')}\\n`;
  const set = new TemplateSet({ functions });
  set.parse('main', `{{ (fromYaml "${yaml}").Error }}`);
  expect(set.execute('main', {})).toContain('too large');
});

test('YAML that nests deeply is refused', () => {
  const set = new TemplateSet({ functions });
  set.parse('main', '{{ (fromYaml .flow).Error }} {{ (fromYaml .block).Error }}');
  const flow = `a: ${'['.repeat(5000)}`;
  const block = `${'- '.repeat(5000)}x`;
  expect(set.execute('main', { flow, block })).toBe('the YAML text nests too deeply the YAML text nests too deeply');
});

test('comments and variables by the ten thousand are parsed in no time to speak of', () => {
  const text = '{{/* c */}}{{ $x := 1 }}'.repeat(20_000);
  const start = process.cpuUsage();
  expect(messageOf(text)).toBe('no error');
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(3_000);
});
