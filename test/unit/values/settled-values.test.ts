import { expect, test } from '@jest/globals';
import { issuesOf, type JsonObject, type OperatorError } from '../../../src/core/index.ts';
import { mergedValues } from '../../../src/values/index.ts';
import { settled } from '../../../src/values/settled-values.ts';

const pathOf = (keys: readonly string[]) => keys.join('.');
const defaults: JsonObject = {
  a: { b: { c: 1 }, list: ['x'] },
  text: 't',
  meshConfig: { x: 1 },
  env: {},
  resources: { requests: { cpu: 1 } },
};

const cases: Record<string, { layered: JsonObject; want: JsonObject }> = {
  'what is complete stays as it is': { layered: defaults, want: defaults },
  'a null at the top leaves empty maps and lists all the way down': {
    layered: { ...defaults, a: null, text: null, meshConfig: {} },
    want: { ...defaults, a: { b: {}, list: [] }, text: undefined, meshConfig: {} },
  },
  'nulls inside maps of the user go': {
    layered: { ...defaults, own: { x: null, y: { z: null } } },
    want: { ...defaults, own: { y: {} } },
  },
  'a list that Istio knows has no null entries': {
    layered: { ...defaults, a: { b: {}, list: [null, 'y', null] } },
    want: { ...defaults, a: { b: {}, list: ['y'] } },
  },
  'a list of the user’s own is passed on as it is': {
    layered: { ...defaults, own: [null, 1] },
    want: { ...defaults, own: [null, 1] },
  },
  'nulls of variables and of resource requirements stay': {
    layered: { ...defaults, env: { A: null }, resources: { requests: null } },
    want: { ...defaults, env: { A: null }, resources: { requests: null } },
  },
  'nulls of meshConfig stay for the mesh configuration to delete with': {
    layered: { ...defaults, meshConfig: { x: null } },
    want: { ...defaults, meshConfig: { x: null } },
  },
};
test.each(Object.entries(cases))('%s', (_name, { layered, want }) => {
  expect(settled(defaults, layered, pathOf)).toEqual(want);
});

test('a value of another shape than the default is an error that says what was found', () => {
  const layered = { ...defaults, a: { b: 'x', list: { y: 1 } }, text: ['t'] };
  const issue = (path: string, message: string, example: string) => ({
    code: 'InvalidValue',
    path,
    message,
    hint: `For example: ${example}. Removed, it is the default.`,
  });
  let issues: unknown;
  try {
    settled(defaults, layered, pathOf);
  } catch (error) {
    issues = issuesOf(error as OperatorError);
  }
  expect(issues).toEqual([
    issue('a.b', 'Expected a map, got the string "x".', 'b: {}'),
    issue('a.list', 'Expected a list, got a map.', 'list: []'),
    issue('text', 'Expected a single value, got a list.', 'text: "t"'),
  ]);
});

test('a key __proto__ does not become a prototype', () => {
  const layered = JSON.parse(
    '{"__proto__": {"polluted": true}, "own": {"__proto__": {"polluted": true}}}',
  ) as JsonObject;
  const values = settled({}, layered, pathOf);
  expect(values).toEqual({ own: {} });
  expect((values as { polluted?: boolean }).polluted).toBeUndefined();
});

test('mergedValues lays maps over maps and deletes by null', () => {
  const over = { a: { b: null, d: 2 }, list: [3] };
  expect(mergedValues({ a: { b: 1, c: 1 }, list: [1, 2] }, over)).toEqual({ a: { c: 1, d: 2 }, list: [3] });
});
