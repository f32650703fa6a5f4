import { expect, test } from '@jest/globals';
import { parseTreePath } from '../../../src/core/index.ts';
import { fieldInfo, typeAtPath, typeInfo, typeOfKind } from '../../../src/overlay/kubernetes-types.ts';
import { requiredFieldsAt } from '../../../src/overlay/object-schema.ts';

const types: readonly (readonly [kind: string, path: string, type: string | undefined])[] = [
  ['Deployment', 'spec.template.spec.containers.[name:x]', 'Container'],
  ['DaemonSet', 'spec.template.spec.containers', 'Container'],
  ['Deployment', 'spec.template.spec.containers.[0].env.[0]', 'EnvVar'],
  ['Service', 'spec', 'ServiceSpec'],
  ['ConfigMap', 'metadata', 'ObjectMeta'],
  ['Deployment', 'spec.template.spec.affinity.nodeAffinity', undefined],
  ['constructor', 'spec', undefined],
];
test.each(types)('in %s, %s leads to %s', (kind, path, type) => {
  expect(typeAtPath(kind, parseTreePath(path))).toBe(type);
});

test('every type that a field names is in the table', () => {
  const seen = new Set<string>();
  const pending = [
    'Deployment',
    'Service',
    'PodDisruptionBudget',
    'MutatingWebhookConfiguration',
    'CustomResourceDefinition',
    'OtherKind',
  ];
  for (let type = pending.pop(); type !== undefined; type = pending.pop()) {
    if (seen.has(type)) continue;
    seen.add(type);
    expect([type, Object.keys(typeInfo(type)).length > 0]).toEqual([type, true]);
    for (const field of Object.values(typeInfo(type).fields ?? {}))
      if (field.type !== undefined) pending.push(field.type);
  }
  expect(seen.size).toBeGreaterThan(12);
});

test('names that every object inherits are no types and no fields', () => {
  expect(typeOfKind('constructor')).toBe('OtherKind');
  expect(fieldInfo('PodSpec', 'constructor')).toEqual({});
});

const required: readonly (readonly [kind: string, path: string, fields: readonly string[]])[] = [
  ['Deployment', 'spec', ['selector', 'template']],
  ['Deployment', 'spec.template.spec', ['containers']],
  ['Deployment', 'spec.template.spec.volumes.[0]', ['name']],
  ['HorizontalPodAutoscaler', 'spec', ['maxReplicas', 'scaleTargetRef']],
  ['Deployment', 'metadata.labels', []],
  ['Deployment', 'nothing.there', []],
  ['Other', 'spec', []],
];
test.each(required)('in %s, the schema requires of %s: %j', (kind, path, fields) => {
  expect(requiredFieldsAt(kind, parseTreePath(path))).toEqual(fields);
});
