import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { OperatorError } from '../../core/index.ts';
import type { Io } from './io.ts';

/**
 * Writes a file that the command line names, into a folder that is there.
 * @throws {OperatorError} `FileNotWritable`.
 */
export async function writeOutputFile(file: string, text: string, io: Io): Promise<void> {
  try {
    await writeFile(resolve(io.cwd, file), text, { signal: io.signal });
  } catch (error) {
    io.signal.throwIfAborted();
    throw notWritable(file, error);
  }
}

/**
 * Makes a folder that the command line names, and those that it is in.
 * @throws {OperatorError} `FileNotWritable`, also where a file has the name.
 */
export async function makeOutputFolder(folder: string, io: Io): Promise<void> {
  try {
    await makeFolder(resolve(io.cwd, folder));
  } catch (error) {
    throw notWritable(folder, error);
  }
}

/** Not with Node's own `recursive`, which in /proc tries for ever. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path) throw error;
    await makeFolder(parent);
    await mkdir(path);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file, and a folder is wanted',
  ENOTDIR: 'a file is in the place of one of its folders',
  ENOENT: 'there is no such folder',
  EISDIR: 'it is a folder',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'nothing can be written there',
  ENOSPC: 'the disk is full',
};

function notWritable(name: string, error: unknown): OperatorError {
  const reason = REASONS[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
  return new OperatorError(
    `Cannot write ${name}: ${reason}.`,
    { code: 'FileNotWritable', hint: 'Name another place with -o.' },
    error,
  );
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}
