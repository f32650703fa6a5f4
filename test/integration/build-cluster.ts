import process from 'node:process';
import { findBinaries } from '../cluster/binaries.ts';
import { showProgress } from '../cluster/progress.ts';

/** Builds the control plane before the first integration test, with progress: the first time takes minutes. */
export default async function buildCluster(): Promise<void> {
  await findBinaries(showProgress(process.stderr), new AbortController().signal);
}
