import { expect, test } from '@jest/globals';
import { asJson, type Json, type JsonObject, valueAt } from '../../../src/core/index.ts';
import { aDeployment, anObject, aService, patch } from './builders.ts';

const POD = 'spec.template.spec';
const DISCOVERY = `${POD}.containers.[name:discovery]`;

function containerOf(object: unknown): JsonObject {
  const containers = valueAt(object as Json, 'spec', 'template', 'spec', 'containers');
  return (containers as readonly JsonObject[])[0] ?? {};
}

/** Path and value, and what the container holds afterwards. */
const containerCases: Record<string, { path: string; value?: Json; field: string; want: Json | undefined }> = {
  'a pattern in brackets replaces the first argument that it matches': {
    path: `${DISCOVERY}.args.[30m]`,
    value: '60m',
    field: 'args',
    want: ['discovery', '--monitoringAddr=:15014', '--log_output_level=default:info', '60m'],
  },
  'a pattern matches anywhere in the text': {
    path: `${DISCOVERY}.args.[--log_output_level]`,
    value: '--log_output_level=all:debug',
    field: 'args',
    want: ['discovery', '--monitoringAddr=:15014', '--log_output_level=all:debug', '30m'],
  },
  'a colon before the pattern makes a number one': {
    path: `${DISCOVERY}.args.[:15014]`,
    value: '--monitoringAddr=:1',
    field: 'args',
    want: ['discovery', '--monitoringAddr=:1', '--log_output_level=default:info', '30m'],
  },
  'a number in brackets is an index': {
    path: `${DISCOVERY}.args.[3]`,
    value: '1h',
    field: 'args',
    want: ['discovery', '--monitoringAddr=:15014', '--log_output_level=default:info', '1h'],
  },
  'brackets need no dot before them': {
    path: 'spec.template.spec.containers[name:discovery].args[0]',
    value: 'x',
    field: 'args',
    want: ['x', '--monitoringAddr=:15014', '--log_output_level=default:info', '30m'],
  },
  'a number past the end appends': {
    path: `${DISCOVERY}.args.[1000]`,
    value: 'last',
    field: 'args',
    want: ['discovery', '--monitoringAddr=:15014', '--log_output_level=default:info', '30m', 'last'],
  },
  '-1 appends': {
    path: `${DISCOVERY}.env.[-1]`,
    value: { name: 'NEW', value: 'x' },
    field: 'env',
    want: [
      { name: 'REVISION', value: 'default' },
      { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'NEW', value: 'x' },
    ],
  },
  'steps after an appended entry build it as a map': {
    path: `${DISCOVERY}.ports.[9].containerPort`,
    value: 9000,
    field: 'ports',
    want: [{ containerPort: 8080 }, { containerPort: 15010, name: 'grpc' }, { containerPort: 9000 }],
  },
  'no value deletes a list entry': {
    path: `${DISCOVERY}.env.[name:REVISION]`,
    field: 'env',
    want: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
  },
  'null deletes a field': {
    path: `${DISCOVERY}.securityContext`,
    value: null,
    field: 'securityContext',
    want: undefined,
  },
  'a selector compares numbers by their text': {
    path: `${DISCOVERY}.ports.[containerPort:15010].containerPort`,
    value: 1234,
    field: 'ports',
    want: [{ containerPort: 8080 }, { containerPort: 1234, name: 'grpc' }],
  },
  'a text that holds a YAML map stands for the map': {
    path: `${DISCOVERY}.env.[name:POD_NAME].valueFrom`,
    value: 'fieldRef:\n  apiVersion: v2\n  fieldPath: metadata.myPath\n',
    field: 'env',
    want: [
      { name: 'REVISION', value: 'default' },
      { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v2', fieldPath: 'metadata.myPath' } } },
    ],
  },
  'a value replaces a whole list': { path: `${DISCOVERY}.args`, value: ['a'], field: 'args', want: ['a'] },
  'a value replaces a map that nothing requires': {
    path: `${DISCOVERY}.resources`,
    value: { limits: { cpu: 1 } },
    field: 'resources',
    want: { limits: { cpu: 1 } },
  },
  'missing maps on the way are created': {
    path: `${DISCOVERY}.lifecycle.preStop.sleep.seconds`,
    value: 5,
    field: 'lifecycle',
    want: { preStop: { sleep: { seconds: 5 } } },
  },
  'missing lists on the way are created': {
    path: `${DISCOVERY}.envFrom.[0].configMapRef.name`,
    value: 'extra',
    field: 'envFrom',
    want: [{ configMapRef: { name: 'extra' } }],
  },
};

test.each(Object.entries(containerCases))('%s', (_name, { path, value, field, want }) => {
  const { objects, issues, notices } = patch(aDeployment(), path, value);
  expect(issues).toEqual([]);
  expect(notices).toEqual([]);
  expect(containerOf(objects[0])[field]).toEqual(want);
});

test('a backslash makes a dot part of a key', () => {
  const { objects } = patch(aDeployment(), 'metadata.annotations.foo\\.io/bar', 'x');
  expect(objects[0]?.metadata.annotations).toEqual({ 'foo.io/bar': 'x' });
});

test.each([
  '[name:ns\\.sidecar\\.io]',
  '[name:ns.sidecar.io]',
])('dots inside brackets select with and without backslash: %s', (selector) => {
  const webhooks = [{ name: 'ns.sidecar.io', clientConfig: { service: { name: 'istiod' } } }];
  const configuration = anObject({
    apiVersion: 'v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'w' },
    webhooks,
  });
  const { objects, issues } = patch(configuration, `webhooks.${selector}.clientConfig.service.name`, 'foo');
  expect(issues).toEqual([]);
  expect(asJson(objects[0] ?? configuration).webhooks).toEqual([
    { name: 'ns.sidecar.io', clientConfig: { service: { name: 'foo' } } },
  ]);
});

test('a backslash before a colon selects a value that holds one', () => {
  const role = anObject({
    apiVersion: 'v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'b' },
    subjects: [{ kind: 'User', name: 'system:x' }],
  });
  const { objects, issues } = patch(role, 'subjects.[name:system\\:x].kind', 'Group');
  expect(issues).toEqual([]);
  expect(asJson(objects[0] ?? role).subjects).toEqual([{ kind: 'Group', name: 'system:x' }]);
});

test('a missing field at the root of an object is created', () => {
  const account = anObject({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'a' } });
  expect(patch(account, 'automountServiceAccountToken', false).objects).toEqual([
    { ...account, automountServiceAccountToken: false },
  ]);
  expect(patch(account, 'metadata.annotations.a', 'b').objects[0]?.metadata.annotations).toEqual({ a: 'b' });
});

