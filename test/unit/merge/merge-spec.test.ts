import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type JsonObject, OperatorError } from '../../../src/core/index.ts';
import { mergeSpec } from '../../../src/merge/index.ts';

const cases: Record<string, { base: JsonObject; over: JsonObject; want: JsonObject }> = {
  'maps merge at every depth': {
    base: { a: { b: { c: 1 } } },
    over: { a: { b: { d: 2 } } },
    want: { a: { b: { c: 1, d: 2 } } },
  },
  'a list in the override replaces the whole list': { base: { a: [1, 2] }, over: { a: [3] }, want: { a: [3] } },
  'a scalar replaces a map and a map a scalar': { base: { a: {}, b: 1 }, over: { a: 1, b: {} }, want: { a: 1, b: {} } },
  'an explicit null overwrites and stays': { base: { a: { b: 1 } }, over: { a: null }, want: { a: null } },
  'an undefined field is absent': { base: { a: 1 }, over: { a: undefined }, want: { a: 1 } },
};
test.each(Object.entries(cases))('%s', (_name, c) => expect(mergeSpec(c.base, c.over)).toEqual(c.want));

test('neither layer is changed', () => {
  const base = { a: { b: 1 } };
  const over = { a: { c: [2] } };
  mergeSpec(base, over);
  expect([base, over]).toEqual([{ a: { b: 1 } }, { a: { c: [2] } }]);
});

test('an empty layer and a layer that is merged twice change nothing', () => {
  const layer = fc.dictionary(
    fc.constantFrom('a', 'b', 'c'),
    fc.jsonValue({ maxDepth: 3 }),
  ) as fc.Arbitrary<JsonObject>;
  fc.assert(
    fc.property(layer, layer, (a, b) => {
      expect(mergeSpec(a, {})).toEqual(a);
      expect(mergeSpec({}, a)).toEqual(a);
      expect(mergeSpec(mergeSpec(a, b), b)).toEqual(mergeSpec(a, b));
    }),
  );
});

test('a key that would reach a prototype is left out', () => {
  const merged = mergeSpec({}, JSON.parse('{"__proto__": {"polluted": true}, "a": {"__proto__": {"polluted": true}}}'));
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  expect((merged as Record<string, unknown>).polluted).toBeUndefined();
});

test('maps that are nested without end are refused', () => {
  let deep: JsonObject = {};
  for (let i = 0; i < 20_000; i++) deep = { a: deep };
  expect(() => mergeSpec(deep, deep)).toThrow(
    new OperatorError('The spec is nested deeper than 200 levels.', { code: 'InvalidValue' }),
  );
});
