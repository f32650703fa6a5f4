import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { operatorManifests } from '../../../src/cli/deploy/operator-manifests.ts';
import { iop } from './fake-io.ts';

const SETTINGS = { operatorNamespace: 'istio-operator', watchedNamespaces: 'istio-system' };

describe('operator dump', () => {
  test('begins with the namespace and the CRD, and is what init applies', async () => {
    const { exitCode, stdout } = await iop(['operator', 'dump']);
    const dumped = parseAllDocuments(stdout).map((document) => document.toJS());
    expect(exitCode).toBe(0);
    expect(dumped.slice(0, 2).map(({ kind }) => kind)).toEqual(['Namespace', 'CustomResourceDefinition']);
    expect(dumped.map(({ kind }) => kind)).toEqual(operatorManifests(SETTINGS).map(({ kind }) => kind));
  });

  test('takes image and watched namespaces', async () => {
    const args = ['operator', 'dump', '-o', 'json', '--image', 'a/b:1', '--watchedNamespaces', 'x,y'];
    const { items } = JSON.parse((await iop(args)).stdout);
    const { spec } = items.find(({ kind }: { kind: string }) => kind === 'Deployment');
    const [container] = spec.template.spec.containers;
    expect(container.image).toBe('a/b:1');
    expect(container.env).toContainEqual({ name: 'WATCH_NAMESPACE', value: 'x,y' });
  });

  test('another namespace is named everywhere', () => {
    const text = JSON.stringify(operatorManifests({ ...SETTINGS, operatorNamespace: 'elsewhere' }));
    expect(text).not.toContain('"namespace":"istio-operator"');
    expect(text).toContain('"namespace":"elsewhere"');
  });

  test('a namespace that cannot be one is refused', async () => {
    const { exitCode, stderr } = await iop(['operator', 'dump', '--operatorNamespace', 'No!']);
    expect(exitCode).toBe(64);
    expect(stderr).toContain('--operatorNamespace');
  });
});
