import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type KubeInjectFlags, kubeInject } from '../../../src/cli/commands/kube-inject.ts';
import { OperatorError } from '../../../src/core/index.ts';
import { readYaml } from '../../../src/render/index.ts';
import { fakeIo } from './fake-io.ts';

const OPERATOR =
  'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: i}\nspec: {profile: default}\n';
const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {containers: [{name: web, image: web:1}]}\n';
const HOST_POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: node}\nspec: {hostNetwork: true, containers: [{name: a, image: a}]}\n';
const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kube-inject-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(objects: string, flags: Partial<KubeInjectFlags> = {}) {
  const files = { 'objects.yaml': objects, 'operator.yaml': OPERATOR };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const io = fakeIo({ cwd: folder });
  await kubeInject(
    { filename: ['objects.yaml'], install: ['operator.yaml'], set: [], istioNamespace: 'istio-system', ...flags },
    io,
  );
  return { ...io.printed, objects: readYaml(io.printed.stdout, 'stdout').map(({ value }) => value) };
}

describe('kube-inject', () => {
  test('injects what has pods and passes on the rest in its order', async () => {
    const { objects, stderr } = await run(`${SERVICE}---\n${POD}`);
    expect(objects[0]).toEqual(readYaml(SERVICE, 's')[0]?.value);
    expect(objects[1]).toMatchObject({
      metadata: { annotations: { 'istio.io/rev': 'default' } },
      spec: { containers: [{ name: 'web' }, { name: 'istio-proxy' }], initContainers: [{ name: 'istio-init' }] },
    });
    expect(stderr).toBe('');
  });

  test('says on stderr what it leaves alone, and why', async () => {
    const { objects, stderr } = await run(HOST_POD);
    expect(objects[0]).toMatchObject({ spec: { containers: [{ name: 'a', image: 'a' }] } });
    expect(stderr).toBe(
      'warning: Pod node is not injected because it uses the network of its host. [PodNotInjected]\n',
    );
  });

  test('takes --set and --revision into account', async () => {
    const { objects } = await run(POD, { set: ['values.global.proxy.image=my/proxy:1'], revision: 'canary' });
    expect(objects[0]).toMatchObject({
      metadata: { annotations: { 'istio.io/rev': 'canary' } },
      spec: {
        containers: [
          {},
          {
            image: 'my/proxy:1',
            env: expect.arrayContaining([{ name: 'CA_ADDR', value: 'istiod-canary.istio-system.svc:15012' }]),
          },
        ],
      },
    });
  });

  test('reads a template of its own, and prefers files to the installation', async () => {
    writeFileSync(join(folder, 'template.yaml'), 'metadata:\n  annotations:\n    hub: {{ .Values.hub | quote }}\n');
    writeFileSync(join(folder, 'values.json'), '{"hub": "h"}');
    const { objects } = await run(POD, { injectConfigFile: 'template.yaml', valuesFile: 'values.json' });
    expect(objects[0]).toMatchObject({ metadata: { annotations: { hub: 'h' } } });
  });

  test('writes to a file', async () => {
    const { stdout } = await run(POD, { output: 'out.yaml' });
    expect(stdout).toBe('');
    expect(readFileSync(join(folder, 'out.yaml'), 'utf8')).toContain('name: istio-proxy');
  });

  test('makes no folders for a file that is mistyped', async () => {
    await expect(run(POD, { output: 'nowhere/x.yaml' })).rejects.toMatchObject({
      message: 'Cannot write nowhere/x.yaml: there is no such folder.',
      detail: { code: 'FileNotWritable' },
    });
  });

  test('injecting what is injected changes nothing', async () => {
    const once = await run(POD);
    const twice = await run(once.stdout);
    expect(twice.objects).toEqual(once.objects);
  });

  test.each([
    [
      'an annotation',
      POD.replace('namespace: shop', 'annotations: {sidecar.istio.io/proxyCPU: lots}'),
      'objects.yaml:1: Pod web: metadata.annotations["sidecar.istio.io/proxyCPU"]',
    ],
    [
      'a pod without containers',
      'kind: Pod\napiVersion: v1\nmetadata: {name: p}\nspec: {}\n',
      'objects.yaml:1: Pod p: spec.containers',
    ],
    [
      'a value of another type in the second document',
      `${SERVICE}---\n${POD.replace('web:1', '5')}`,
      'objects.yaml:6: Pod web: spec.containers[0].image',
    ],
    [
      'a template that is unknown',
      POD.replace('namespace: shop', 'annotations: {inject.istio.io/templates: nope}'),
      'objects.yaml:1: Pod web: metadata.annotations["inject.istio.io/templates"]',
    ],
    ['a document that is no object', '- 1\n', 'objects.yaml:1'],
  ])('says where %s is wrong', async (_name, objects, path) => {
    await expect(run(objects)).rejects.toMatchObject({ detail: { path } });
  });

  test('says in which line a template is wrong', async () => {
    writeFileSync(join(folder, 'template.yaml'), 'metadata: {}\nspec:\n  x: {{ nosuch }}\n');
    await expect(run(POD, { injectConfigFile: 'template.yaml' })).rejects.toThrow(
      'sidecar:3: function "nosuch" not defined',
    );
  });

  test('needs a file', async () => {
    await expect(run(POD, { filename: [] })).rejects.toBeInstanceOf(OperatorError);
  });
});
