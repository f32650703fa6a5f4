import { describe, expect, test } from '@jest/globals';
import { istioOperatorCrd } from '../../../src/api/index.ts';
import { isObject, type Json, type JsonObject, valueAt } from '../../../src/core/index.ts';

const crd = istioOperatorCrd();
const version = valueAt(crd.spec, 'versions');
const only = Array.isArray(version) ? (version[0] as JsonObject) : {};
const root = valueAt(only, 'schema', 'openAPIV3Schema') as JsonObject;

/** The schema at a path of fields; `[]` is the entry of a list. */
function schemaAt(path: string): JsonObject {
  return path.split('.').reduce<JsonObject>((node, step) => {
    const child = step === '[]' ? node.items : valueAt(node, 'properties', step);
    if (!isObject(child)) throw new Error(`no schema at ${path}`);
    return child;
  }, root);
}

/** Every schema below the root, with its path. */
function* schemas(node: JsonObject, path: string): Generator<readonly [path: string, schema: JsonObject]> {
  yield [path, node];
  const { properties, items, additionalProperties } = node;
  if (isObject(properties)) {
    for (const [name, child] of Object.entries(properties))
      if (isObject(child)) yield* schemas(child, `${path}.${name}`);
  }
  if (isObject(items)) yield* schemas(items, `${path}.[]`);
  if (isObject(additionalProperties)) yield* schemas(additionalProperties, `${path}.*`);
}

const WHOLE = '^-?(0|[1-9][0-9]{0,14})$';

const inSpec = [...schemas(schemaAt('spec'), 'spec')];

test('names, scope and subresource are those of the CRD that Istio shipped', () => {
  expect(crd.metadata).toEqual({ name: 'istiooperators.install.istio.io', labels: { release: 'istio' } });
  expect(crd.spec).toMatchObject({
    group: 'install.istio.io',
    scope: 'Namespaced',
    conversion: { strategy: 'None' },
    names: {
      kind: 'IstioOperator',
      listKind: 'IstioOperatorList',
      plural: 'istiooperators',
      singular: 'istiooperator',
      shortNames: ['iop', 'io'],
    },
  });
  expect(only).toMatchObject({ name: 'v1alpha1', served: true, storage: true, subresources: { status: {} } });
});

test('the columns of Istio come first, the others are for -o wide', () => {
  const columns = only.additionalPrinterColumns as readonly JsonObject[];
  expect(columns.map(({ name, type, jsonPath, priority = 0 }) => [name, type, jsonPath, priority])).toEqual([
    ['Revision', 'string', '.spec.revision', 0],
    ['Status', 'string', '.status.status', 0],
    ['Age', 'date', '.metadata.creationTimestamp', 0],
    ['Profile', 'string', '.spec.profile', 1],
    ['Message', 'string', '.status.message', 1],
  ]);
});

describe('the schema of the spec', () => {
  test('is structural: every node has a type, or is one that takes several', () => {
    const untyped = inSpec.filter(
      ([, schema]) =>
        schema.type === undefined &&
        schema['x-kubernetes-preserve-unknown-fields'] !== true &&
        schema['x-kubernetes-int-or-string'] !== true,
    );
    expect(untyped).toEqual([]);
  });

  test('keeps unknown fields in every object with known ones, so that the operator can judge them', () => {
    const objects = inSpec.filter(
      ([, schema]) => schema.type === 'object' && schema.additionalProperties === undefined,
    );
    expect(objects.length).toBeGreaterThan(100);
    expect(objects.filter(([, schema]) => schema['x-kubernetes-preserve-unknown-fields'] !== true)).toEqual([]);
  });

  test('accepts null for every field and requires none', () => {
    const fields = inSpec.filter(([path]) => !path.endsWith('[]'));
    expect(fields.filter(([, schema]) => schema.nullable !== true)).toEqual([]);
    expect(inSpec.filter(([, schema]) => schema.required !== undefined)).toEqual([]);
  });

  test.each([
    ['spec.profile', { type: 'string' }],
    ['spec.revision', { 'x-kubernetes-int-or-string': true }],
    ['spec.tag', { 'x-kubernetes-preserve-unknown-fields': true }],
    ['spec.meshConfig.enableAutoMtls', { type: 'boolean' }],
    ['spec.components.pilot.enabled', { type: 'boolean' }],
    ['spec.components.pilot.k8s.replicaCount', { type: 'integer', minimum: 0 }],
    ['spec.components.pilot.k8s.tolerations.[].tolerationSeconds', { type: 'integer' }],
    ['spec.components.pilot.k8s.nodeSelector', { type: 'object', additionalProperties: { type: 'string' } }],
    ['spec.components.cni.k8s.env.[].valueFrom.secretKeyRef.key', { type: 'string' }],
    ['spec.components.ingressGateways.[].k8s.service.ports.[].targetPort', { 'x-kubernetes-int-or-string': true }],
    ['spec.components.egressGateways.[].k8s.overlays.[].patches.[].path', { type: 'string' }],
    ['spec.values.global.proxy.resources.limits', { type: 'object' }],
    ['spec.values.pilot.autoscaleMin', { 'x-kubernetes-int-or-string': true, minimum: 0, pattern: WHOLE }],
    [
      'spec.values.pilot.traceSampling',
      {
        'x-kubernetes-preserve-unknown-fields': true,
        pattern: '^-?(0|[1-9][0-9]{0,14})(\\.[0-9]{1,15})?([eE][+-]?[0-9]{1,2})?$',
      },
    ],
    ['spec.unvalidatedValues', { type: 'object' }],
  ])('types %s', (path, want) => {
    expect(schemaAt(path)).toMatchObject(want);
  });

  test('says what the fields are for that people use most', () => {
    for (const path of [
      'spec',
      'spec.profile',
      'spec.components.pilot',
      'spec.components.pilot.k8s.overlays',
      'spec.values',
    ]) {
      expect(schemaAt(path).description).toMatch(/\S\.$/);
    }
  });
});

describe('the schema of the status', () => {
  test('a new resource has an observed generation that is no generation', () => {
    expect(schemaAt('status')).toMatchObject({ type: 'object', default: { observedGeneration: -1 } });
    expect(schemaAt('status').nullable).toBeUndefined();
  });

  test('there is one condition of each type', () => {
    expect(schemaAt('status.conditions')).toMatchObject({
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
      items: { required: ['type', 'status'] },
    });
    expect(schemaAt('status.conditions.[].type').nullable).toBeUndefined();
  });

  test('statuses of Istio 1.4, which are numbers, are still accepted', () => {
    expect(schemaAt('status.status')['x-kubernetes-int-or-string']).toBe(true);
  });

  test.each(['status', 'status.inventory.[]', 'status.conditions.[]'])('%s keeps what it does not know', (path) => {
    expect(schemaAt(path)['x-kubernetes-preserve-unknown-fields']).toBe(true);
  });
});

test('kubectl apply can put it into an annotation, and the file can be read', () => {
  expect(Buffer.byteLength(JSON.stringify(crd))).toBeLessThan(240 * 1024);
});

test('it is plain JSON, without anything undefined', () => {
  const text = JSON.parse(JSON.stringify(crd)) as Json;
  expect(crd).toEqual(text);
});