test.each(['spec.ports.', '.spec.ports', 'spec..ports'])('empty segments do not count: %s', (path) => {
  const { objects } = patch(aService(), path, [{ port: 1 }]);
  expect(valueAt(asJson(objects[0] ?? aService()), 'spec', 'ports')).toEqual([{ port: 1 }]);
});

const texts: Record<string, { kind: string; path: string; value: string }> = {
  'data of a ConfigMap stays text': { kind: 'ConfigMap', path: 'data.mesh', value: 'a: b\nc: d\n' },
  'a new annotation stays text': { kind: 'Deployment', path: 'metadata.annotations.note', value: 'careful: hot' },
  'a JSON object stays text': { kind: 'ServiceAccount', path: 'metadata.annotations.json', value: '{"a": "b"}' },
};
test.each(Object.entries(texts))('%s', (_name, { kind, path, value }) => {
  const object = anObject({ apiVersion: 'v1', kind, metadata: { name: 'x' }, data: { mesh: 'old' } });
  const { objects } = patch(object, path, value);
  expect(valueAt(asJson(objects[0] ?? object), ...path.split('.'))).toBe(value);
});

test('a text that replaces a text stays text', () => {
  const { objects } = patch(aDeployment(), `${DISCOVERY}.args.[3]`, '--set: a: b');
  expect(containerOf(objects[0]).args).toContain('--set: a: b');
});
