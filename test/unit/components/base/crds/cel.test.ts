import { expect, test } from '@jest/globals';
import { atMostOneOf, fieldOr, implies, rule } from '../../../../../src/components/base/crds/cel.ts';

test('a rule carries its message and its expression', () => {
  expect(rule('must not be empty', 'self.size() != 0')).toEqual({
    message: 'must not be empty',
    rule: 'self.size() != 0',
  });
});

test('"at most one of" counts the fields that are set', () => {
  expect(atMostOneOf(['selector', 'targetRefs'], 'only one').rule).toBe(
    '(has(self.selector) ? 1 : 0) + (has(self.targetRefs) ? 1 : 0) <= 1',
  );
});

test('a field with a fallback is in parentheses, so that methods can follow it', () => {
  expect(`${fieldOr('addresses', '[]')}.size() > 0`).toBe('(has(self.addresses) ? self.addresses : []).size() > 0');
});

test('an implication is true where its condition does not hold', () => {
  expect(implies('has(self.a)', 'has(self.b)')).toBe('has(self.a) ? has(self.b) : true');
});
