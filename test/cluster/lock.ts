import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasErrorCode } from './cluster-error.ts';
import { LOCKS_DIR } from './paths.ts';
import { describeProcess } from './process-table.ts';
import { pause } from './wait-until.ts';

const POLL_MS = 50;

/** A lock that is held; `await using` gives it back. */
export interface Lock extends AsyncDisposable {
  readonly path: string;
}

/**
 * Waits for the lock of this name, between processes as well as inside one.
 *
 * The lock is a file that names its holder. One whose holder is dead is taken over.
 * @param onWait - called once with the holder's process id if the lock is not free.
 */
export async function acquireLock(name: string, onWait: (pid: number) => void, signal: AbortSignal): Promise<Lock> {
  await mkdir(LOCKS_DIR, { recursive: true });
  const path = join(LOCKS_DIR, `${name}.lock`);
  const mine = `${path}.${randomUUID()}`;
  await writeFile(mine, (await describeProcess(process.pid)) ?? String(process.pid));
  try {
    let hasWaited = false;
    while (!(await tryLink(mine, path))) {
      const holder = await readFile(path, 'utf8').catch(() => undefined);
      if (holder === undefined) continue; // given back since
      const pid = Number.parseInt(holder, 10);
      if ((await describeProcess(pid)) !== holder) {
        await removeStale(path, holder);
        continue;
      }
      if (!hasWaited) onWait(pid);
      hasWaited = true;
      await pause(POLL_MS, signal);
    }
  } finally {
    await rm(mine, { force: true });
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

/** `link` fails when the target exists, and unlike an exclusive `open` it never shows a file without its content. */
async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Two processes may see the same stale lock: the rename lets one of them win, and a lock renewed in between goes back. */
async function removeStale(path: string, holder: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== holder) await tryLink(aside, path);
  await rm(aside, { force: true });
}
