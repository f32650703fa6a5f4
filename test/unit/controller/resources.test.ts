import { expect, test } from '@jest/globals';
import type { LiveMeta, LiveObject } from '../../../src/apply/index.ts';
import { changeOf, ResourceStore } from '../../../src/controller/watches/resources.ts';
import type { JsonObject } from '../../../src/core/index.ts';

const REPORTED = { observedGeneration: 1, status: 'HEALTHY', inventory: [] };

function aResource(resourceVersion: string, status: JsonObject, metadataFields: Partial<LiveMeta> = {}): LiveObject {
  const own = { name: 'mesh', namespace: 'istio-system', uid: 'a', generation: 1, resourceVersion };
  const metadata = { ...own, ...metadataFields };
  return { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata, status };
}

const cases: Record<string, { before: JsonObject; after: JsonObject; asksForWork: boolean }> = {
  'our first report of a generation asks for no work': {
    before: { observedGeneration: -1 },
    after: REPORTED,
    asksForWork: false,
  },
  'another word in status asks for no work': {
    before: REPORTED,
    after: { ...REPORTED, status: 'RECONCILING' },
    asksForWork: false,
  },
  'a status that was wiped asks for work': {
    before: REPORTED,
    after: { observedGeneration: -1 },
    asksForWork: true,
  },
  'an inventory that was removed asks for work': {
    before: REPORTED,
    after: { observedGeneration: 1, status: 'HEALTHY' },
    asksForWork: true,
  },
};

test.each(Object.entries(cases))('%s', (_name, { before, after, asksForWork }) => {
  const changes: string[] = [];
  const store = new ResourceStore(({ metadata }) => void changes.push(metadata.resourceVersion));
  store.observe(aResource('1', before));
  store.observe(aResource('2', after));
  store.observe(aResource('1', before)); // comes too late
  expect(changes).toEqual(asksForWork ? ['1', '2'] : ['1']);
});

test('a lost status is named as what changed', () => {
  expect(changeOf(aResource('2', {}), aResource('1', REPORTED))).toEqual({ change: 'status' });
});

const answers: Record<string, { shown: readonly LiveObject[]; gone?: boolean; answer: LiveObject; changes: string[] }> =
  {
    'an answer that comes after the deletion does not bring the CR back': {
      shown: [aResource('1', {})],
      gone: true,
      answer: aResource('2', {}),
      changes: ['1'],
    },
    'an answer about a CR of the same name that was there before is not about the new one': {
      shown: [aResource('1', {}), aResource('3', {}, { uid: 'b' })],
      answer: aResource('2', {}),
      changes: ['1', '3'],
    },
    'an answer may be the first to show a new generation': {
      shown: [aResource('1', {})],
      answer: aResource('3', {}, { generation: 2 }),
      changes: ['1', '3'],
    },
  };

test.each(Object.entries(answers))('%s', (_name, { shown, gone = false, answer, changes }) => {
  const seen: string[] = [];
  const store = new ResourceStore(({ metadata }) => void seen.push(metadata.resourceVersion));
  for (const object of shown) store.observe(object);
  if (gone) store.remove(aResource('1', {}));
  store.observeAnswer(answer);
  expect(seen).toEqual(changes);
  expect(store.keys()).toHaveLength(gone ? 0 : 1);
});
