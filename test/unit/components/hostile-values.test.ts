import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { componentFor } from '../../../src/components/index.ts';
import { isObject, type Json, type JsonObject, OperatorError, withValueAt } from '../../../src/core/index.ts';
import { inputsOf } from '../values/resolved.ts';

const EVERYTHING: JsonObject = {
  profile: 'ambient',
  components: { ingressGateways: [{ name: 'in' }], egressGateways: [{ name: 'out' }] },
};

/** Paths into the values that components read, those of every depth, spelled as in a document. */
function pathsInto(values: JsonObject, above: readonly string[], root: readonly string[]): string[][] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = [...above, key];
    const deeper = isObject(value) ? pathsInto(value, path, root) : [];
    return [path, [...root, ...path], ...deeper];
  });
}

const ROOTS: Record<string, readonly string[]> = { Pilot: ['pilot'], Cni: ['cni'], Ztunnel: ['ztunnel'] };
const inputs = inputsOf(EVERYTHING);
const paths = inputs.flatMap(({ component, values }) => pathsInto(values, [], ROOTS[component] ?? []));
const more = [
  'global.remotePilotAddress',
  'global.ipFamilies',
  'global.tracer',
  'revisionTags',
  'gatewayClasses.x',
  'global.trustBundleName',
];
const aPath = fc.constantFrom(...paths, ...more.map((path) => path.split('.')));
const aValue = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    false,
    0,
    -1,
    1e21,
    '',
    'text',
    [],
    {},
    [null],
    ['a'],
    [{}],
    { a: null },
    { a: { b: [] } },
  ),
  fc.jsonValue().map((value) => value as Json),
);

/** Builds everything; an expected failure is as good as objects. */
function build(unvalidatedValues: JsonObject): number {
  try {
    return inputsOf({ ...EVERYTHING, unvalidatedValues }).flatMap((input) => componentFor(input.component).build(input))
      .length;
  } catch (error) {
    if (error instanceof OperatorError) return 0;
    throw error;
  }
}

test('whatever stands at a path of the values, it is built from or refused, never stumbled over', () => {
  const assignments = fc.array(fc.tuple(aPath, aValue), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(assignments, (all) => {
      const values = all.reduce<JsonObject>((tree, [path, value]) => withValueAt(tree, path, value), {});
      expect(build(values)).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 1_000, seed: 7 },
  );
});
