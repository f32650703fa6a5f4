import { expect, test } from '@jest/globals';
import type { ApplyOptions } from '../../src/apply/index.ts';
import type { JsonObject, KubernetesObject } from '../../src/core/index.ts';
import {
  aConfigMap,
  aDeployment,
  aNamespace,
  CONFIG_MAP,
  type ContractSubject,
  envOf,
  failureOf,
  NOT_SERVED,
  OURS,
  refTo,
  statusOf,
  THEIRS,
  testScope,
} from './contract-objects.ts';

/** Server-side apply. */
export function describeApply(subject: () => ContractSubject): void {
  test('apply creates an object and records who owns its fields', async () => {
    const { cluster } = subject();
    const namespace = await aNamespace(cluster);
    const { metadata } = await cluster.apply(aConfigMap(namespace, 'it', { a: '1' }), OURS, testScope());
    expect(metadata.uid).not.toBe('');
    const [owner] = metadata.managedFields ?? [];
    expect(owner).toMatchObject({
      manager: 'contract',
      operation: 'Apply',
      fieldsV1: { 'f:data': { 'f:a': {} } },
    });
  });

  test('an apply can be answered with the metadata only, of the object that it was about', async () => {
    const { cluster } = subject();
    const namespace = await aNamespace(cluster);
    const options = { ...OURS, metadataOnly: true };
    const answer = await cluster.apply(aConfigMap(namespace, 'it', { a: '1' }), options, testScope());
    const { kind, apiVersion, metadata, ...body } = answer;
    expect({ kind, apiVersion, name: metadata.name }).toEqual({ kind: 'ConfigMap', apiVersion: 'v1', name: 'it' });
    expect(metadata.managedFields?.[0]).toMatchObject({ fieldsV1: { 'f:data': { 'f:a': {} } } });
    expect(body).toEqual({});
  });

  test('applying the same again changes nothing, not even the time of the owner', async () => {
    const { cluster } = subject();
    const namespace = await aNamespace(cluster);
    const first = await cluster.apply(aConfigMap(namespace, 'it', { a: '1' }), OURS, testScope());
    const second = await cluster.apply(aConfigMap(namespace, 'it', { a: '1' }), OURS, testScope());
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    expect(second.metadata.managedFields).toEqual(first.metadata.managedFields);
  });

  test('a change under one name has another time, also after other managers had a word', async () => {
    const { cluster, until } = subject();
    const namespace = await aNamespace(cluster);
    const timeAfter = async (data: Record<string, string>, options: ApplyOptions) => {
      const { metadata } = await cluster.apply(aConfigMap(namespace, 'it', data), options, testScope());
      return metadata.managedFields?.find(({ manager }) => manager === OURS.fieldManager)?.time;
    };
    const first = await timeAfter({ a: '0', b: '0' }, OURS);
    let value = 0;
    // times are in seconds: the first of these changes may come within the same one
    await until(async () => (await timeAfter({ a: '0', b: String(++value) }, OURS)) !== first);
    const last = await timeAfter({ a: '0', b: String(value) }, OURS);
    expect(await timeAfter({ a: '1' }, { ...THEIRS, force: true })).toBe(last);
    expect(await timeAfter({ c: '1' }, { ...THEIRS, force: true })).toBe(last);
  });

  test('a field that leaves what is applied leaves the object, and fields of others stay', async () => {
    const { cluster } = subject();
    const namespace = await aNamespace(cluster);
    await cluster.apply(aConfigMap(namespace, 'it', { a: '1', b: '2' }), OURS, testScope());
    await cluster.apply(aConfigMap(namespace, 'it', { c: '3' }), THEIRS, testScope());
    const object = await cluster.apply(aConfigMap(namespace, 'it', { a: '1' }), OURS, testScope());
    expect(object).toMatchObject({ data: { a: '1', c: '3' } });
    expect(object).not.toHaveProperty('data.b');
  });

  test('a field of another manager is a conflict without force, and ours with it', async () => {
    const { cluster } = subject();
    const namespace = await aNamespace(cluster);
    await cluster.apply(aConfigMap(namespace, 'it', { a: '1' }), OURS, testScope());
    const theirs = aConfigMap(namespace, 'it', { a: '2' });
    const error = await failureOf(cluster.apply(theirs, THEIRS, testScope()));
    expect(error.detail.code).toBe('FieldConflict');
    expect(error.message).toContain('field .data.a is owned by manager contract');
    const object = await cluster.apply(theirs, { ...THEIRS, force: true }, testScope());
    expect(object).toMatchObject({ data: { a: '2' } });
    expect(object.metadata.managedFields?.map(({ manager }) => manager)).toEqual(['somebody']);
  });

  test('two managers may own a field together as long as they agree', async () => {
    const { cluster } = subject();
    const namespace = await aNamespace(cluster);
    await cluster.apply(aConfigMap(namespace, 'it', { a: '1' }), OURS, testScope());
    await cluster.apply(aConfigMap(namespace, 'it', { a: '1' }), THEIRS, testScope());
    const object = await cluster.apply(aConfigMap(namespace, 'it', {}), OURS, testScope());
    expect(object).toMatchObject({ data: { a: '1' } });
  });

  test('items of a list belong to whoever applied them', async () => {
    const { cluster } = subject();
    const namespace = await aNamespace(cluster);
    const withEnv = (env: JsonObject[]) => aDeployment(namespace, { env });
    await cluster.apply(withEnv([{ name: 'A', value: '1' }]), OURS, testScope());
    await cluster.apply(withEnv([{ name: 'B', value: '2' }]), THEIRS, testScope());
    const both = await cluster.apply(withEnv([{ name: 'A', value: '3' }]), OURS, testScope());
    expect(envOf(both)).toEqual([
      { name: 'A', value: '3' },
      { name: 'B', value: '2' },
    ]);
    expect(envOf(await cluster.apply(withEnv([]), OURS, testScope()))).toEqual([{ name: 'B', value: '2' }]);
  });

  test('a dry run tells what would be and stores nothing', async () => {
    const { cluster } = subject();
    const namespace = await aNamespace(cluster);
    const object = aConfigMap(namespace, 'it', { a: '1' });
    expect(await cluster.apply(object, { ...OURS, dryRun: true }, testScope())).toMatchObject({ data: { a: '1' } });
    expect(await cluster.get(refTo(CONFIG_MAP, namespace, 'it'), testScope())).toBeUndefined();
  });

  test('an object cannot go into a namespace that does not exist, nor into none', async () => {
    const { cluster } = subject();
    const nowhere = cluster.apply(aConfigMap('does-not-exist', 'it', {}), OURS, testScope());
    expect((await failureOf(nowhere)).detail.code).toBe('NotFound');
    const without = cluster.apply({ ...CONFIG_MAP, metadata: { name: 'it' } }, OURS, testScope());
    expect((await failureOf(without)).detail.code).toBe('ObjectRejected');
  });

  test('a kind that is not served cannot be applied', async () => {
    const applied = subject().cluster.apply(
      { ...NOT_SERVED, metadata: { name: 'it', namespace: 'default' } },
      OURS,
      testScope(),
    );
    expect((await failureOf(applied)).detail.code).toBe('KindNotServed');
  });

  test('the generation grows with the spec, not with labels or status', async () => {
    const { cluster } = subject();
    const namespace = await aNamespace(cluster);
    const generationAfter = async (object: KubernetesObject, subresource?: 'status') => {
      const options = subresource === undefined ? OURS : { ...OURS, subresource };
      return (await cluster.apply(object, options, testScope())).metadata.generation;
    };
    const deployment = aDeployment(namespace, { image: 'one' });
    expect(await generationAfter(deployment)).toBe(1);
    expect(await generationAfter({ ...deployment, metadata: { ...deployment.metadata, labels: { a: 'b' } } })).toBe(1);
    expect(await generationAfter(statusOf(deployment, { collisionCount: 3 }), 'status')).toBe(1);
    expect(await generationAfter(aDeployment(namespace, { image: 'two' }))).toBe(2);
  });

  test('spec and status are written apart', async () => {
    const { cluster } = subject();
    const namespace = await aNamespace(cluster);
    const deployment = aDeployment(namespace, { image: 'one' });
    const mixed = { ...deployment, status: { collisionCount: 5 } };
    expect((await cluster.apply(mixed, OURS, testScope())).status ?? {}).not.toHaveProperty('collisionCount');
    const options = { ...OURS, subresource: 'status' as const };
    const written = await cluster.apply(statusOf(deployment, { collisionCount: 7 }), options, testScope());
    expect(written).toMatchObject({ status: { collisionCount: 7 }, spec: { selector: {} } });
  });
}
