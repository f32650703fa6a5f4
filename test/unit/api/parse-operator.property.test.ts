import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { knownField, parseOperator, readStatus } from '../../../src/api/index.ts';
import { OperatorError } from '../../../src/core/index.ts';
import { aDocument } from './builders.ts';

/** Keys that lead somewhere in the API, so that random documents get past its first levels. */
const KEYS = [
  'spec',
  'components',
  'pilot',
  'k8s',
  'hpaSpec',
  'metrics',
  'resource',
  'overlays',
  'patches',
  'value',
  'values',
  'global',
  'proxy',
  'meshConfig',
  'ingressGateways',
  'service',
  'ports',
  'port',
  'env',
  'resources',
  'requests',
  'cpu',
  'revision',
  'tag',
  'hub',
  'galley',
  'telemetry',
  'addonComponents',
  'status',
  'metadata',
  'includeIPRanges',
];

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.constantFrom(null, true, 0, -1, 1.5, '', '*', '1.30.3'), fc.string(), fc.double()),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string(), fc.constant('__proto__')), tie('value'), {
      maxKeys: 5,
      noNullPrototype: true,
    }),
  ),
})).value;

function outcomeOf(document: unknown): 'accepted' | 'refused' {
  try {
    parseOperator(document);
    return 'accepted';
  } catch (error) {
    if (error instanceof OperatorError) return 'refused';
    throw error;
  }
}

test('whatever the document, it is accepted or refused with an error of ours', () => {
  fc.assert(
    fc.property(json, (document) => void outcomeOf(document)),
    { numRuns: 500 },
  );
});

test('whatever the spec, it is accepted or refused, and never edited', () => {
  const seen = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(json, (spec) => {
      const before = structuredClone(spec);
      seen[outcomeOf(aDocument(spec))] += 1;
      expect(spec).toEqual(before);
    }),
    { numRuns: 1000 },
  );
  expect(seen.accepted).toBeGreaterThan(0);
  expect(seen.refused).toBeGreaterThan(0);
});

test('what was accepted is accepted again, unchanged', () => {
  fc.assert(
    fc.property(json, (spec) => {
      const document = aDocument({ unvalidatedValues: { spec }, values: { galley: spec }, revision: 7 });
      if (outcomeOf(document) === 'refused') return;
      const { operator } = parseOperator(document);
      expect(parseOperator(operator)).toEqual({ operator, notices: [] });
    }),
    { numRuns: 300 },
  );
});

test('any status can be read, and nothing reaches a prototype', () => {
  fc.assert(
    fc.property(json, (status) => {
      readStatus(status);
      readStatus({ status, componentStatus: status, conditions: [status], inventory: [status] });
    }),
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test('any path can be looked up', () => {
  fc.assert(fc.property(fc.array(fc.oneof(fc.constantFrom(...KEYS), fc.string())), (path) => void knownField(path)));
});
