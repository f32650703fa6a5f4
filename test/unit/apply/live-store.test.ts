import { expect, test } from '@jest/globals';
import { LiveStore } from '../../../src/apply/index.ts';
import { idOf } from '../../../src/core/index.ts';
import { aConfigMap, anObject, liveOf } from './builders.ts';

test('an older version than the one known is ignored: a watch may lag behind our own write', () => {
  const store = new LiveStore();
  store.observe(liveOf(aConfigMap(), { resourceVersion: '10' }));
  expect(store.observe(liveOf(aConfigMap(), { resourceVersion: '9' }))).toBeUndefined();
  expect(store.get(idOf(aConfigMap()))?.resourceVersion).toBe('10');
});

test('resource versions are compared as numbers, not as text', () => {
  const store = new LiveStore();
  store.observe(liveOf(aConfigMap(), { resourceVersion: '99' }));
  expect(store.observe(liveOf(aConfigMap(), { resourceVersion: '100' }))).toBeDefined();
});

test('another object of the same name replaces the known one whatever its version', () => {
  const store = new LiveStore();
  store.observe(liveOf(aConfigMap(), { resourceVersion: '99' }));
  store.observe(liveOf(aConfigMap(), { resourceVersion: '3', uid: 'another' }));
  expect(store.get(idOf(aConfigMap()))?.uid).toBe('another');
});

test('health that was not known is added to a version seen as metadata', () => {
  const crd = anObject('CustomResourceDefinition', 'gateways.networking.istio.io', 'apiextensions.k8s.io/v1');
  const store = new LiveStore();
  store.observe(liveOf(crd));
  expect(store.get(idOf(crd))?.readiness).toBeUndefined();
  store.observe(liveOf(crd, { status: { conditions: [{ type: 'Established', status: 'True' }] } }));
  expect(store.get(idOf(crd))?.readiness?.ready).toBe(true);
});

test('health of a version is taken also where our write was answered with its metadata before', () => {
  const crd = anObject('CustomResourceDefinition', 'gateways.networking.istio.io', 'apiextensions.k8s.io/v1');
  const established = (status: string) => ({ status: { conditions: [{ type: 'Established', status }] } });
  const store = new LiveStore();
  store.observe(liveOf(crd, { resourceVersion: '7', ...established('False') }));
  store.observe(liveOf(crd, { resourceVersion: '9' }));
  expect(store.get(idOf(crd))?.readiness?.ready).toBe(false);
  expect(store.observe(liveOf(crd, { resourceVersion: '8', ...established('False') }))).toBeUndefined();
  expect(store.observe(liveOf(crd, { resourceVersion: '9', ...established('True') }))).toBeDefined();
  expect(store.get(idOf(crd))?.readiness?.ready).toBe(true);
  expect(store.observe(liveOf(crd, { resourceVersion: '9', ...established('True') }))).toBeUndefined();
});

test('an object whose deletion was seen does not come back with the late answer to a write', () => {
  const store = new LiveStore();
  store.observe(liveOf(aConfigMap(), { uid: 'old' }));
  store.remove(idOf(aConfigMap()), { uid: 'new', resourceVersion: '7' }); // its answer is on its way
  const answer = liveOf(aConfigMap(), { uid: 'new', resourceVersion: '6' });
  expect(store.observe(answer)).toBeUndefined();
  expect(store.isGone(answer.metadata)).toBe(true);
  expect(store.get(idOf(aConfigMap()))?.uid).toBe('old');
});

test('an object that only lost its label for a while is seen again', () => {
  const store = new LiveStore();
  const version = (resourceVersion: string) => liveOf(aConfigMap(), { uid: 'same', resourceVersion });
  store.observe(version('5'));
  store.remove(idOf(aConfigMap()), version('6').metadata);
  expect(store.observe(version('7'))).toBeDefined();
});

test('of objects that are gone only the last thousand are remembered', () => {
  const store = new LiveStore();
  for (let index = 0; index <= 1_000; index++)
    store.remove(idOf(aConfigMap()), { uid: `uid-${index}`, resourceVersion: '1' });
  const isGone = (uid: string) => store.isGone({ uid, resourceVersion: '1' });
  expect([isGone('uid-0'), isGone('uid-1')]).toEqual([false, true]);
});

test('the deletion of an object that was replaced meanwhile removes nothing', () => {
  const store = new LiveStore();
  store.observe(liveOf(aConfigMap(), { uid: 'new' }));
  expect(store.remove(idOf(aConfigMap()), { uid: 'old', resourceVersion: '1' })).toBeUndefined();
  expect(store.get(idOf(aConfigMap()))).toBeDefined();
});

test('a new list of a kind forgets what is no longer in it, and nothing of other kinds', () => {
  const store = new LiveStore();
  store.observe(liveOf(aConfigMap('a')));
  store.observe(liveOf(aConfigMap('b')));
  store.observe(liveOf(anObject('Service', 'a')));
  const gone = store.replaceKind({ group: '', kind: 'ConfigMap' }, [liveOf(aConfigMap('b'))], '9');
  expect(gone.map(({ id }) => id.name)).toEqual(['a']);
  expect([...store.all()].map(({ id }) => `${id.kind}/${id.name}`).sort()).toEqual(['ConfigMap/b', 'Service/a']);
});

test('what a new list shows to be gone does not come back with the late answer to a write, unless that came after it', () => {
  const version = (resourceVersion: string) => liveOf(aConfigMap(), { uid: 'one', resourceVersion });
  const store = new LiveStore();
  store.observe(version('5'));
  store.replaceKind({ group: '', kind: 'ConfigMap' }, [], '8');
  expect(store.observe(version('7'))).toBeUndefined();
  expect(store.isGone(version('7').metadata)).toBe(true);
  expect(store.observe(version('9'))).toBeDefined(); // it had lost its label only
});

test('what a new list shows to be gone does not come back for the object that has its name now', () => {
  const store = new LiveStore();
  store.observe(liveOf(aConfigMap(), { uid: 'old', resourceVersion: '5' }));
  const next = liveOf(aConfigMap(), { uid: 'new', resourceVersion: '7' });
  expect(store.replaceKind({ group: '', kind: 'ConfigMap' }, [next], '8')).toEqual([]); // of its name there is one
  expect(store.observe(liveOf(aConfigMap(), { uid: 'old', resourceVersion: '6' }))).toBeUndefined();
  expect(store.get(idOf(aConfigMap()))?.uid).toBe('new');
});

test('a list of a kind that is not served does not say when its objects went', () => {
  const store = new LiveStore();
  store.observe(liveOf(aConfigMap(), { uid: 'one', resourceVersion: '5' }));
  store.replaceKind({ group: '', kind: 'ConfigMap' }, [], undefined);
  expect(store.get(idOf(aConfigMap()))).toBeUndefined();
  expect(store.observe(liveOf(aConfigMap(), { uid: 'one', resourceVersion: '5' }))).toBeDefined();
});
