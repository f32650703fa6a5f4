import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The project's root. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const MODULE = join(ROOT, 'test', 'deploy', 'modules', 'helm');

/** True where these tests can run: Helm is built from its Go module, and kubectl renders kustomizations. */
export const HAS_GO = spawnSync('go', ['version']).status === 0;
export const HAS_KUBECTL = spawnSync('kubectl', ['version', '--client']).status === 0;

/** The Helm that go.mod pins, built on first use. @returns its path. */
export async function builtHelm(): Promise<string> {
  const version = /helm\.sh\/helm\/v3 (\S+)/.exec(await readFile(join(MODULE, 'go.mod'), 'utf8'))?.[1];
  const folder = join(ROOT, '.cache', 'helm');
  const helm = join(folder, `helm-${version}`);
  if (existsSync(helm)) return helm;
  await mkdir(folder, { recursive: true });
  const unfinished = `${helm}.${process.pid}`;
  try {
    await run(
      'nice',
      [
        '-n',
        '15',
        'go',
        'build',
        '-trimpath',
        '-buildvcs=false',
        '-ldflags',
        '-s -w',
        '-o',
        unfinished,
        'helm.sh/helm/v3/cmd/helm',
      ],
      { cwd: MODULE, env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', GOWORK: 'off' } },
    );
    await rename(unfinished, helm); // whole or not at all, also when two tests build at once
  } finally {
    await rm(unfinished, { force: true });
  }
  return helm;
}

/** Runs a command in the project's root. @returns what it prints. @throws with what it says when it fails. */
export async function output(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(command, args, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}
