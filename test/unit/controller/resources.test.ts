import { expect, test } from '@jest/globals';
import type { LiveObject } from '../../../src/apply/index.ts';
import { changeOf, ResourceStore } from '../../../src/controller/watches/resources.ts';
import type { JsonObject } from '../../../src/core/index.ts';

const REPORTED = { observedGeneration: 1, status: 'HEALTHY', inventory: [] };

function aResource(resourceVersion: string, status: JsonObject): LiveObject {
  const metadata = { name: 'mesh', namespace: 'istio-system', uid: 'a', generation: 1, resourceVersion };
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
