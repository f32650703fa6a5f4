import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ClusterError } from './cluster-error.ts';
import { TOOL_DIR } from './paths.ts';
import { type Binary, type ModuleName, moduleDir, SOURCES, VERSIONS } from './versions.ts';

/**
 * The environment of every Go command: the user's proxy and caches, but nothing that changes what is built.
 *
 * `-mod=readonly` refuses a module whose checksum is not in go.sum.
 */
export function goEnvironment(): NodeJS.ProcessEnv {
  const { GOOS: _os, GOARCH: _arch, GOEXPERIMENT: _experiment, ...env } = process.env;
  return { ...env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', GOWORK: 'off' };
}

/** The arguments of `go` that build one command into `output`. */
export function goBuildArguments(binary: Binary, output: string): readonly string[] {
  const source = SOURCES[binary];
  const variables = Object.entries(source.variables).map(([name, value]) => `-X ${name}=${value}`);
  const ldflags = ['-s', '-w', ...variables].join(' ');
  return ['build', '-trimpath', '-buildvcs=false', '-ldflags', ldflags, '-o', output, source.package];
}

/**
 * Checks that Go can build these modules, so that a missing or old Go is said in one line before anything is downloaded.
 * @throws {ClusterError} what to install.
 */
export async function requireGo(modules: readonly ModuleName[], missing: readonly Binary[]): Promise<void> {
  const local = await goVersion(TOOL_DIR, 'local');
  if (local === undefined) {
    throw new ClusterError(
      `The test cluster needs ${missing.join(', ')}: install Go ${await newestGo(modules)} or later (https://go.dev/dl/), ` +
        'which builds them, or set KUBEBUILDER_ASSETS to a folder that has them.',
    );
  }
  for (const module of modules) {
    const wanted = await requiredGo(module);
    if (!isOlder(local, wanted)) continue;
    // An older Go fetches the one that go.mod names, where it is allowed to and can reach it.
    const selected = await goVersion(moduleDir(module));
    if (selected !== undefined && !isOlder(selected, wanted)) continue;
    throw new ClusterError(
      `Go ${local} is too old for ${module} ${VERSIONS[module]}, which needs Go ${wanted}, and cannot fetch a newer one: ` +
        `install Go ${await newestGo(modules)} or later (https://go.dev/dl/).`,
    );
  }
}

/** The version that Go uses in a folder, without the prefix `go`; undefined when there is no Go or it does not run. */
async function goVersion(cwd: string, toolchain?: 'local'): Promise<string | undefined> {
  const env = toolchain === undefined ? goEnvironment() : { ...goEnvironment(), GOTOOLCHAIN: toolchain };
  const answer = await promisify(execFile)('go', ['env', 'GOVERSION'], { cwd, env }).catch(() => undefined);
  return answer?.stdout.trim().replace(/^go/, '').split(' ')[0];
}

/** The `go` line of a module. */
export async function requiredGo(module: ModuleName): Promise<string> {
  const text = await readFile(join(moduleDir(module), 'go.mod'), 'utf8');
  return /^go (\S+)$/m.exec(text)?.[1] ?? '1.24.0';
}

async function newestGo(modules: readonly ModuleName[]): Promise<string> {
  const wanted = await Promise.all(modules.map(requiredGo));
  return wanted.reduce((newest, version) => (isOlder(newest, version) ? version : newest));
}

/** Whether Go version `a` comes before `b`. A development version has no number and counts as new. */
export function isOlder(a: string, b: string): boolean {
  const [left, right] = [releaseNumbers(a), releaseNumbers(b)];
  const index = left.findIndex((number, at) => number !== right[at]);
  return index >= 0 && (left[index] ?? 0) < (right[index] ?? 0);
}

function releaseNumbers(version: string): readonly number[] {
  const [, major, minor, patch] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  return major === undefined ? [] : [Number(major), Number(minor), Number(patch ?? 0)];
}
