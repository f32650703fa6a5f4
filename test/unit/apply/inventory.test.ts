import { expect, test } from '@jest/globals';
import {
  contentDigestOf,
  deletionOrder,
  digestManifest,
  digestOf,
  leftOver,
  readInventory,
  sameObjects,
  withManifest,
  writeInventory,
} from '../../../src/apply/index.ts';
import { idKey, idOf } from '../../../src/core/index.ts';
import { aConfigMap, anObject } from './builders.ts';

const entry = (kind: string, name: string, component: 'Base' | 'Pilot' | 'IngressGateways') => ({
  ...idOf(anObject(kind, name)),
  apiVersion: 'v1',
  component,
  uid: 'u',
  digest: 'd',
});

test('what status holds is read back as it was written', () => {
  const inventory = new Map(
    [entry('ConfigMap', 'b', 'Pilot'), entry('ConfigMap', 'a', 'Base')].map((e) => [idKey(e), e]),
  );
  expect(readInventory(JSON.parse(JSON.stringify(writeInventory(inventory))))).toEqual(
    new Map([...inventory].reverse()),
  );
});

test.each([
  undefined,
  null,
  'text',
  [null, 3, {}, { kind: 'ConfigMap', name: 'a', apiVersion: 'v1', component: 'NoSuch' }],
])('entries that cannot be read are left out: %j', (raw) => {
  expect(readInventory(raw as never).size).toBe(0);
});

test('the objects of a manifest join the inventory before they are applied, without a digest', () => {
  const joined = withManifest(new Map(), digestManifest([{ component: 'Pilot', objects: [aConfigMap()] }]));
  const content = contentDigestOf(aConfigMap());
  expect([...joined.values()]).toEqual([{ ...idOf(aConfigMap()), apiVersion: 'v1', component: 'Pilot', content }]);
});

test('joining keeps what is known of an object that was applied before', () => {
  const manifest = digestManifest([{ component: 'Pilot', objects: [aConfigMap()] }]);
  const before = withManifest(new Map(), manifest);
  const digest = digestOf(aConfigMap());
  const applied = new Map([...before].map(([key, e]) => [key, { ...e, uid: 'u', digest }]));
  expect(withManifest(applied, manifest)).toEqual(applied);
  expect(sameObjects(applied, withManifest(applied, manifest))).toBe(true);
});

test('the digest of an object that changes goes before the change is sent, and that is worth recording', () => {
  const manifest = (mesh: string) => digestManifest([{ component: 'Pilot', objects: [aConfigMap('istio', { mesh })] }]);
  const before = withManifest(new Map(), manifest('a'));
  const digest = digestOf(aConfigMap('istio', { mesh: 'a' }));
  const applied = new Map([...before].map(([key, e]) => [key, { ...e, uid: 'u', digest }]));
  const intended = withManifest(applied, manifest('b'));
  expect([...intended.values()]).toMatchObject([
    { uid: 'u', content: contentDigestOf(aConfigMap('istio', { mesh: 'b' })) },
  ]);
  expect([...intended.values()].map((entry) => entry.digest)).toEqual([undefined]);
  expect(sameObjects(applied, intended)).toBe(false);
  const takenBack = withManifest(intended, manifest('a'));
  expect([...takenBack.values()].map((entry) => entry.digest)).toEqual([undefined]);
});

test('left over is what the manifest no longer holds', () => {
  const inventory = new Map(
    [entry('ConfigMap', 'a', 'Pilot'), entry('ConfigMap', 'b', 'Pilot')].map((e) => [idKey(e), e]),
  );
  const wanted = new Set([idKey(entry('ConfigMap', 'a', 'Pilot'))]);
  expect(leftOver(inventory, wanted).map(({ name }) => name)).toEqual(['b']);
});

test('gateways go before the control plane, webhooks before workloads, rights last', () => {
  const entries = [
    entry('ServiceAccount', 'istiod', 'Pilot'),
    entry('Deployment', 'istiod', 'Pilot'),
    entry('MutatingWebhookConfiguration', 'injector', 'Pilot'),
    entry('CustomResourceDefinition', 'gateways', 'Base'),
    entry('Deployment', 'istio-ingressgateway', 'IngressGateways'),
  ];
  expect(deletionOrder(entries).map(({ kind, component }) => `${component} ${kind}`)).toEqual([
    'IngressGateways Deployment',
    'Pilot MutatingWebhookConfiguration',
    'Pilot Deployment',
    'Pilot ServiceAccount',
    'Base CustomResourceDefinition',
  ]);
});
