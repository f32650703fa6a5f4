import { afterAll, describe, expect, test } from '@jest/globals';
import { isOlderVersion, type Selection } from '../../src/apply/index.ts';
import { describeApply } from './apply-contract.ts';
import {
  aConfigMap,
  aDefinition,
  aNamespace,
  CONFIG_MAP,
  type ContractSubject,
  DEFINITION,
  deleteNamespaces,
  NOT_SERVED,
  OURS,
  refTo,
  startWatch,
  testScope,
} from './contract-objects.ts';
import { describeDelete, describeOtherWrites } from './write-contract.ts';

/** What every implementation of the `Cluster` port must do. Each test works in a namespace of its own. */
export function describeClusterContract(name: string, subject: () => ContractSubject): void {
  describe(name, () => {
    afterAll(() => deleteNamespaces(subject().cluster));
    describeReads(subject);
    describeApply(subject);
    describeOtherWrites(subject);
    describeDelete(subject);
    describeWatch(subject);
  });
}

function describeReads(subject: () => ContractSubject): void {
  test('facts name the version without a leading v', async () => {
    expect((await subject().cluster.facts(testScope())).kubernetesVersion).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('what is not there is undefined, also when its kind is not served', async () => {
    const { cluster } = subject();
    expect(await cluster.get(refTo(CONFIG_MAP, 'default', 'nothing-here'), testScope())).toBeUndefined();
    expect(await cluster.get(refTo(NOT_SERVED, 'default', 'nothing-here'), testScope())).toBeUndefined();
    expect(await cluster.list(NOT_SERVED, {}, testScope())).toEqual([]);
    expect(await cluster.serves(NOT_SERVED, testScope())).toBe(false);
    expect(await cluster.serves(CONFIG_MAP, testScope())).toBe(true);
  });

  test('a list has the selected objects only, with the kind that was asked for', async () => {
    const { cluster } = subject();
    const namespace = await aNamespace(cluster);
    await cluster.apply(aConfigMap(namespace, 'one', { a: '1' }, { team: 'x' }), OURS, testScope());
    await cluster.apply(aConfigMap(namespace, 'two', { a: '2' }, { team: 'y' }), OURS, testScope());
    const names = async (selection: Selection) => {
      const found = await cluster.list(CONFIG_MAP, { namespace, ...selection }, testScope());
      return found
        .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
        .map((object) => `${object.apiVersion} ${object.kind} ${object.metadata.name}`);
    };
    expect((await names({})).sort()).toEqual(['v1 ConfigMap one', 'v1 ConfigMap two']);
    expect(await names({ labelSelector: 'team=x' })).toEqual(['v1 ConfigMap one']);
    expect(await names({ labelSelector: 'team in (y, z)' })).toEqual(['v1 ConfigMap two']);
    expect(await names({ labelSelector: 'team,team!=x' })).toEqual(['v1 ConfigMap two']);
    expect(await names({ fieldSelector: 'metadata.name=two' })).toEqual(['v1 ConfigMap two']);
  });

  test('a list of metadata has the real kind and nothing but metadata', async () => {
    const { cluster } = subject();
    const namespace = await aNamespace(cluster);
    await cluster.apply(aConfigMap(namespace, 'one', { a: '1' }), OURS, testScope());
    const selection = { namespace, metadataOnly: true, fieldSelector: 'metadata.name=one' };
    const [object] = await cluster.list(CONFIG_MAP, selection, testScope());
    expect(Object.keys(object ?? {}).sort()).toEqual(['apiVersion', 'kind', 'metadata']);
    expect(object).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', namespace } });
  });
}

function describeWatch(subject: () => ContractSubject): void {
  test('a watch begins with what is there and goes on with what happens', async () => {
    const { cluster, until } = subject();
    const namespace = await aNamespace(cluster);
    await cluster.apply(aConfigMap(namespace, 'old', { a: '1' }, { team: 'x' }), OURS, testScope());
    await using watch = startWatch(cluster, CONFIG_MAP, { namespace, labelSelector: 'team=x' });
    await until(() => watch.seen.length === 1);
    await cluster.apply(aConfigMap(namespace, 'new', { a: '1' }, { team: 'x' }), OURS, testScope());
    await cluster.apply(aConfigMap(namespace, 'other', { a: '1' }, { team: 'y' }), OURS, testScope());
    await cluster.apply(aConfigMap(namespace, 'new', { a: '2' }, { team: 'x' }), OURS, testScope());
    await cluster.delete(refTo(CONFIG_MAP, namespace, 'old'), {}, testScope());
    await until(() => watch.seen.length === 4);
    expect(watch.seen).toEqual(['SYNC old', 'ADDED new', 'MODIFIED new', 'DELETED old']);
  });

  test('the list of a watch says which state it shows, and that of a kind that is not served says none', async () => {
    const { cluster, until } = subject();
    const namespace = await aNamespace(cluster);
    const gone = await cluster.apply(aConfigMap(namespace, 'gone', { a: '1' }), OURS, testScope());
    await cluster.delete(refTo(CONFIG_MAP, namespace, 'gone'), {}, testScope());
    await using watch = startWatch(cluster, CONFIG_MAP, { namespace, fieldSelector: 'metadata.name=gone' });
    await using missing = startWatch(cluster, NOT_SERVED, {});
    await until(() => watch.seen.length + missing.seen.length === 2);
    expect(isOlderVersion(gone.metadata.resourceVersion, watch.listVersion ?? '')).toBe(true);
    expect(missing.listVersion).toBeUndefined();
  });

  test('an object that no longer matches the selector counts as deleted', async () => {
    const { cluster, until } = subject();
    const namespace = await aNamespace(cluster);
    await cluster.apply(aConfigMap(namespace, 'it', {}, { team: 'x' }), OURS, testScope());
    await using watch = startWatch(cluster, CONFIG_MAP, { namespace, labelSelector: 'team=x', metadataOnly: true });
    await until(() => watch.seen.length === 1);
    await cluster.apply(aConfigMap(namespace, 'it', {}, { team: 'y' }), OURS, testScope());
    await until(() => watch.seen.length === 2);
    expect(watch.seen).toEqual(['SYNC it', 'DELETED it']);
    expect(watch.last).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'it', namespace } });
  });

  test('a watch waits for a kind that is not served yet', async () => {
    const { cluster, until } = subject();
    const namespace = await aNamespace(cluster);
    const kind = { apiVersion: 'contract.test/v1', kind: `Thing${namespace.replace('contract-', '')}` };
    await using watch = startWatch(cluster, kind, { namespace });
    await until(() => watch.seen.length === 1);
    const definition = aDefinition(kind.kind);
    await cluster.apply(definition, OURS, testScope());
    await until(() => cluster.serves(kind, testScope()));
    const thing = { ...kind, metadata: { name: 'it', namespace } };
    await until(async () => cluster.apply(thing, OURS, testScope()).then(Boolean, () => false));
    await until(() => watch.seen.some((entry) => entry.endsWith(' it')));
    expect(watch.seen[0]).toBe('SYNC ');
    await cluster.delete(refTo(DEFINITION, '', definition.metadata.name), {}, testScope());
    await until(async () => !(await cluster.serves(kind, testScope())));
    expect(await cluster.get(refTo(kind, namespace, 'it'), testScope())).toBeUndefined();
  });
}
