import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { OPERATOR_VERSION } from '../../src/core/index.ts';
import { ROOT } from './helm.ts';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const dockerfile = read('Dockerfile');
const { spec } = parse(read('deploy/deployment.yaml')).spec.template;
const [container] = spec.containers;

test('image, label, package and Deployment have one version', () => {
  expect({
    label: /^ARG VERSION=(.*)$/m.exec(dockerfile)?.[1],
    package: JSON.parse(read('package.json')).version,
    image: container.image.split(':').at(-1),
  }).toEqual({ label: OPERATOR_VERSION, package: OPERATOR_VERSION, image: OPERATOR_VERSION });
});

test('the image is built with the Node that tests run on', () => {
  const { node } = JSON.parse(read('package.json')).devDependencies;
  expect(dockerfile).toContain(`ARG BUILD_IMAGE=node:${node}-`);
});

test('the image runs as the user that the Deployment names', () => {
  const { runAsUser, runAsGroup } = spec.securityContext;
  expect(/^USER (.*)$/m.exec(dockerfile)?.[1]).toBe(`${runAsUser}:${runAsGroup}`);
});

test('the image exposes the port that the Deployment names', () => {
  expect(Number(/^EXPOSE (.*)$/m.exec(dockerfile)?.[1])).toBe(container.ports[0].containerPort);
});

test('everything that is copied into the image exists and is not ignored', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, files = '']) => files.split(' '));
  const ignored = read('.dockerignore').split('\n').filter(Boolean);
  expect(copied.filter((file) => !existsSync(join(ROOT, file)) || ignored.includes(file.replace(/\/$/, '')))).toEqual(
    [],
  );
});

describe('npm run image', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'iop-engine-'));
    writeFileSync(join(folder, 'podman'), '#!/bin/sh\nprintf "%s\\n" "$0" "$@"\n', { mode: 0o755 });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const build = (env: Readonly<Record<string, string>>, ...args: string[]) =>
    spawnSync(process.execPath, ['image.ts', ...args], { cwd: ROOT, env, encoding: 'utf8' });

  test('takes the engine that is there, and tells it version and revision', () => {
    const { status, stdout } = build({ PATH: folder }, '--pull');
    expect(stdout.trim().split('\n').slice(1, -2)).toEqual([
      'build',
      '--build-arg',
      `VERSION=${OPERATOR_VERSION}`,
      '--build-arg',
      'REVISION=unknown',
      '--tag',
      `istio-operator:${OPERATOR_VERSION}`,
    ]);
    expect(stdout).toMatch(/\n--pull\n\.\n$/);
    expect(status).toBe(0);
  });

  test('passes over a client whose daemon does not answer', () => {
    writeFileSync(join(folder, 'docker'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    expect(build({ PATH: folder }).stdout).toMatch(/\/podman\n/);
    expect(build({ PATH: folder, ENGINE: 'docker' }).stderr).toContain('docker does not answer');
    rmSync(join(folder, 'docker'));
  });

  test('without an engine says which ones it knows', () => {
    const { status, stderr } = build({ PATH: join(folder, 'nothing') });
    expect(stderr).toContain(
      'docker is not installed, podman is not installed, nerdctl is not installed, buildah is not installed',
    );
    expect(status).toBe(1);
  });

  test('an engine that is named must be there', () => {
    expect(build({ PATH: folder, ENGINE: 'kaniko' }).stderr).toContain('kaniko is not installed');
  });
});
