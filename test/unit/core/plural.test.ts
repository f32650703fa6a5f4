import { expect, test } from '@jest/globals';
import { pluralOf } from '../../../src/core/index.ts';

test.each([
  ['Deployment', 'deployments'],
  ['NetworkPolicy', 'networkpolicies'],
  ['Ingress', 'ingresses'],
  ['Endpoints', 'endpoints'],
  ['NetworkAttachmentDefinition', 'network-attachment-definitions'],
])('the resource of %s is %s', (kind, plural) => {
  expect(pluralOf(kind)).toBe(plural);
});
