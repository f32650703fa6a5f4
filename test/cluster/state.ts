import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { Binaries } from './binaries.ts';
import { hasErrorCode } from './cluster-error.ts';
import { type ComponentSettings, clusterFiles } from './components.ts';
import { CLUSTERS_DIR, clusterDir } from './paths.ts';
import { killProcesses } from './process-table.ts';

interface CommonState {
  readonly name: string;
  /** Different for every start, so that a later cluster of the same name is not taken for this one. */
  readonly instance: string;
  /** When it was started, ISO 8601. */
  readonly startedAt: string;
  readonly server: string;
  readonly kubectlPath: string;
}

/** A cluster that this tool started. Its processes are not part of the state: the process table knows them. */
export interface OwnState extends CommonState {
  readonly kind: 'own';
  readonly settings: ComponentSettings;
  readonly binaries: Binaries;
  /** The bearer token of the administrator. */
  readonly token: string;
}

/** A cluster that was there before; nothing of it is started or stopped. */
export interface ExistingState extends CommonState {
  readonly kind: 'existing';
}

export type ClusterState = OwnState | ExistingState;

/** Makes the folder of a cluster and notes down what it is. The token in there is why nobody else may read it. */
export async function writeState(state: ClusterState): Promise<void> {
  const dir = clusterDir(state.name);
  const { state: path } = clusterFiles(dir);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await writeFile(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** What is noted down about a cluster, whether it still runs or not; undefined when there is none of this name. */
export async function readState(name: string): Promise<ClusterState | undefined> {
  const { state: path } = clusterFiles(clusterDir(name));
  try {
    return JSON.parse(await readFile(path, 'utf8')) as ClusterState;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** The names of all clusters with a folder, sorted. */
export async function listClusters(): Promise<readonly string[]> {
  try {
    return (await readdir(CLUSTERS_DIR)).sort();
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Kills whatever runs for this cluster and deletes its folder. The caller holds the cluster's lock. */
export async function removeCluster(name: string): Promise<void> {
  const dir = clusterDir(name);
  await killProcesses(dir);
  await rm(dir, { recursive: true, force: true });
}
