import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { ROOT } from './helm.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const text = readFileSync(join(ROOT, 'deploy/rbac.yaml'), 'utf8');
const roles = parseAllDocuments(text)
  .map((document) => document.toJS())
  .filter(({ rules }) => rules !== undefined);
const rules: readonly Rule[] = roles.flatMap((role) => role.rules);

test('the operator cannot give itself or others rights that it does not have', () => {
  const verbs = new Set(rules.flatMap((rule) => rule.verbs));
  expect(['escalate', 'bind', 'impersonate'].filter((verb) => verbs.has(verb))).toEqual([]);
});

test('the operator has all verbs only where istiod has them', () => {
  expect(rules.filter(({ verbs }) => verbs.includes('*')).map(({ resources }) => resources)).toEqual([
    ['ingresses/status'],
  ]);
});

test('no rule is for all API groups, and rules for all resources of one only read', () => {
  expect(rules.filter(({ apiGroups }) => apiGroups.includes('*'))).toEqual([]);
  const verbs = new Set(rules.filter(({ resources }) => resources.includes('*')).flatMap((rule) => rule.verbs));
  expect([...verbs].sort()).toEqual(['get', 'list', 'watch']);
});

test('the lease is a matter of the operator’s own namespace', () => {
  const withLease = roles.filter((role) =>
    role.rules.some(({ apiGroups }: Rule) => apiGroups.includes('coordination.k8s.io')),
  );
  expect(withLease.map(({ kind }) => kind)).toContain('Role');
});
