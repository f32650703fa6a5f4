import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { iop } from './fake-io.ts';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'iop-flags-'));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const kindsIn = (text: string) => new Set(parseAllDocuments(text).map((document) => document.toJS().kind));

describe('manifest generate', () => {
  test('--component prints what these components install', async () => {
    const { stdout, stderr } = await iop(['manifest', 'generate', '--component', 'Base', '--component', 'Cni']);
    expect(kindsIn(stdout)).toEqual(new Set(['CustomResourceDefinition', 'ServiceAccount']));
    expect(stderr).toContain('The component Cni is not installed, so there is nothing of it.');
    expect(stderr).toContain('What is: Base, Pilot, IngressGateways.');
  });

  test('a component that does not exist gets the near one', async () => {
    const { exitCode, stderr } = await iop(['manifest', 'generate', '--component', 'Pilto']);
    expect(stderr).toContain('Did you mean Pilot?');
    expect(exitCode).toBe(64);
  });

  test('-o writes a file per component, which together are the manifest', async () => {
    const whole = await iop(['manifest', 'generate']);
    const { stdout, stderr } = await iop(['manifest', 'generate', '-o', 'a/b'], { cwd });
    expect([stdout, stderr]).toEqual([
      '',
      'wrote a/b/Base.yaml\nwrote a/b/Pilot.yaml\nwrote a/b/IngressGateways.yaml\n',
    ]);
    const texts = await Promise.all(
      (await readdir(join(cwd, 'a/b'))).map((name) => readFile(join(cwd, 'a/b', name), 'utf8')),
    );
    const count = (text: string) => parseAllDocuments(text).length;
    expect(texts.map(count).reduce((sum, each) => sum + each)).toBe(count(whole.stdout));
  });

  test('-o names files of an earlier run that are no longer part of the manifest', async () => {
    await iop(['manifest', 'generate', '--set', 'profile=ambient', '-o', 'again'], { cwd });
    const { exitCode, stderr } = await iop(['manifest', 'generate', '-o', 'again', '--component', 'Pilot'], { cwd });
    expect(stderr).toContain('again/Cni.yaml was there before and is no part of this manifest.');
    expect(stderr).not.toContain('Base.yaml was there');
    expect(exitCode).toBe(0);
  });

  test('-o - is standard output', async () => {
    const { stdout } = await iop(['manifest', 'generate', '-o', '-', '--component', 'Base'], { cwd });
    expect(kindsIn(stdout)).toEqual(new Set(['CustomResourceDefinition', 'ServiceAccount']));
    expect(await readdir(cwd)).not.toContain('-');
  });

  test.each([
    ['file', 'Cannot write file: it is a file, and a folder is wanted.'],
    ['file/b', 'Cannot write file/b: a file is in the place of one of its folders.'],
    ['/proc/iop/b', 'Cannot write /proc/iop/b: there is no such folder.'],
  ])('-o %s cannot be a folder, which is no mistake of the command line', async (folder, says) => {
    await writeFile(join(cwd, 'file'), '');
    const { exitCode, stderr } = await iop(['manifest', 'generate', '-o', folder], { cwd });
    expect(stderr).toContain(says);
    expect(exitCode).toBe(1);
  });

  test('-i moves the control plane', async () => {
    const { stdout } = await iop(['manifest', 'generate', '-i', 'mesh']);
    expect(stdout).not.toContain('namespace: istio-system');
    expect(stdout).toContain('namespace: mesh');
  });

  test('--cluster-specific asks a cluster', async () => {
    const { stderr } = await iop(['manifest', 'generate', '--cluster-specific', '-c', '/nowhere/config']);
    expect(stderr).toContain('/nowhere/config does not exist');
  });
});

test('an empty revision, as scripts may have it, is taken', async () => {
  expect(await iop(['manifest', 'generate', '-r', ''])).toMatchObject({ exitCode: 0, stderr: '' });
});

