import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
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
