import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { output } from '../deploy/helm.ts';
import { PAGES } from './markdown.ts';
import { Session } from './session.ts';
import { stepsOf } from './steps.ts';

const pages = PAGES.map((page) => [page, stepsOf(page)] as const).filter(([, steps]) => steps.length > 0);

let bundle = '';

beforeAll(async () => {
  bundle = await mkdtemp(join(tmpdir(), 'istio-operator-dist-'));
  await output(process.execPath, ['build.ts', bundle]);
});

afterAll(async () => {
  await rm(bundle, { recursive: true });
});

test.each(pages)(
  '%s: what is to be done can be done, in this order',
  async (_page, steps) => {
    await using session = await Session.start(steps, bundle);
    for (const step of steps) await session.do(step);
  },
  900_000, // the first time, Helm is built
);

test('there are pages to try', () => {
  expect(pages.length).toBeGreaterThan(5);
});
