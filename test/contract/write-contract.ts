import { expect, test } from '@jest/globals';
import {
  aConfigMap,
  aNamespace,
  CONFIG_MAP,
  type ContractSubject,
  failureOf,
  heldConfigMap,
  OURS,
  refTo,
  testScope,
} from './contract-objects.ts';

/** Create, replace and patch. */
export function describeOtherWrites(subject: () => ContractSubject): void {
  test('create refuses an object that exists', async () => {
    const { cluster } = subject();
    const object = aConfigMap(await aNamespace(cluster), 'it', { a: '1' });
    expect(await cluster.create(object, OURS, testScope())).toMatchObject({ data: { a: '1' } });
    expect((await failureOf(cluster.create(object, OURS, testScope()))).detail.code).toBe('AlreadyExists');
  });

  test('replace is a compare-and-swap on the resourceVersion', async () => {
    const { cluster } = subject();
    const object = aConfigMap(await aNamespace(cluster), 'it', { a: '1' });
    const first = await cluster.create(object, OURS, testScope());
    const change = (a: string) => ({ ...first, data: { a } });
    expect(await cluster.replace(change('2'), OURS, testScope())).toMatchObject({ data: { a: '2' } });
    expect((await failureOf(cluster.replace(change('3'), OURS, testScope()))).detail.code).toBe('WriteConflict');
  });

  test('a merge patch sets, and removes with null', async () => {
    const { cluster } = subject();
    const namespace = await aNamespace(cluster);
    const ref = refTo(CONFIG_MAP, namespace, 'it');
    expect((await failureOf(cluster.patch(ref, {}, OURS, testScope()))).detail.code).toBe('NotFound');
    await cluster.create(aConfigMap(namespace, 'it', { a: '1', b: '2' }), OURS, testScope());
    const patched = await cluster.patch(ref, { data: { a: null, c: '3' } }, OURS, testScope());
    expect(patched).toHaveProperty('data', { b: '2', c: '3' });
  });
}

/** Deletion, finalizers and namespaces that go away. */
export function describeDelete(subject: () => ContractSubject): void {
  test('delete says whether the object was there, and leaves another object of the same name alone', async () => {
    const { cluster } = subject();
    const namespace = await aNamespace(cluster);
    const ref = refTo(CONFIG_MAP, namespace, 'it');
    expect(await cluster.delete(ref, {}, testScope())).toBe('absent');
    const { uid } = (await cluster.create(aConfigMap(namespace, 'it', {}), OURS, testScope())).metadata;
    expect((await failureOf(cluster.delete(ref, { uid: 'other' }, testScope()))).detail.code).toBe('WriteConflict');
    expect(await cluster.delete(ref, { uid, dryRun: true }, testScope())).toBe('deleted');
    expect(await cluster.delete(ref, { uid }, testScope())).toBe('deleted');
    expect(await cluster.get(ref, testScope())).toBeUndefined();
  });

  test('an object with a finalizer stays until the finalizer is gone', async () => {
    const { cluster } = subject();
    const namespace = await aNamespace(cluster);
    const ref = refTo(CONFIG_MAP, namespace, 'it');
    await cluster.create(heldConfigMap(namespace, 'it'), OURS, testScope());
    expect(await cluster.delete(ref, {}, testScope())).toBe('deleting');
    expect((await cluster.get(ref, testScope()))?.metadata.deletionTimestamp).toBeDefined();
    await cluster.patch(ref, { metadata: { finalizers: null } }, OURS, testScope());
    expect(await cluster.get(ref, testScope())).toBeUndefined();
  });

  test('nothing can be created in a namespace that is being deleted', async () => {
    const { cluster, until } = subject();
    const namespace = await aNamespace(cluster);
    await cluster.create(heldConfigMap(namespace, 'it'), OURS, testScope());
    const ref = refTo({ apiVersion: 'v1', kind: 'Namespace' }, '', namespace);
    expect(await cluster.delete(ref, {}, testScope())).toBe('deleting');
    const late = cluster.create(aConfigMap(namespace, 'late', {}), OURS, testScope());
    expect((await failureOf(late)).detail.code).toBe('NamespaceTerminating');
    const held = refTo(CONFIG_MAP, namespace, 'it');
    expect(await cluster.delete(held, {}, testScope())).toBe('deleting');
    await cluster.patch(held, { metadata: { finalizers: null } }, OURS, testScope());
    await until(async () => (await cluster.get(held, testScope())) === undefined);
  });
}
