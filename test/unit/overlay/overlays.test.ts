import { expect, test } from '@jest/globals';
import { asJson, type Json, type KubernetesObject, valueAt } from '../../../src/core/index.ts';
import { aDeployment, anObject, aService, overlay, patch } from './builders.ts';

const DISCOVERY = 'spec.template.spec.containers.[name:discovery]';

function podSpec(object: KubernetesObject | undefined): Json | undefined {
  return object === undefined ? undefined : valueAt(asJson(object), 'spec', 'template', 'spec');
}

test('patches of one object accumulate, over several overlays too', () => {
  const { objects } = overlay(
    [aDeployment()],
    [
      {
        kind: 'Deployment',
        name: 'istiod',
        patches: [
          { path: 'metadata.labels.a', value: '1' },
          { path: 'metadata.labels.b', value: '2' },
        ],
      },
      { kind: 'Deployment', name: 'istiod', patches: [{ path: 'metadata.labels.c', value: '3' }] },
    ],
  );
  expect(objects[0]?.metadata.labels).toEqual({ app: 'istiod', a: '1', b: '2', c: '3' });
});

test('neither the objects nor the values of a document are changed', () => {
  const object = aDeployment();
  const value = { labels: { a: '1' } };
  const overlays = [
    {
      kind: 'Deployment',
      name: 'istiod',
      patches: [
        { path: 'extra', value },
        { path: 'extra.labels.b', value: '2' },
      ],
    },
  ];
  const { objects } = overlay([object], overlays);
  expect(asJson(objects[0] ?? object).extra).toEqual({ labels: { a: '1', b: '2' } });
  expect(value).toEqual({ labels: { a: '1' } });
  expect(object).toEqual(aDeployment());
});

test('a patch is reported as the RFC 6902 operations that it stands for', () => {
  const { applied } = overlay(
    [aDeployment()],
    [
      {
        kind: 'Deployment',
        name: 'istiod',
        patches: [
          { path: `${DISCOVERY}.env.[name:REVISION]` },
          { path: 'metadata.annotations.a/b~c', value: 'x' },
          { path: `${DISCOVERY}.args.[-1]`, value: 'y' },
        ],
      },
    ],
  );
  expect(applied.map(({ path, operations }) => [path, ...operations])).toEqual([
    ['overlays[0].patches[0]', { op: 'remove', path: '/spec/template/spec/containers/0/env/0' }],
    ['overlays[0].patches[1]', { op: 'add', path: '/metadata/annotations', value: { 'a/b~c': 'x' } }],
    ['overlays[0].patches[2]', { op: 'add', path: '/spec/template/spec/containers/0/args/-', value: 'y' }],
  ]);
});

test('a map that would drop what Kubernetes requires is merged, with a notice', () => {
  const { objects, notices, issues } = patch(aDeployment(), 'spec.template.spec', { hostNetwork: true });
  expect(issues).toEqual([]);
  expect(podSpec(objects[0])).toEqual({ ...(podSpec(aDeployment()) as object), hostNetwork: true });
  expect(notices).toEqual([
    {
      code: 'OverlayMerged',
      path: 'overlays[0].patches[0].value',
      message:
        'The value was merged into what is there: replacing it would drop containers, which Deployment istio-system/istiod needs.',
      hint: 'Patch the single fields instead, each with a path of its own.',
    },
  ]);
});

test('a map that has what Kubernetes requires replaces what is there', () => {
  const { objects, notices } = patch(aDeployment(), 'spec.template.spec', { containers: [] });
  expect(podSpec(objects[0])).toEqual({ containers: [] });
  expect(notices).toEqual([]);
});

test('a container that is written without image keeps it', () => {
  const { objects, notices } = patch(aDeployment(), DISCOVERY, { name: 'discovery', args: ['x'] });
  expect(valueAt(asJson(objects[0] ?? aDeployment()), 'spec', 'template', 'spec', 'containers')).toMatchObject([
    { name: 'discovery', image: 'pilot:1', args: ['x'] },
  ]);
  expect(notices.map((notice) => notice.code)).toEqual(['OverlayMerged']);
});

