import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OPERATOR_VERSION } from '../../src/core/index.ts';
import { output } from './helm.ts';

/** What a command line may take to start, in milliseconds of a processor: the machine may be busy with other tests. */
const START_MS = 300;
/** Prints that at the end of a process. */
const TELL_TIME =
  'data:text/javascript,process.on("exit",()=>{const{user,system}=process.cpuUsage();console.log((user+system)/1e3)})';

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
    const text = await output(process.execPath, ['--import', TELL_TIME, join(bundle, 'cli.js'), '--help']);
    times.push(Number(text.trimEnd().split('\n').at(-1)));
  }
  expect(Math.min(...times)).toBeLessThan(START_MS);
  expect(Math.min(...times)).toBeGreaterThan(0);
});

/** Prints, at the end of a process, the modules of Node that it has loaded. */
const TELL_MODULES = 'data:text/javascript,process.on("exit",()=>console.log(process.moduleLoadList.join()))';

test('the bundle talks HTTP without loading undici', () => {
  const cli = join(bundle, 'cli.js');
  // as in a pod, but with a service account that cannot be read: the client is there, and nothing is sent
  const env = { HOME: folder, KUBERNETES_SERVICE_HOST: '127.0.0.1', SERVICE_ACCOUNT_DIR: join(folder, 'nowhere') };
  const options = { env, encoding: 'utf8' } as const;
  const loaded = spawnSync(process.execPath, ['--import', TELL_MODULES, cli, 'version'], options).stdout;
  expect(loaded).toContain('NativeModule https');
  expect(loaded).not.toContain('undici');
});

test('the same sources give the same bundle', async () => {
  const again = join(folder, 'again');
  await output(process.execPath, ['build.ts', again]);
  expect(await checksums(again)).toEqual(await checksums(bundle));
});
