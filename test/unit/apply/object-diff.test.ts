import { describe, expect, test } from '@jest/globals';
import { diffObjects, withoutServerFields } from '../../../src/apply/index.ts';
import type { JsonObject } from '../../../src/core/index.ts';

describe('diffObjects', () => {
  const cases: Record<string, { before: JsonObject; after: JsonObject; want: readonly object[] }> = {
    'equal objects have no changes': { before: { a: [1, { b: 2 }] }, after: { a: [1, { b: 2 }] }, want: [] },
    'a value that changes': {
      before: { a: { b: 1 } },
      after: { a: { b: 2 } },
      want: [{ path: 'a.b', before: 1, after: 2 }],
    },
    'a field that comes': { before: {}, after: { a: null }, want: [{ path: 'a', after: null }] },
    'a field that goes': { before: { a: { b: 1 } }, after: {}, want: [{ path: 'a', before: { b: 1 } }] },
    'a key with a dot is quoted': {
      before: { labels: { 'a.b/c': '1' } },
      after: { labels: {} },
      want: [{ path: 'labels["a.b/c"]', before: '1' }],
    },
    'entries with names are matched by name, in whatever order': {
      before: {
        c: [
          { name: 'a', v: 1 },
          { name: 'b', v: 1 },
        ],
      },
      after: {
        c: [
          { name: 'b', v: 2 },
          { name: 'a', v: 1 },
        ],
      },
      want: [{ path: 'c[name=b].v', before: 1, after: 2 }],
    },
    'entries without names are matched by position': {
      before: { p: [{ port: 1 }, { port: 2 }] },
      after: { p: [{ port: 1 }, { port: 3 }] },
      want: [{ path: 'p[1].port', before: 2, after: 3 }],
    },
    'a list of scalars is one value': {
      before: { a: [1] },
      after: { a: [2] },
      want: [{ path: 'a', before: [1], after: [2] }],
    },
    'a name given twice falls back to the position': {
      before: { c: [{ name: 'a' }, { name: 'a' }] },
      after: { c: [{ name: 'a' }, { name: 'b' }] },
      want: [{ path: 'c[1].name', before: 'a', after: 'b' }],
    },
    'another type is a change': { before: { a: {} }, after: { a: [] }, want: [{ path: 'a', before: {}, after: [] }] },
  };
  test.each(Object.entries(cases))('%s', (_name, c) => expect(diffObjects(c.before, c.after)).toEqual(c.want));

  test('a key named __proto__ is a key like others', () => {
    const after = JSON.parse('{"__proto__": {"x": 1}}') as JsonObject;
    expect(diffObjects({}, after)).toEqual([{ path: '__proto__', after: { x: 1 } }]);
  });

  test('a document nested without end is compared as a whole from some depth on', () => {
    let before: JsonObject = { leaf: 1 };
    let after: JsonObject = { leaf: 2 };
    for (let depth = 0; depth < 200; depth++) [before, after] = [{ a: before }, { a: after }];
    expect(diffObjects(before, after)).toHaveLength(1);
  });
});

test('what the server adds does not count', () => {
  const live = { metadata: { name: 'a', uid: 'u', generation: 1, managedFields: [], labels: { b: 'c' } }, status: {} };
  expect(withoutServerFields(live)).toEqual({ metadata: { name: 'a', labels: { b: 'c' } } });
});