test('an overlay without revision in its name means the object of the revision', () => {
  const overlays = [
    { kind: 'Deployment', name: 'istiod', patches: [{ path: 'metadata.labels.a', value: '1' }] },
    {
      kind: 'MutatingWebhookConfiguration',
      name: 'injector-mesh',
      patches: [{ path: 'metadata.labels.a', value: '1' }],
    },
  ];
  const webhook = anObject({
    apiVersion: 'v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'injector-canary-mesh' },
  });
  const { objects, notices } = overlay([aDeployment('istiod-canary'), webhook], overlays, { revision: 'canary' });
  expect(notices).toEqual([]);
  expect(objects.map((object) => object.metadata.labels?.a)).toEqual(['1', '1']);
});

const missing: Record<string, { overlays: Json; message: string; hint: string }> = {
  'a mistyped name': {
    overlays: [{ kind: 'Deployment', name: 'istoid', patches: [] }],
    message:
      'The overlay for Deployment istoid has no effect: no such object is rendered. Of this kind the component renders istiod.',
    hint: 'Did you mean "istiod"?',
  },
  'a kind that the component does not render': {
    overlays: [{ kind: 'Secret', name: 'x', patches: [] }],
    message: 'The overlay for Secret x has no effect: no such object is rendered. The component renders no Secret.',
    hint: 'Check kind and name, or remove the overlay.',
  },
  'an object of another component': {
    overlays: [{ kind: 'Service', name: 'gateway', patches: [] }],
    message:
      'The overlay for Service gateway has no effect: no such object is rendered. The component renders no Service.',
    hint: 'Another component renders Service istio-system/gateway: move the overlay there.',
  },
};
test.each(Object.entries(missing))('an overlay for %s is a notice that helps', (_name, { overlays, message, hint }) => {
  const { notices, issues } = overlay([aDeployment()], overlays, { rendered: [aService('gateway')] });
  expect(issues).toEqual([]);
  expect(notices).toEqual([{ code: 'OverlayObjectMissing', path: 'overlays[0]', message, hint }]);
});

const absent: Record<string, { path: string; there: string }> = {
  'a list entry': { path: `${DISCOVERY}.env.[name:REVISIO]`, there: '; the list has name:REVISION, name:POD_NAME' },
  'a field': { path: 'spec.template.spec.hostNetwork', there: '; the map has serviceAccountName, containers, volumes' },
  'an index past the end': {
    path: `${DISCOVERY}.ports.[7]`,
    there: '; the list has containerPort:8080, containerPort:15010',
  },
  'something below what is not there': { path: 'spec.nothing.here', there: '' },
};
test.each(Object.entries(absent))('deleting %s that is not there is a notice', (_name, { path, there }) => {
  const { objects, notices, issues } = patch(aDeployment(), path);
  expect(issues).toEqual([]);
  expect(objects).toEqual([aDeployment()]);
  expect(notices).toEqual([
    {
      code: 'OverlayNothingDeleted',
      path: 'overlays[0].patches[0].path',
      message: `The patch deletes what Deployment istio-system/istiod does not have${there}.`,
      hint: 'Remove the patch, or check the spelling of its path.',
    },
  ]);
});

