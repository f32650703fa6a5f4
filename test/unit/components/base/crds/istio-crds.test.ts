import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { istioCrds } from '../../../../../src/components/base/crds/index.ts';
import {
  asJson,
  isObject,
  type Json,
  type JsonObject,
  type KubernetesObject,
  valueAt,
  withSortedKeys,
} from '../../../../../src/core/index.ts';
import { childrenOf, structuralFaults } from './structural-schema.ts';

const DIGESTS = join(import.meta.dirname, 'digests.txt');
const REFERENCE = join(import.meta.dirname, '../../../../../../shared/reference/istio-1.30.3/crds.json');
/** Labels that say who installed an object: each installer has its own. */
const BOOKKEEPING = [
  'app.kubernetes.io/managed-by',
  'app.kubernetes.io/part-of',
  'app.kubernetes.io/version',
  'helm.sh/chart',
];

const byName = istioCrds().map((crd) => [crd.metadata.name, crd] as const);

function objectsAt(crd: KubernetesObject, ...path: string[]): readonly JsonObject[] {
  const found = valueAt(asJson(crd), ...path);
  return Array.isArray(found) ? found.filter(isObject) : [];
}

function schemaOf(version: JsonObject): JsonObject {
  const schema = valueAt(version, 'schema', 'openAPIV3Schema');
  return isObject(schema) ? schema : {};
}

test('there are 15 of them, sorted by name', () => {
  const names = byName.map(([name]) => name);
  expect(names).toHaveLength(15);
  expect(names).toEqual([...new Set(names)].sort());
});

test('excluded ones are left out; names that are no CRD of Istio do not matter', () => {
  const names = istioCrds({ excluded: ['sidecars.networking.istio.io', '__proto__', 'Sidecar'] }).map(
    (crd) => crd.metadata.name,
  );
  expect(names).toHaveLength(14);
  expect(names).not.toContain('sidecars.networking.istio.io');
});

test('every call returns the same objects, frozen at every depth', () => {
  expect(istioCrds()).toBe(istioCrds());
  expect(istioCrds({ excluded: ['sidecars.networking.istio.io'] })[0]).toBe(istioCrds()[0]);
  const thawed: string[] = [];
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    if (!Object.isFrozen(node)) thawed.push(path);
    for (const [key, child] of Object.entries(node)) visit(child, `${path}.${key}`);
  };
  visit(istioCrds(), 'crds');
  expect(thawed).toEqual([]);
});

test('versions of one CRD share their schema in memory', () => {
  for (const [, crd] of byName) {
    expect(new Set(objectsAt(crd, 'spec', 'versions').map((version) => version.schema)).size).toBe(1);
  }
});

describe.each(byName)('%s', (name, crd) => {
  const versions = objectsAt(crd, 'spec', 'versions');

  test('its names belong together', () => {
    const { group, names } = valueAt(asJson(crd), 'spec') as { group: string; names: Record<string, Json> };
    const kind = String(names.kind);
    expect(`${String(names.plural)}.${group}`).toBe(name);
    expect(names).toMatchObject({ singular: kind.toLowerCase(), listKind: `${kind}List` });
    expect(names.categories).toEqual(['istio-io', `${group.split('.')[0]}-istio-io`]);
  });

  test('it is namespaced, and Helm keeps it', () => {
    expect(valueAt(asJson(crd), 'spec', 'scope')).toBe('Namespaced');
    expect(crd.metadata.annotations).toEqual({ 'helm.sh/resource-policy': 'keep' });
  });

  test('it stores one version, serves all, and gives each a status subresource', () => {
    expect(versions.filter((version) => version.storage === true)).toHaveLength(1);
    expect(new Set(versions.map((version) => version.name)).size).toBe(versions.length);
    for (const version of versions) {
      expect(version.served).toBe(true);
      expect(version.subresources).toEqual({ status: {} });
    }
  });

  test('its schemas are structural', () => {
    expect(
      versions.flatMap((version) => structuralFaults(schemaOf(version), `${name}/${String(version.name)}`)),
    ).toEqual([]);
  });

  test('its columns show fields that exist', () => {
    for (const version of versions) {
      for (const column of Array.isArray(version.additionalPrinterColumns) ? version.additionalPrinterColumns : []) {
        const [first, ...rest] = String(column.jsonPath).slice(1).split('.');
        if (first === 'metadata') continue;
        const field = [first ?? '', ...rest].reduce<JsonObject>(
          (schema, step) => new Map(childrenOf(schema)).get(step) ?? {},
          schemaOf(version),
        );
        expect(['array', 'string']).toContain(field.type);
      }
    }
  });
});

