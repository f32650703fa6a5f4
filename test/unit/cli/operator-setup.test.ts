import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { type OperatorSettings, operatorManifests } from '../../../src/cli/deploy/operator-manifests.ts';
import { settingsIn } from '../../../src/cli/live/operator-deployment.ts';
import { settingsText } from '../../../src/cli/terminal/settings-text.ts';
import type { KubernetesObject } from '../../../src/core/index.ts';
import { iop } from './fake-io.ts';

const SETTINGS = { operatorNamespace: 'istio-operator', watchedNamespaces: 'istio-system' };

const deploymentOf = (objects: readonly KubernetesObject[]) => objects.find(({ kind }) => kind === 'Deployment');

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

  const wrong: Record<string, { args: readonly string[]; says: string }> = {
    'a namespace': { args: ['--operatorNamespace', 'No!'], says: '--operatorNamespace: "No!"' },
    'a watched namespace': { args: ['--watchedNamespaces', 'a,B_'], says: '--watchedNamespaces: "B_"' },
    'an image': { args: ['--image', 'bad image'], says: '--image: "bad image"' },
    'a registry': { args: ['--hub', 'a b'], says: '--hub: "a b/istio-operator' },
    'a tag': { args: ['--tag', '1 2'], says: '--tag: "ghcr.io/istio-operator/istio-operator:1 2"' },
  };
  test.each(Object.entries(wrong))('%s that cannot be one is refused', async (_name, { args, says }) => {
    const { exitCode, stdout, stderr } = await iop(['operator', 'dump', ...args]);
    expect(stderr).toContain(says);
    expect([exitCode, stdout]).toEqual([64, '']);
  });

  test('blanks between watched namespaces do not matter, and a * is all', async () => {
    const namespaces = async (text: string) => {
      const { stdout } = await iop(['operator', 'dump', '-o', 'json', '--watchedNamespaces', text]);
      const { items } = JSON.parse(stdout);
      return settingsIn(items.find(({ kind }: { kind: string }) => kind === 'Deployment')).watchedNamespaces;
    };
    expect(await namespaces('a, b ,c')).toBe('a,b,c');
    expect(await namespaces('*')).toBe('');
    expect(await namespaces('')).toBe('');
  });

  test('its help names the image that it takes by default', async () => {
    const { image } = settingsIn(deploymentOf(operatorManifests(SETTINGS)));
    for (const name of ['dump', 'init']) {
      expect((await iop(['operator', name, '--help'], { columns: 200 })).stdout).toContain(image);
    }
  });
});

describe('an operator that is there', () => {
  const kept = { image: 'my.registry:5000/op:1', watchedNamespaces: 'team-a,team-b', imagePullSecrets: ['login'] };
  const BARE = { operatorNamespace: 'istio-operator' };
  const updated = (settings: Partial<OperatorSettings>) =>
    settingsIn(deploymentOf(operatorManifests({ ...BARE, imagePullSecrets: [], ...settings }, kept)));

  const cases: Record<string, { settings: Partial<OperatorSettings>; want: object }> = {
    'keeps all that nothing is said of': { settings: {}, want: kept },
    'gets another image and keeps the rest': { settings: { image: 'a/b:2' }, want: { ...kept, image: 'a/b:2' } },
    'gets another tag of its own image': { settings: { tag: '2' }, want: { ...kept, image: 'my.registry:5000/op:2' } },
    'gets its own image from elsewhere': { settings: { hub: 'a' }, want: { ...kept, image: 'a/op:1' } },
    'gets other namespaces': { settings: { watchedNamespaces: '' }, want: { ...kept, watchedNamespaces: '' } },
    'gets other pull secrets': { settings: { imagePullSecrets: ['x'] }, want: { ...kept, imagePullSecrets: ['x'] } },
  };
  test.each(Object.entries(cases))('%s', (_name, { settings, want }) => expect(updated(settings)).toEqual(want));

  test('an image by digest gets a tag in its place', () => {
    const by = (image: string) => settingsIn(deploymentOf(operatorManifests({ ...BARE, tag: '2' }, { image }))).image;
    expect(by('a/op:1@sha256:0123456789abcdef')).toBe('a/op:2');
    expect(by('a/op@sha256:0123456789abcdef')).toBe('a/op:2');
    expect(by('op')).toBe('op:2');
  });

  test('all namespaces are told from namespaces that are not said there', () => {
    const spec = (env: readonly object[]) => ({ spec: { template: { spec: { containers: [{ env }] } } } });
    expect(settingsIn(spec([{ name: 'WATCH_NAMESPACE' }])).watchedNamespaces).toBe('');
    expect(settingsIn(spec([])).watchedNamespaces).toBeUndefined();
    expect(settingsIn(spec([{ name: 'WATCH_NAMESPACE', valueFrom: {} }])).watchedNamespaces).toBeUndefined();
  });

  test('what changes is told from what stays', () => {
    expect(settingsText(kept, { ...kept, image: 'a/b:2', watchedNamespaces: '' })).toBe(
      'image: my.registry:5000/op:1 → a/b:2\nwatched namespaces: team-a,team-b → all\npull secrets: login, as before\n',
    );
    expect(settingsText(undefined, { image: 'a/b:2', watchedNamespaces: 'a' })).toBe(
      'image: a/b:2\nwatched namespaces: a\npull secrets: none\n',
    );
  });
});
