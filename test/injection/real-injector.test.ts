import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../src/core/index.ts';
import { readYaml } from '../../src/render/index.ts';
import { contextOf, here, type InstallationTexts, injectText, installationTexts } from './installation.ts';

/** The real injector, where there is one; see README.md. */
const INJECTOR = process.env.ISTIO_INJECTOR;
const update = process.env.UPDATE_GOLDEN === '1';

const allPods = readdirSync(here('pods')).map((file) => basename(file, '.yaml'));

/** Where an installation differs from the default one, these pods show it. */
const tellingPods = [
  'gateway',
  'grpc-agent',
  'image',
  'labels',
  'native',
  'networks',
  'no-interception',
  'own-tproxy',
  'plain',
  'probes',
  'proxy-config',
  'traffic',
];

const cases: readonly (readonly [installation: string, pods: readonly string[]])[] = [
  ['default', allPods],
  ['demanding', tellingPods],
  ['node-agent', tellingPods],
];

describe.each(cases)('the installation %s', (installation, pods) => {
  const texts = installationTexts(here('installations', `${installation}.yaml`));
  const expectedFile = here('expected', `${installation}.jsonl`);

  if (INJECTOR !== undefined && update) writeFileSync(expectedFile, lines(runInjector(INJECTOR, texts, pods)));
  const expected = new Map(
    readFileSync(expectedFile, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { pod: string; objects: Json })
      .map(({ pod, objects }) => [pod, objects]),
  );
  const context = contextOf(texts);

  test.each(pods)('injects %s as the real injector does', (pod) => {
    const injected = injectText(readFileSync(here('pods', `${pod}.yaml`), 'utf8'), context);
    expect(expected.has(pod)).toBe(true);
    expect(JSON.parse(JSON.stringify(injected))).toEqual(expected.get(pod));
  });

  const real = INJECTOR === undefined ? test.skip : test;
  real('has templates that the real injector evaluates to the same (needs ISTIO_INJECTOR)', () => {
    expect(new Map(runInjector(INJECTOR ?? '', texts, pods))).toEqual(expected);
  });
});

function lines(results: readonly (readonly [string, Json])[]): string {
  return results.map(([pod, objects]) => `${JSON.stringify({ pod, objects })}\n`).join('');
}

function runInjector(
  injector: string,
  texts: InstallationTexts,
  pods: readonly string[],
): readonly (readonly [string, Json])[] {
  const folder = mkdtempSync(join(tmpdir(), 'injector-'));
  try {
    const flags = Object.entries(texts).flatMap(([name, text]) => {
      writeFileSync(join(folder, name), text);
      return [`--${name}`, join(folder, name)];
    });
    return pods.map((pod) => {
      const input = readFileSync(here('pods', `${pod}.yaml`));
      const output = execFileSync(injector, flags, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
      const documents = readYaml(output, pod).map(({ value }) => value);
      return [pod, documents.filter((value) => value !== null)] as const;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