const broken: Record<string, { path: string; value?: Json; code?: string; message: string; hint: string }> = {
  'a selector that matches nothing': {
    path: 'spec.template.spec.containers.[name:discovry].image',
    value: 'x',
    message:
      'In Deployment istio-system/istiod: [name:discovry] selects nothing in spec.template.spec.containers: the list has name:discovery.',
    hint: 'Did you mean "discovery"?',
  },
  'a list without selector': {
    path: 'spec.template.spec.containers.image',
    value: 'x',
    message:
      'In Deployment istio-system/istiod: spec.template.spec.containers is a list, and "image" selects no entry of it: the list has name:discovery.',
    hint: 'Select an entry, for example [name:…] or [0], before .image.',
  },
  'a step through a scalar': {
    path: 'spec.replicas.count',
    value: 1,
    message: 'In Deployment istio-system/istiod: spec.replicas has no fields: it is 1.',
    hint: 'Shorten the path, or check its spelling.',
  },
  'a selector on a map': {
    path: 'spec.template.[name:x].y',
    value: 1,
    message:
      'In Deployment istio-system/istiod: spec.template is not a list, so [name:x] selects nothing: the map has metadata, spec.',
    hint: 'Leave the selector out, or check the spelling of the path.',
  },
  'a selector on a list that is not there': {
    path: 'spec.template.spec.initContainers.[name:x].image',
    value: 'y',
    message: 'In Deployment istio-system/istiod: [name:x] selects nothing: there is no such list yet.',
    hint: 'Append with [-1], or write the whole list as the value.',
  },
  'a pattern on a list of maps': {
    path: `${DISCOVERY}.env.[REVISION].value`,
    value: 'x',
    message:
      'In Deployment istio-system/istiod: spec.template.spec.containers.[name:discovery].env is a list of maps, and the pattern "REVISION" selects texts only: the list has name:REVISION, name:POD_NAME.',
    hint: 'Select an entry by a field, for example [name:…].',
  },
  'a pattern that is none': {
    path: `${DISCOVERY}.args.[:(a]`,
    value: 'x',
    message: 'In Deployment istio-system/istiod: [:(a] cannot be used: the pattern has a "(" without its ")".',
    hint: 'Use a plain text, or [N].',
  },
  'the deletion of [-1]': {
    path: `${DISCOVERY}.args.[-1]`,
    message: 'In Deployment istio-system/istiod: [-1] appends, so there is nothing to delete.',
    hint: 'Name the entry: [N] or [key:value].',
  },
  'the deletion of an object’s name': {
    path: 'metadata.name',
    message:
      'In Deployment istio-system/istiod: Deployment istio-system/istiod would no longer have apiVersion, kind and metadata.name.',
    hint: 'An object cannot be applied without them.',
  },
  'an open bracket': {
    path: 'spec.x[name:a',
    value: 1,
    code: 'InvalidPath',
    message: 'The path "spec.x[name:a" has a "[" without its "]".',
    hint: 'A literal bracket is written \\[ or \\].',
  },
  'a prototype': {
    path: 'spec.__proto__.polluted',
    value: true,
    code: 'InvalidPath',
    message: 'The path "spec.__proto__.polluted" goes through "__proto__".',
    hint: 'No Kubernetes object has such a field.',
  },
};
test.each(Object.entries(broken))('%s is an error that says where and what is there', (_name, {
  path,
  value,
  code,
  message,
  hint,
}) => {
  const { issues } = patch(aDeployment(), path, value);
  expect(issues).toEqual([{ code: code ?? 'OverlayMismatch', path: 'overlays[0].patches[0].path', message, hint }]);
});

test('all problems are found at once, and each names its overlay and patch', () => {
  const { issues } = overlay(
    [aDeployment(), aService()],
    [
      {
        kind: 'Deployment',
        name: 'istiod',
        patches: [
          { path: 'spec.replicas.x', value: 1 },
          { path: 'metadata.labels.a', value: 'b' },
        ],
      },
      { kind: 'Service', patches: [] },
      {
        kind: 'Service',
        name: 'istiod',
        patches: [
          { path: 'metadata.labels.a', value: 'b' },
          { path: 'spec.ports.[9x]', value: 1 },
        ],
      },
    ],
  );
  expect(issues.map((issue) => issue.path)).toEqual([
    'overlays[0].patches[0].path',
    'overlays[1]',
    'overlays[2].patches[1].path',
  ]);
  expect(issues[1]?.message).toBe('The overlay does not say which object it is for.');
});

test('a patch without path changes nothing and says so', () => {
  const { objects, notices } = patch(aDeployment(), '', { a: 1 });
  expect(objects).toEqual([aDeployment()]);
  expect(notices[0]).toMatchObject({ code: 'IgnoredField', message: 'The patch has no path, so it changes nothing.' });
});

test.each([
  '__proto__',
  'constructor',
  'prototype',
  'a.constructor.prototype.b',
  '[constructor:x]',
])('no path reaches a prototype: %s', (path) => {
  expect(patch(aDeployment(), path, { polluted: true }).issues[0]?.code).toBe('InvalidPath');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
