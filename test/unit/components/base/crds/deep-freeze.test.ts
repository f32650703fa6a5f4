import { expect, test } from '@jest/globals';
import { deepFreeze } from '../../../../../src/components/base/crds/deep-freeze.ts';

test('freezing reaches every depth, lists included', () => {
  const shared = { c: 1 };
  const value = deepFreeze({ a: [shared], b: { shared }, n: null, t: 'x' });
  expect([value, value.a, value.b, shared].every(Object.isFrozen)).toBe(true);
  expect(() => Object.assign(shared, { c: 2 })).toThrow(TypeError);
});
