import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isObject, type Json, type JsonObject } from '../../src/core/index.ts';
import { canonicalQuantity } from '../../src/injection/quantity.ts';
import { readYaml } from '../../src/render/index.ts';
import { renderGateway } from './gateway.ts';
import { contextOf, here, injectText, installationTexts } from './installation.ts';

/** Data of the reference injector, where it stands beside the project. */
const SHARED = here('..', '..', '..', 'shared', 'parity');
const PODS = join(SHARED, 'injection');
const GATEWAYS = join(SHARED, 'gateway-api');

const AMBIENT = 'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {profile: ambient}\n';

if (existsSync(PODS)) {
  const cases = JSON.parse(readFileSync(join(PODS, 'cases.json'), 'utf8')) as { pod: string; install: string }[];
  test.each(cases)('the pod $pod is injected by the installation $install as by the reference', ({ pod, install }) => {
    const context = contextOf(installationTexts(join(PODS, `install-${install}.yaml`)));
    const [injected] = injectText(readFileSync(join(PODS, 'pods', `${pod}.yaml`), 'utf8'), context);
    const expected = JSON.parse(readFileSync(join(PODS, 'expected', `${pod}.json`), 'utf8'));
    expect(JSON.parse(JSON.stringify(injected))).toEqual(expected);
  });
} else test.skip('pods are injected as by the reference (needs ../shared)', () => {});

if (existsSync(GATEWAYS)) {
  describe('the objects that istiod makes for a Gateway', () => {
    const made = new Map(
      readYaml(readFileSync(join(GATEWAYS, 'gateways.yaml'), 'utf8'), 'gateways')
        .map(({ value }) => value)
        .filter(isObject)
        .filter(({ kind }) => kind === 'Gateway')
        .flatMap((gateway) => renderGateway(gateway, AMBIENT))
        .map((object) => [fileName(object), object]),
    );
    const files = readdirSync(join(GATEWAYS, 'expected'));
    test.each(files)('%s is what the reference applies', (file) => {
      const expected = JSON.parse(readFileSync(join(GATEWAYS, 'expected', file), 'utf8')) as Json;
      expect(applied(made.get(file))).toEqual(applied(expected));
    });
  });
} else test.skip('Gateways become the objects of the reference (needs ../shared)', () => {});

function fileName({ kind, metadata }: JsonObject): string {
  return `${String(kind).toLowerCase()}-${String((metadata as JsonObject).name)}.json`;
}

/**
 * An object as an API server remembers that it was applied: without empty fields and defaults, lists that have keys in
 * no particular order.
 */
function applied(value: Json | undefined): unknown {
  if (Array.isArray(value)) {
    const items = value.map(applied);
    return value.every(isObject) ? items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items;
  }
  if (!isObject(value)) return value;
  const fields = Object.entries(value)
    .filter(
      ([key, field]) =>
        key !== 'uid' && !(key === 'apiVersion' && Object.hasOwn(value, 'fieldPath')) && field !== undefined,
    )
    .map(([key, field]) => [key, isAmount(key, field) ? canonicalQuantity(field) : applied(field)] as const)
    .filter(([key, field]) => !isNothing(key, field))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields);
}

function isAmount(key: string, field: Json | undefined): field is string {
  return (key === 'cpu' || key === 'memory') && typeof field === 'string';
}

function isNothing(key: string, field: unknown): boolean {
  if (field === null || field === '') return true;
  if (key === 'initialDelaySeconds') return field === 0;
  return key === 'annotations' && typeof field === 'object' && Object.keys(field ?? {}).length === 0;
}
