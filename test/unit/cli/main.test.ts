import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { ROOT } from '../../support/kubectl.ts';

const run = promisify(execFile);
const MAIN = join(ROOT, 'src', 'cli', 'main.ts');

test('a Node.js that is too old is named, before anything that it cannot read is loaded', async () => {
  const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })`;
  const started = run(process.execPath, ['--import', `data:text/javascript,${older}`, MAIN, '--version']);
  await expect(started).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('iop needs Node.js 24 or newer; this is 20.20.2.'),
  });
});

describe('paths on the command line', () => {
  const validate = (env: Record<string, string>) =>
    run(process.execPath, [MAIN, 'validate', 'minimal.yaml'], { cwd: ROOT, env: { ...process.env, ...env } });
  const typedIn = { INIT_CWD: join(ROOT, 'examples'), npm_package_name: 'istio-operator' };

  test('are meant from the folder in which npm run iop was typed', async () => {
    const { stdout } = await validate({ ...typedIn, npm_lifecycle_event: 'iop' });
    expect(stdout).toContain('1 file: 0 errors');
  });

  test('are meant from the folder of another script that runs iop', async () => {
    const ran = validate({ ...typedIn, npm_lifecycle_event: 'deploy' });
    await expect(ran).rejects.toMatchObject({ stdout: expect.stringContaining('Cannot read minimal.yaml') });
  });
});
