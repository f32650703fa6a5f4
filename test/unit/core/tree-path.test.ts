import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  describeNode,
  formatTreePath,
  type Json,
  OperatorError,
  type PathStep,
  parseTreePath,
} from '../../../src/core/index.ts';

const key = (name: string): PathStep => ({ kind: 'key', key: name });

const cases: Record<string, readonly PathStep[]> = {
  '': [],
  'a.b': [key('a'), key('b')],
  '.a..b.': [key('a'), key('b')],
  'a\\.b.c': [key('a.b'), key('c')],
  'a[0].b': [key('a'), { kind: 'index', index: 0 }, key('b')],
  'a.[-1]': [key('a'), { kind: 'index', index: -1 }],
  'a.[0][1]': [key('a'), { kind: 'index', index: 0 }, { kind: 'index', index: 1 }],
  'a.[name:b c]': [key('a'), { kind: 'entry', key: 'name', value: 'b c' }],
  'a.[name:x.y\\.z\\:1]': [key('a'), { kind: 'entry', key: 'name', value: 'x.y.z:1' }],
  'a.[name:]': [key('a'), { kind: 'entry', key: 'name', value: '' }],
  'a.[:443]': [key('a'), { kind: 'text', pattern: '443' }],
  'a.[--x=[0-9]+]': [key('a'), { kind: 'text', pattern: '--x=[0-9]+' }],
  'a.[:a\\.b]': [key('a'), { kind: 'text', pattern: 'a\\.b' }],
  'a\\[0\\]': [key('a[0]')],
  'foo\\bar': [key('foo\\bar')],
};
test.each(Object.entries(cases))('the path %j is read', (path, steps) => {
  expect(parseTreePath(path)).toEqual(steps);
});

test.each([
  ['a[0', 'The path "a[0" has a "[" without its "]".'],
  ['a.[]', 'The path "a.[]" has the empty selector [].'],
  ['a.[:]', 'The path "a.[:]" has the empty selector [:].'],
  ['a.[0]b', 'The path "a.[0]b" has "b" right after a selector.'],
  ['a.[-2]', 'The path "a.[-2]" has the index -2.'],
  ['a.[999999999]', 'The path "a.[999999999]" has the index 999999999.'],
  ['a.__proto__.b', 'The path "a.__proto__.b" goes through "__proto__".'],
  ['a.[constructor:b]', 'The path "a.[constructor:b]" goes through "constructor".'],
  [`a${'.b'.repeat(70)}`, `The path "a${'.b'.repeat(70)}" has more than 64 steps.`],
  ['a'.repeat(3000), `The path "${'a'.repeat(200)}…" is longer than 2048 characters.`],
])('the path %.40s is refused', (path, message) => {
  expect(() => parseTreePath(path)).toThrow(new OperatorError(message, { code: 'InvalidPath' }));
});

test('a path that is written reads back as itself', () => {
  const name = fc.string({
    minLength: 1,
    maxLength: 8,
    unit: fc.constantFrom('a', '.', '[', ']', ':', '\\', '/', '-', '1'),
  });
  const step = fc.oneof(
    name.map(key),
    fc.nat(99).map((index): PathStep => ({ kind: 'index', index })),
    name.map((value): PathStep => ({ kind: 'entry', key: 'name', value })),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
      expect(parseTreePath(formatTreePath(steps))).toEqual(steps);
    }),
  );
});

test('reading a path throws nothing but InvalidPath', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '.', '[', ']', ':', '\\', '-', '1', ' ') }), (path) => {
      try {
        parseTreePath(path);
      } catch (error) {
        expect(error).toBeInstanceOf(OperatorError);
      }
    }),
  );
});

const nodes: readonly (readonly [Json | undefined, string])[] = [
  [undefined, 'nothing is there'],
  [null, 'it is null'],
  ['text', 'it is "text"'],
  [[], 'the list is empty'],
  [{}, 'the map is empty'],
  [{ a: 1, b: 2 }, 'the map has a, b'],
  [[{ name: 'x' }, { name: 'y' }], 'the list has name:x, name:y'],
  [[{ port: 1, name: 'x' }, { port: 2 }], 'the list has port:1, port:2'],
  [[{ a: 1 }], 'the list has [0]'],
  [['x', 1], 'the list has "x", 1'],
  [Array.from({ length: 15 }, (_, i) => i), 'the list has 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 3 more'],
];
test.each(nodes)('%j is described', (node, text) => expect(describeNode(node)).toBe(text));