test('the checker of structural schemas finds each kind of fault', () => {
  const faulty: JsonObject = {
    type: 'object',
    properties: {
      untyped: {},
      both: { type: 'object', properties: {}, additionalProperties: { type: 'string' } },
      endless: { type: 'array' },
      keyed: {
        type: 'array',
        items: { type: 'object', properties: { name: { type: 'string' } } },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
      },
      inverted: { type: 'string', minLength: 2, maxLength: 1 },
      mute: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self != ""' }] },
      twice: { type: 'string', enum: ['A', 'A'] },
      mixed: { type: 'string', 'x-kubernetes-int-or-string': true },
    },
    required: ['absent'],
    oneOf: [{ not: { anyOf: [{ required: ['elsewhere'] }] } }, { nullable: true }],
  };
  expect(structuralFaults(faulty, 'x')).toEqual([
    'x: requires absent, which is not a field',
    'x: elsewhere only under a junctor',
    'x: nullable under a junctor',
    'x.untyped: no type',
    'x.both: properties together with additionalProperties',
    'x.endless: a list without items',
    'x.keyed: the key name is not required',
    'x.inverted: minLength above maxLength',
    'x.mute: no message: self != ""',
    'x.twice: a value twice',
    'x.mixed: an integer or string of another shape',
  ]);
});

/** Name, number of leaves and SHA-256 of the JSON with sorted keys: any change to a CRD shows as one line of a diff. */
function digestOf(crd: KubernetesObject): string {
  const text = JSON.stringify(withSortedKeys(asJson(crd)));
  return `${crd.metadata.name} ${countLeaves(asJson(crd))} ${createHash('sha256').update(text).digest('hex')}`;
}

function countLeaves(node: Json | undefined): number {
  if (typeof node !== 'object' || node === null) return 1;
  const children: readonly (Json | undefined)[] = Object.values(node);
  return children.length === 0 ? 1 : children.reduce<number>((sum, child) => sum + countLeaves(child), 0);
}

test('no CRD has changed since its digest was written (UPDATE_GOLDEN=1 writes them again)', () => {
  const digests = `${byName.map(([, crd]) => digestOf(crd)).join('\n')}\n`;
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(DIGESTS, digests);
  expect(digests).toBe(readFileSync(DIGESTS, 'utf8'));
});

function withoutBookkeeping(crd: JsonObject): JsonObject {
  const { labels, ...metadata } = crd.metadata as { labels: JsonObject };
  const kept = Object.entries(labels).filter(([key]) => !BOOKKEEPING.includes(key));
  return { ...crd, metadata: { ...metadata, labels: Object.fromEntries(kept) } };
}

if (existsSync(REFERENCE)) {
  const reference = JSON.parse(readFileSync(REFERENCE, 'utf8')) as readonly (JsonObject & KubernetesObject)[];

  test('the reference of Istio 1.30.3 has the same CRDs', () => {
    expect(reference.map((crd) => crd.metadata.name)).toEqual(byName.map(([name]) => name));
  });

  test.each(reference.map((crd) => [crd.metadata.name, crd] as const))('%s equals the reference', (name, wanted) => {
    const ours = istioCrds().find((crd) => crd.metadata.name === name);
    expect(ours && withoutBookkeeping(asJson(ours))).toEqual(withoutBookkeeping(wanted));
  });
} else {
  test.skip('every CRD equals the reference of Istio 1.30.3 (needs ../shared beside the project)', () => {});
}
