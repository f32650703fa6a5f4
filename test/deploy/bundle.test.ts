import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OPERATOR_VERSION } from '../../src/core/index.ts';
import { output } from './helm.ts';

/** What a command line may take to start. */
const START_MS = 300;

let folder = '';
let bundle = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'istio-operator-bundle-'));
  bundle = join(folder, 'dist');
  await output(process.execPath, ['build.ts', bundle]);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The checksum of each file by its name. */
async function checksums(path: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(path)).sort();
  const sums = names.map(async (name) => [
    name,
    createHash('sha256')
      .update(await readFile(join(path, name)))
      .digest('hex'),
  ]);
  return Object.fromEntries(await Promise.all(sums));
}

const iop = (...args: string[]) => output(process.execPath, [join(bundle, 'cli.js'), ...args]);

test('the bundle runs without node_modules', async () => {
  expect(await iop('--version')).toBe(`${OPERATOR_VERSION}\n`);
  expect(await iop('manifest', 'generate', '--set', 'profile=minimal')).toContain('kind: Deployment');
});

test(`the bundle starts within ${START_MS} ms`, async () => {
  const times: number[] = [];
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const startMs = performance.now();
    await iop('--version');
    times.push(performance.now() - startMs);
  }
  expect(Math.min(...times)).toBeLessThan(START_MS); // the best of five: the machine may be busy with other tests
});

test('the same sources give the same bundle', async () => {
  const again = join(folder, 'again');
  await output(process.execPath, ['build.ts', again]);
  expect(await checksums(again)).toEqual(await checksums(bundle));
});
