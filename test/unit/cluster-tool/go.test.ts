import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { goBuildArguments, isOlder, requiredGo } from '../../cluster/go.ts';
import { BINARIES, moduleDir, SOURCES, VERSIONS } from '../../cluster/versions.ts';

const cases: Record<string, { a: string; b: string; want: boolean }> = {
  'an older minor release is older': { a: '1.24.9', b: '1.26.0', want: true },
  'an older patch release is older': { a: '1.26.0', b: '1.26.1', want: true },
  'numbers are not compared as text': { a: '1.9.0', b: '1.26.0', want: true },
  'a release is not older than itself': { a: '1.26.0', b: '1.26.0', want: false },
  'a missing patch counts as 0': { a: '1.26', b: '1.26.0', want: false },
  'a newer release is not older': { a: '1.26.8', b: '1.24.0', want: false },
  'a development version is not older': { a: 'devel', b: '1.26.0', want: false },
};
test.each(Object.entries(cases))('%s', (_name, { a, b, want }) => expect(isOlder(a, b)).toBe(want));

test('every module says which Go it needs', async () => {
  for (const binary of BINARIES) expect(await requiredGo(SOURCES[binary].module)).toMatch(/^1\.\d+\.\d+$/);
});

test('the modules pin the versions that the commands say they have', async () => {
  const required = {
    kubernetes: `require k8s.io/kubernetes ${VERSIONS.kubernetes}`,
    etcd: `require go.etcd.io/etcd/server/v3 ${VERSIONS.etcd}`,
    kwok: `require sigs.k8s.io/kwok ${VERSIONS.kwok}`,
  };
  for (const module of ['kubernetes', 'etcd', 'kwok'] as const) {
    expect(await readFile(join(moduleDir(module), 'go.mod'), 'utf8')).toContain(`${required[module]}\n`);
  }
});

test('every command is imported by its module, which is what keeps it in go.sum', async () => {
  for (const binary of BINARIES) {
    const { module, package: name } = SOURCES[binary];
    expect(await readFile(join(moduleDir(module), 'tools.go'), 'utf8')).toContain(`"${name}"`);
  }
});

test('a Kubernetes command is built with its version and without paths of this machine', () => {
  const args = goBuildArguments('kube-apiserver', '/tmp/out');
  expect(args).toContain('-trimpath');
  expect(args[args.indexOf('-ldflags') + 1]).toContain('-X k8s.io/component-base/version.gitVersion=v1.34.4');
  expect(args.at(-1)).toBe('k8s.io/kubernetes/cmd/kube-apiserver');
});
