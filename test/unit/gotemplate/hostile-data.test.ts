import { expect, test } from '@jest/globals';
import { helmFunctions, sprigFunctions, TemplateSet } from '../../../src/gotemplate/index.ts';

const functions = { ...sprigFunctions(), ...helmFunctions() };

function render(text: string, data: Parameters<TemplateSet['execute']>[1] = {}): string {
  const set = new TemplateSet({ functions });
  set.parse('main', text);
  return set.execute('main', data);
}

test.each([
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
])('the field %s is an absent key like any other', (name) => {
  expect(render(`{{ .${name} }} {{ .a.${name} }} {{ (dict).${name} }}`, { a: {} })).toBe(
    '<no value> <no value> <no value>',
  );
  expect(render(`{{ hasKey . "${name}" }} {{ get . "${name}" }}|{{ dig "${name}" "x" "none" . }}`)).toBe('false |none');
  expect(() => new TemplateSet().parse('main', `{{ ${name} }}`)).toThrow(`function "${name}" not defined`);
  expect(() => render(`{{ "text".${name} }}`)).toThrow('unexpected . after term');
  expect(() => render(`{{ (print "text").${name} }}`)).toThrow(`can't evaluate field ${name} in type string`);
});

test('keys with the names of prototype fields are data like any other', () => {
  const data = JSON.parse('{"a": {"__proto__": {"x": 1}, "constructor": 2}}');
  expect(render('{{ .a.__proto__.x }} {{ .a.constructor }} {{ toJson .a }}', data)).toBe(
    '1 2 {"__proto__":{"x":1},"constructor":2}',
  );
  expect(render('{{ toJson (merge (dict) .a) }}{{ toYaml .a | nindent 1 }}', data)).toContain('__proto__:');
  expect(render('{{ fromYaml "__proto__: {x: 1}" | toJson }}{{ fromJson "{\\"__proto__\\":2}" | toJson }}')).toBe(
    '{"__proto__":{"x":1}}{"__proto__":2}',
  );
  expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
});

test('bytes that are not UTF-8 survive inside and are replaced at the way out', () => {
  expect(render('{{ b64dec "/w==" | b64enc }} {{ b64dec "/w==" | len }}')).toBe('/w== 1');
  expect(render('{{ b64dec "/w==" }}')).toBe('\ufffd');
  expect(render('{{ trunc 1 "é" | toJson }}')).toBe('"\\ufffd"');
});
