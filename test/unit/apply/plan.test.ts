import { expect, test } from '@jest/globals';
import {
  digestManifest,
  digestOf,
  type Inventory,
  LiveStore,
  ownedFieldsOf,
  planManifest,
} from '../../../src/apply/index.ts';
import { idKey, idOf, type KubernetesObject } from '../../../src/core/index.ts';
import { aConfigMap, liveOf, owned } from './builders.ts';

/** Everything applied and unchanged; a test changes one thing. */
function converged(object = aConfigMap()) {
  const live = liveOf(object);
  const ownedFields = ownedFieldsOf(live.metadata) ?? '';
  const store = new LiveStore();
  store.observe(live);
  const entry = {
    ...idOf(object),
    apiVersion: 'v1',
    component: 'Pilot' as const,
    uid: live.metadata.uid,
    digest: digestOf(object),
    ownedFields,
  };
  return { object, live, store, entry };
}

function causeOf(
  object: KubernetesObject,
  entry: Inventory extends ReadonlyMap<string, infer E> ? E | undefined : never,
  store: LiveStore,
) {
  const manifest = digestManifest([{ component: 'Pilot', objects: [object] }]);
  const inventory = new Map(entry === undefined ? [] : [[idKey(idOf(object)), entry]]);
  return planManifest({ manifest, inventory, live: store, claimedBy: () => [] })[0]?.objects[0]?.cause;
}

test('an object that is applied and unchanged needs nothing', () => {
  const { object, entry, store } = converged();
  expect(causeOf(object, entry, store)).toBeUndefined();
});

test('an object that was never applied is new', () => {
  const { object, store } = converged();
  expect(causeOf(object, undefined, store)).toBe('new');
});

test('an object on record that was never sent is new', () => {
  const { object, entry } = converged();
  const { digest: _digest, uid: _uid, ...intended } = entry;
  expect(causeOf(object, intended, new LiveStore())).toBe('new');
});

test('an object of which another version may have arrived is sent again, although its fields are owned as before', () => {
  const { object, entry, store } = converged();
  const { digest: _digest, ...unsettled } = entry;
  expect(causeOf(object, unsettled, store)).toBe('changed');
});

test('another manifest than the applied one is a change', () => {
  const { entry, store } = converged();
  expect(causeOf(aConfigMap('istio', { mesh: 'b' }), entry, store)).toBe('changed');
});

test('an applied object that is gone is missing', () => {
  const { object, entry } = converged();
  expect(causeOf(object, entry, new LiveStore())).toBe('missing');
});

test('another object under the same name has drifted', () => {
  const { object, entry, store } = converged();
  store.observe(liveOf(object, { uid: 'another', resourceVersion: '9' }));
  expect(causeOf(object, entry, store)).toBe('drifted');
});

test('a field that somebody took from us is drift', () => {
  const { object, entry, store } = converged();
  store.observe(liveOf(object, { resourceVersion: '2', managedFields: [owned({ 'f:metadata': {} })] }));
  expect(causeOf(object, entry, store)).toBe('drifted');
});

test('a write under our name that changes only values is drift', () => {
  const fields = { 'f:data': { 'f:mesh': {} } };
  const at = (time: string) => ({ managedFields: [{ ...owned(fields), time }] });
  const object = aConfigMap();
  const live = liveOf(object, at('2026-01-01T00:00:00Z'));
  const entry = { ...converged().entry, ownedFields: ownedFieldsOf(live.metadata) ?? '' };
  const store = new LiveStore();
  store.observe(live);
  expect(causeOf(object, entry, store)).toBeUndefined();
  store.observe(liveOf(object, { resourceVersion: '2', ...at('2026-01-01T00:00:01Z') }));
  expect(causeOf(object, entry, store)).toBe('drifted');
});

test('an apply that was recorded without its time is no drift as long as its fields are ours', () => {
  const { object, entry } = converged();
  const store = new LiveStore();
  const fields = owned({ 'f:data': { 'f:mesh': {} } });
  store.observe(liveOf(object, { managedFields: [{ ...fields, time: '2026-01-01T00:00:00Z' }] }));
  expect(causeOf(object, entry, store)).toBeUndefined();
  store.observe(liveOf(object, { resourceVersion: '2', managedFields: [owned({ 'f:metadata': {} })] }));
  expect(causeOf(object, entry, store)).toBe('drifted');
});

test('a change of fields that are not ours is none of our business', () => {
  const { object, live, entry, store } = converged();
  const foreign = { manager: 'kubectl-annotate', operation: 'Update' as const, fieldsV1: { 'f:metadata': {} } };
  store.observe({
    ...live,
    metadata: {
      ...live.metadata,
      resourceVersion: '2',
      managedFields: [...(live.metadata.managedFields ?? []), foreign],
    },
  });
  expect(causeOf(object, entry, store)).toBeUndefined();
});

test('an object on its way out is left alone until it is gone', () => {
  const { object, entry, store } = converged();
  store.observe(liveOf(object, { resourceVersion: '2', deletionTimestamp: '2026-01-01T00:00:00Z' }));
  expect(causeOf(object, entry, store)).toBeUndefined();
});

test('the order of keys does not change a digest', () => {
  expect(digestOf(aConfigMap('istio', { a: '1', b: '2' }))).toBe(digestOf(aConfigMap('istio', { b: '2', a: '1' })));
});

test('a shared object that is labelled for a CR that has let go of it is ours to label', () => {
  const mine = { ...LABELLED, 'install.operator.istio.io/owning-resource': 'mine' };
  const theirs = { ...LABELLED, 'install.operator.istio.io/owning-resource': 'theirs' };
  const { live, entry } = converged(aConfigMap());
  const store = new LiveStore();
  store.observe({ ...live, metadata: { ...live.metadata, labels: theirs } });
  const object = { ...aConfigMap(), metadata: { ...aConfigMap().metadata, labels: mine } };
  expect(causeOf(object, { ...entry, digest: digestOf(object) }, store)).toBe('drifted');
});

const LABELLED = { 'install.operator.istio.io/owning-resource-namespace': 'istio-system' };
