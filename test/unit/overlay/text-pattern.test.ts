import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PatternProblem } from '../../../src/overlay/pattern-compiler.ts';
import { findMatch } from '../../../src/overlay/text-pattern.ts';

const cases: readonly (readonly [pattern: string, text: string])[] = [
  ['abc', 'xabcx'],
  ['^abc$', 'abc'],
  ['^abc$', 'xabc'],
  ['a.c', 'abc'],
  ['a.c', 'a\nc'],
  ['a*b', 'aaab'],
  ['^a+$', ''],
  ['colou?r', 'color'],
  ['(foo|ba[rz])+', 'xxbaz'],
  ['^(?:a|b)*$', 'abab'],
  ['^(?:a|b)*$', 'abc'],
  ['a{2,3}', 'baab'],
  ['^a{2}$', 'aaa'],
  ['a{2,}x', 'aaaax'],
  ['x{', 'x{'],
  ['[^a-c]', 'abc'],
  ['[a-]', '-'],
  ['\\d+\\.\\d+', 'v1.30'],
  ['\\bfoo\\b', 'a foo b'],
  ['\\bfoo\\b', 'afoob'],
  ['[\\w:]+$', '::a'],
  ['--log_output_level', '--log_output_level=x'],
  ['a*?b', 'aab'],
  ['', 'anything'],
  ['$', 'a'],
];

test.each(cases)('%j on %j matches as a regular expression does', (pattern, text) => {
  expect(findMatch(pattern, [text]) === 0).toBe(new RegExp(pattern).test(text));
});

test('a bracket that comes first in a class stands for itself, as in RE2', () => {
  expect(findMatch('^[]a]$', ['b', ']'])).toBe(1);
});

test('random patterns agree with regular expressions', () => {
  const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a|b)', '(?:ab)', '\\w', '^', '$', '\\b');
  const piece = fc
    .tuple(atom, fc.constantFrom('', '*', '+', '?', '{1,2}', '{0}'))
    .map(([a, repeat]) => (/^[\^$]|\\b/.test(a) ? a : a + repeat));
  const pattern = fc
    .array(fc.array(piece, { maxLength: 5 }), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.map((part) => part.join('')).join('|'));
  const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '-'), maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, (source, input) => {
      expect([source, input, findMatch(source, [input]) === 0]).toEqual([
        source,
        input,
        new RegExp(source).test(input),
      ]);
    }),
    { numRuns: 500 },
  );
});

test.each([
  '(a+)+$',
  '(a|a)*b',
  '(.*)*x',
  '((a{1,9}){1,9}){1,9}b',
])('a pattern that ruins backtracking matchers answers at once: %s', (pattern) => {
  const started = performance.now();
  try {
    findMatch(pattern, ['a'.repeat(5_000), `${'a'.repeat(5_000)}!`]);
  } catch (error) {
    expect(error).toBeInstanceOf(PatternProblem);
  }
  expect(performance.now() - started).toBeLessThan(1_000);
});

test('a pattern that is too large for the list is refused', () => {
  const texts = Array.from({ length: 10 }, () => 'b'.repeat(9_000));
  expect(() => findMatch('a{100}a{100}a{100}', texts)).toThrow(
    new PatternProblem('the pattern is too large for this list'),
  );
});

test.each([
  ['(a', 'the pattern has a "(" without its ")"'],
  ['a)', 'the pattern has a ")" without its "("'],
  ['[a', 'the pattern has a "[" without its "]"'],
  ['*a', 'the pattern has "*" with nothing to repeat'],
  ['(?=a)', 'the pattern uses "(?", of which only "(?:" is supported'],
  ['\\p{L}', 'the pattern uses "\\p", which is not supported'],
  ['\\1', 'the pattern uses "\\1", which is not supported'],
  ['[[:alpha:]]', 'the pattern uses "[[:", which is not supported'],
  ['a{999}', 'the pattern repeats {999}, which is out of range'],
  ['[z-a]', 'the pattern has the empty range z-a'],
  ['a\\', 'the pattern ends with a backslash'],
  ['a'.repeat(300), 'the pattern is longer than 256 characters'],
  ['((((a{50}){50}){50}){50})', 'the pattern is too large'],
  ['('.repeat(30), 'the pattern has too many nested groups'],
])('%s is refused with a reason', (pattern, message) => {
  expect(() => findMatch(pattern, ['a'])).toThrow(new PatternProblem(message));
});
