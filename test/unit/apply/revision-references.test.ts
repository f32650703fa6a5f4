import { expect, test } from '@jest/globals';
import { type LiveObject, REFERENCE_SOURCES, type RevisionReference, usersOf } from '../../../src/apply/index.ts';
import type { ObjectMeta } from '../../../src/core/index.ts';
import { matches } from '../../support/selection.ts';

const NOBODY = { namespaces: [], pods: [], tags: [] };

function live(kind: string, metadata: ObjectMeta & { ownerReferences?: object[] }, phase = 'Running'): LiveObject {
  const apiVersion = kind.endsWith('Configuration') ? 'admissionregistration.k8s.io/v1' : 'v1';
  return {
    apiVersion,
    kind,
    metadata: { uid: metadata.name, ...metadata },
    status: { phase },
  } as unknown as LiveObject;
}

const aNamespace = (name: string, labels: Record<string, string>) => live('Namespace', { name, labels });
const aTag = (tag: string, revision: string) =>
  live('MutatingWebhookConfiguration', {
    name: `istio-revision-tag-${tag}`,
    labels: { 'istio.io/tag': tag, 'istio.io/rev': revision },
  });
const aPod = (name: string, labels: Record<string, string>, annotations: Record<string, string> = {}) =>
  live('Pod', { name, namespace: 'shop', labels, annotations });
const injected = { 'security.istio.io/tlsMode': 'istio' };

/** What the sources find among these objects, as the API server would select them. */
function referencesIn(objects: readonly LiveObject[]): readonly RevisionReference[] {
  return REFERENCE_SOURCES.flatMap(({ kind, selection, read }) =>
    objects
      .filter((object) => object.kind === kind.kind && matches(object, selection))
      .map(read)
      .filter((reference) => reference !== undefined),
  );
}

function users(revision: string, objects: readonly LiveObject[], isOwn = (_: RevisionReference) => false) {
  return usersOf(revision, referencesIn(objects), isOwn);
}

test('namespaces use the revision that they name, plain injection the default one', () => {
  const objects = [
    aNamespace('a', { 'istio.io/rev': 'canary' }),
    aNamespace('b', { 'istio-injection': 'enabled' }),
    aNamespace('both', { 'istio-injection': 'enabled', 'istio.io/rev': 'canary' }),
    aNamespace('off', { 'istio-injection': 'disabled', 'istio.io/rev': 'canary' }),
  ];
  expect(users('canary', objects)).toEqual({ ...NOBODY, namespaces: ['a'] });
  expect(users('default', objects)).toEqual({ ...NOBODY, namespaces: ['b', 'both'] });
});

test('a tag stands for its revision, and is a user of it itself', () => {
  const objects = [aTag('prod', 'canary'), aNamespace('a', { 'istio.io/rev': 'prod' }), aTag('default', 'canary')];
  const plain = aNamespace('b', { 'istio-injection': 'enabled' });
  expect(users('canary', [...objects, plain])).toEqual({
    namespaces: ['a', 'b'],
    pods: [],
    tags: ['default', 'prod'],
  });
  expect(users('default', [...objects, plain])).toEqual(NOBODY);
});

test('an injected pod stays with the revision that injected it, wherever the tag points to by now', () => {
  const objects = [
    aTag('default', 'canary'),
    aPod('old', injected, { 'istio.io/rev': 'default' }),
    aPod('asks', { 'istio.io/rev': 'default' }),
  ];
  expect(users('default', objects)).toEqual({ ...NOBODY, pods: ['shop/old'] });
  expect(users('canary', objects)).toMatchObject({ pods: ['shop/asks'] });
});

test('a pod counts once, and neither when it is done nor when it is a control plane', () => {
  const labels = { ...injected, 'istio.io/rev': 'canary' };
  const done = { ...aPod('done', labels), status: { phase: 'Succeeded' } };
  const objects = [aPod('one', labels), done, aPod('istiod', { app: 'istiod', 'istio.io/rev': 'canary' })];
  expect(users('canary', objects)).toEqual({ ...NOBODY, pods: ['shop/one'] });
});

test('a waypoint or gateway of the Gateway API uses the revision that made it', () => {
  const waypoint = aPod('waypoint', { 'gateway.networking.k8s.io/gateway-name': 'w' }, { 'istio.io/rev': 'canary' });
  expect(users('canary', [waypoint])).toEqual({ ...NOBODY, pods: ['shop/waypoint'] });
});

test('what goes away together with the revision can be told: pods by their workload, tags by their webhook', () => {
  const owned = (kind: string, name: string) => {
    const pod = aPod(name, { 'istio.io/rev': 'canary' });
    const ownerReferences = [{ kind, name, uid: 'owner', controller: true }];
    return { ...pod, metadata: { ...pod.metadata, ownerReferences } };
  };
  const objects = [owned('ReplicaSet', 'my-gateway-7f9'), owned('DaemonSet', 'agent'), aTag('prod', 'canary')];
  const own = referencesIn(objects).map(({ partOf }) => partOf && `${partOf.kind}/${partOf.namespace}/${partOf.name}`);
  expect(own).toEqual([
    'Deployment/shop/my-gateway',
    'DaemonSet/shop/agent',
    'MutatingWebhookConfiguration//istio-revision-tag-prod',
  ]);
  expect(users('canary', objects, ({ partOf }) => partOf?.name !== 'agent')).toEqual({
    ...NOBODY,
    pods: ['shop/agent'],
  });
});
