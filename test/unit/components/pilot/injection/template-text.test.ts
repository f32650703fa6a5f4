import { expect, test } from '@jest/globals';
import {
  choose,
  forEach,
  ownListWhen,
  type Part,
  print,
  templateText,
  when,
} from '../../../../../src/components/pilot/injection/template-text.ts';
import { INJECTION_TEMPLATES, injectionTemplate } from '../../../../../src/components/pilot/injection/templates.ts';
import { TemplateSet } from '../../../../../src/gotemplate/index.ts';
import { readYaml } from '../../../../../src/render/index.ts';

/** What the text of a field evaluates to. */
function evaluated(field: Part, data: Record<string, string | boolean | readonly string[]> = {}) {
  const templates = new TemplateSet();
  templates.parse('t', templateText({ variables: [], documents: [{ field }] }));
  return readYaml(templates.execute('t', data), 't')[0]?.value;
}

test.each<[string, Part, unknown]>([
  ['text that looks like a number stays text', '15', '15'],
  ['text that looks like a truth value stays text', 'off', 'off'],
  ['flags need no quotes', '--log_as_json', '--log_as_json'],
  ['an asterisk is no alias', '*', '*'],
  ['several lines stay several lines', 'a\n  b: {\n\nc', 'a\n  b: {\n\nc'],
  ['an empty map', {}, {}],
  ['an empty list', [], []],
  ['maps in lists in maps', [{ a: [{ b: 1 }], c: true }], [{ a: [{ b: 1 }], c: true }]],
])('%s', (_name, part, want) => expect(evaluated(part)).toEqual({ field: want }));

test('a field whose condition does not hold is not there', () => {
  const field = { yes: when('$.On', 1), no: when('not $.On', 1) };
  expect(evaluated(field, { On: true })).toEqual({ field: { yes: 1 } });
});

test('the first branch that holds is taken', () => {
  const field = choose(
    [
      ['eq $.Mode "a"', { x: 1 }],
      ['eq $.Mode "b"', ['l']],
    ],
    'neither',
  );
  expect(evaluated(field, { Mode: 'a' })).toEqual({ field: { x: 1 } });
  expect(evaluated(field, { Mode: 'b' })).toEqual({ field: ['l'] });
  expect(evaluated(field, { Mode: 'c' })).toEqual({ field: 'neither' });
});

test('items can be conditional, several at once, and repeated', () => {
  const field = ['first', when('$.On', ['second', 'third']), forEach('$item := $.Items', { name: print('$item') })];
  expect(evaluated(field, { On: true, Items: ['a', 'b'] })).toEqual({
    field: ['first', 'second', 'third', { name: 'a' }, { name: 'b' }],
  });
  expect(evaluated(field, { On: false, Items: [] })).toEqual({ field: ['first'] });
});

test('a list goes on with the next field unless that has its own key', () => {
  const field = { one: ['a'], two: ownListWhen('$.Own', ['b']) };
  expect(evaluated(field, { Own: true })).toEqual({ field: { one: ['a'], two: ['b'] } });
  expect(evaluated(field, { Own: false })).toEqual({ field: { one: ['a', 'b'] } });
});

test.each(INJECTION_TEMPLATES)('the template %s is small enough to be read for every change of a mesh', (name) => {
  const text = injectionTemplate(name);
  expect(text.length).toBeGreaterThan(1_000);
  expect(text.length).toBeLessThan(40_000);
});
