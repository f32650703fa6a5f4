import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClusterError } from './cluster-error.ts';

/** This folder, without symbolic links: its path is part of how the processes of a cluster are recognised. */
export const TOOL_DIR = realpathSync(fileURLToPath(new URL('.', import.meta.url)));

/** Everything the tool writes is below this folder, so deleting it (after `down --all`) leaves no trace. */
export const CACHE_DIR = join(TOOL_DIR, '..', '..', '.cache', 'cluster');

/** One folder for each cluster. */
export const CLUSTERS_DIR = join(CACHE_DIR, 'clusters');

/** Where the logs of a cluster that did not start are kept. */
export const FAILED_DIR = join(CACHE_DIR, 'failed');

/** Lock files: outside the folders that they guard, which are deleted while the lock is held. */
export const LOCKS_DIR = join(CACHE_DIR, 'locks');

// As a Kubernetes label value, and harmless in a path.
const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * The folder of one cluster.
 * @throws {ClusterError} when the name could not be a folder and a label value.
 */
export function clusterDir(name: string): string {
  if (!NAME.test(name)) {
    throw new ClusterError(`"${name}" cannot name a cluster: use up to 63 lower-case letters, digits and dashes.`);
  }
  return join(CLUSTERS_DIR, name);
}