describe('profile dump', () => {
  test('--config-path prints a part, with or without spec before it', async () => {
    const { stdout } = await iop(['profile', 'dump', 'demo', '-p', 'components.egressGateways']);
    expect(parse(stdout)).toEqual([expect.objectContaining({ name: 'istio-egressgateway', enabled: true })]);
    expect((await iop(['profile', 'dump', 'demo', '-p', 'spec.components.egressGateways'])).stdout).toBe(stdout);
    expect((await iop(['profile', 'dump', 'demo', '-p', 'components.egressGateways[0].name'])).stdout).toBe(
      'istio-egressgateway\n',
    );
  });

  test('a path that leads nowhere is refused', async () => {
    const { exitCode, stderr } = await iop(['profile', 'dump', '-p', 'components.plot']);
    expect(stderr).toContain('--config-path: the profile has nothing at components.plot.');
    expect(exitCode).toBe(64);
  });

  test('-o flags prints what --set takes, and that amounts to the same', async () => {
    const { stdout } = await iop(['profile', 'dump', 'demo', '-o', 'flags']);
    expect(stdout).toContain('components.egressGateways[0].enabled=true\n');
    const sets = stdout
      .trim()
      .split('\n')
      .flatMap((line) => ['--set', line]);
    const again = await iop(['profile', 'dump', 'default', ...sets]);
    expect(again).toEqual({ ...(await iop(['profile', 'dump', 'demo'])), stderr: again.stderr });
  });

  test('shows what the profile sets of Istio’s values, and installs what the profile does', async () => {
    const { stdout } = await iop(['profile', 'dump', 'openshift']);
    expect(stdout).toContain('#   cni:\n');
    expect((await iop(['profile', 'dump', 'demo'])).stdout).toContain('#     accessLogFile: /dev/stdout\n');
    const again = await iop(['manifest', 'generate', '-f', '-'], { stdin: stdout });
    expect(again.stdout).toBe((await iop(['manifest', 'generate', '--set', 'profile=openshift'])).stdout);
  });
});

describe('flags that have no meaning here', () => {
  const refused = [
    ['install', '-d', 'charts'],
    ['manifest', 'apply', '--charts', 'charts'],
    ['upgrade', '--manifests', 'charts'],
    ['uninstall', '-d', 'charts'],
    ['profile', 'dump', '-d', 'charts'],
    ['operator', 'init', '-d', 'charts'],
    ['tag', 'generate', 'a', '-r', 'b', '-d', 'charts'],
  ];
  test.each(
    refused.map((args) => [args.join(' '), args] as const),
  )('%s is refused, for charts are not read', async (_name, args) => {
    const { exitCode, stderr } = await iop(args);
    expect(stderr).toContain('reads no charts');
    expect(exitCode).toBe(64);
  });

  const taken = [
    ['install', '--verify', '--skip-confirmation'],
    ['upgrade', '--verify', '-y'],
    ['uninstall', '--purge', '-v', '--force', '--skip-confirmation'],
    ['operator', 'remove', '--purge', '--force', '-y'],
    ['tag', 'set', 'a', '-r', 'b', '--webhook-name', 'c', '-y'],
    ['verify-install', '-r', 'b'],
  ];
  test.each(taken.map((args) => [args.join(' '), args] as const))('%s is taken', async (_name, args) => {
    const { stderr } = await iop([...args, '-c', '/nowhere/config']);
    expect(stderr).toBe(
      'error: The kubeconfig /nowhere/config does not exist. [FileNotReadable]\n       Check --kubeconfig and the variable KUBECONFIG.\n',
    );
  });
});

describe('version', () => {
  test('--short prints a number, and --remote=false asks no cluster', async () => {
    expect(await iop(['version', '--short', '--remote=false'])).toEqual({ exitCode: 0, stdout: '0.1.0\n', stderr: '' });
  });

  test('-o yaml', async () => {
    const { stdout } = await iop(['version', '--client', '-o', 'yaml']);
    expect(parse(stdout)).toEqual({ client: { iop: '0.1.0', istio: '1.30.3' }, controlPlanes: [] });
  });
});

describe('operator dump', () => {
  const deployment = async (...args: string[]) => {
    const { items } = JSON.parse((await iop(['operator', 'dump', '-o', 'json', ...args])).stdout);
    return items.find(({ kind }: { kind: string }) => kind === 'Deployment').spec.template.spec;
  };

  test('--hub and --tag change their part of the image', async () => {
    const given = (await deployment()).containers[0].image;
    const [name] = given.split('/').at(-1).split(':');
    expect((await deployment('--hub', 'my.registry:5000/istio')).containers[0].image).toBe(
      `my.registry:5000/istio/${given.split('/').at(-1)}`,
    );
    expect((await deployment('--hub', 'a', '--tag', '9')).containers[0].image).toBe(`a/${name}:9`);
    expect((await deployment('--hub', 'a', '--image', 'b/c:1')).containers[0].image).toBe('b/c:1');
  });

  test('--imagePullSecrets names Secrets', async () => {
    expect(await deployment()).not.toHaveProperty('imagePullSecrets');
    const pod = await deployment('--imagePullSecrets', 'a', '--imagePullSecrets', 'b');
    expect(pod.imagePullSecrets).toEqual([{ name: 'a' }, { name: 'b' }]);
  });
});
