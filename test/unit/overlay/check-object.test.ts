import { expect, test } from '@jest/globals';
import { objectTypesSource } from '../../../src/cli/generate/object-types.ts';
import type { Json, JsonObject } from '../../../src/core/index.ts';
import { OFFLINE_FACTS } from '../../../src/core/index.ts';
import { checkObject } from '../../../src/overlay/index.ts';
import { innerType } from '../../../src/overlay/object-schema.ts';
import { OBJECT_TYPES } from '../../../src/overlay/object-types.gen.ts';
import { manifestObjects, renderManifest } from '../../../src/render/index.ts';
import { aDeployment, anAutoscaler, anObject, aService, patch } from './builders.ts';

test.each([aDeployment(), aService(), anAutoscaler()])('a valid $kind passes', (object) => {
  expect(checkObject(object)).toEqual([]);
});

test.each(['demo', 'ambient', 'openshift', 'stable', 'remote'])('all that profile %s renders passes', (profile) => {
  const objects = manifestObjects(renderManifest({ specs: [{ profile }], facts: OFFLINE_FACTS }));
  expect(objects.flatMap((object) => checkObject(object).map(({ message }) => `${object.kind}: ${message}`))).toEqual(
    [],
  );
});

const DISCOVERY = 'spec.template.spec.containers[0]';
const findings: Record<
  string,
  { path: string; value: Json; message: string; hint?: string; isUnknownField?: boolean }
> = {
  'a mistyped field': {
    path: `${DISCOVERY}.imagePullPolcy`,
    value: 'x',
    message: `${DISCOVERY} has no field "imagePullPolcy"`,
    hint: 'Did you mean "imagePullPolicy"?',
    isUnknownField: true,
  },
  'an unknown field': {
    path: 'spec.xyzzyplugh',
    value: 1,
    message: 'spec has no field "xyzzyplugh"',
    isUnknownField: true,
  },
  'a number that is a text': {
    path: 'spec.replicas',
    value: '3',
    message: 'spec.replicas must be a whole number, not "3"',
  },
  'a fraction': { path: 'spec.replicas', value: 1.5, message: 'spec.replicas must be a whole number, not 1.5' },
  'a text that is a number': {
    path: 'metadata.labels.a',
    value: 1,
    message: 'metadata.labels.a must be a text, not 1',
    hint: 'Quote it: "1".',
  },
  'a flag that is a text': {
    path: 'spec.paused',
    value: 'yes',
    message: 'spec.paused must be true or false, not "yes"',
  },
  'a quantity that is a map': {
    path: `${DISCOVERY}.resources.requests.cpu`,
    value: {},
    message: `${DISCOVERY}.resources.requests.cpu must be a number or a text, not a map`,
  },
  'a list that is a map': {
    path: `${DISCOVERY}.args`,
    value: {},
    message: `${DISCOVERY}.args must be a list, not a map`,
  },
  'a map that is a list': { path: 'metadata.labels', value: [], message: 'metadata.labels must be a map, not a list' },
  'a structure that is a text': { path: 'spec.template', value: 'x', message: 'spec.template must be a map, not "x"' },
  'an entry without its name': {
    path: `${DISCOVERY}.env.[-1]`,
    value: { value: 'x' },
    message: `${DISCOVERY}.env[2] lacks "name"`,
  },
};
test.each(Object.entries(findings))('%s is found', (_name, { path, value, message, hint, isUnknownField = false }) => {
  const { objects } = patch(aDeployment(), path, value);
  const found = objects.flatMap((object) => checkObject(object)).map(({ place: _place, ...finding }) => finding);
  expect(found).toEqual([{ message, isUnknownField, ...(hint === undefined ? {} : { hint }) }]);
});

test('objects of kinds that are not known pass', () => {
  expect(checkObject(anObject({ apiVersion: 'x/v1', kind: 'Other', metadata: { name: 'a' }, anything: 1 }))).toEqual(
    [],
  );
});

test('there are twenty findings at most', () => {
  const labels = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`l${i}`, i])) as JsonObject;
  expect(checkObject(anObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', labels } }))).toHaveLength(
    20,
  );
});

test('every type that a field names is in the table', () => {
  const scalars = ['string', 'integer', 'boolean', 'quantity', 'any'];
  for (const fields of Object.values(OBJECT_TYPES)) {
    for (const field of fields.split(' ')) {
      let type = field.slice(field.indexOf(':') + 1);
      for (let inner = innerType(type); inner !== undefined; inner = innerType(type)) type = inner;
      expect(scalars.includes(type) || Object.hasOwn(OBJECT_TYPES, type) || field === '').toBe(true);
    }
  }
});

test('the table is what the type declarations of kubernetes-models say', async () => {
  const { readFileSync } = await import('node:fs');
  const file = new URL('../../../src/overlay/object-types.gen.ts', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(objectTypesSource());
});
