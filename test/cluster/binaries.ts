import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { buildBinaries } from './build.ts';
import { ClusterError } from './cluster-error.ts';
import { goBuildArguments } from './go.ts';
import { CACHE_DIR } from './paths.ts';
import type { OnProgress } from './progress.ts';
import { BINARIES, type Binary, moduleDir, VERSIONS } from './versions.ts';

/** The path of every command. */
export type Binaries = Readonly<Record<Binary, string>>;

/**
 * Finds every command that a cluster needs: in `KUBEBUILDER_ASSETS` when that is set, `kubectl` also on the `PATH`, and
 * the rest in the cache, where it is built if it is not there yet.
 * @param needed - only these are built if they are missing; default: all.
 * @throws {ClusterError} when something is missing and cannot be built; the message says what to install.
 */
export async function findBinaries(
  onProgress: OnProgress,
  signal: AbortSignal,
  needed: readonly Binary[] = BINARIES,
): Promise<Binaries> {
  if (process.platform === 'win32') {
    throw new ClusterError('The test cluster runs on Linux and macOS; on Windows, use it inside WSL.');
  }
  const given = { ...findOnPath(), ...findAssets(process.env.KUBEBUILDER_ASSETS) };
  const dir = join(CACHE_DIR, `bin-${await recipeHash()}`);
  const wanted = needed.filter((binary) => given[binary] === undefined);
  await buildBinaries(dir, wanted, onProgress, signal);
  const path = (binary: Binary) => given[binary] ?? join(dir, binary);
  return {
    etcd: path('etcd'),
    'kube-apiserver': path('kube-apiserver'),
    'kube-controller-manager': path('kube-controller-manager'),
    'kube-scheduler': path('kube-scheduler'),
    kwok: path('kwok'),
    kubectl: path('kubectl'),
  };
}

/** Only kubectl is taken from the machine: any recent one can talk to this server, but a server must be of one version. */
function findOnPath(): Partial<Record<Binary, string>> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const kubectl = folders.map((folder) => join(folder, 'kubectl')).find(isExecutable);
  return kubectl === undefined ? {} : { kubectl };
}

function findAssets(folder: string | undefined): Partial<Record<Binary, string>> {
  if (folder === undefined || folder === '') return {};
  if (!existsSync(folder)) throw new ClusterError(`KUBEBUILDER_ASSETS is ${folder}, which does not exist.`);
  const found = BINARIES.map((binary) => [binary, join(folder, binary)] as const).filter(([, path]) =>
    isExecutable(path),
  );
  return Object.fromEntries(found);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Changes with everything that decides what a build makes, so that an old command is never taken for a new one. */
async function recipeHash(): Promise<string> {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const binary of BINARIES) hash.update(`${goBuildArguments(binary, binary).join(' ')}\n`);
  for (const module of Object.keys(VERSIONS).sort() as (keyof typeof VERSIONS)[]) {
    for (const file of ['go.mod', 'go.sum', 'tools.go']) hash.update(await readFile(join(moduleDir(module), file)));
  }
  return hash.digest('hex').slice(0, 12);
}
