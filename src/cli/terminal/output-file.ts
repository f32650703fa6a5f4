import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { OperatorError } from '../../core/index.ts';
import type { Io } from './io.ts';

/**
 * Writes a file that the command line names, and the folders that it is in.
 * @throws {OperatorError} `Usage` where that is not possible.
 */
export async function writeOutputFile(file: string, text: string, io: Io): Promise<void> {
  const path = resolve(io.cwd, file);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { signal: io.signal });
  } catch (error) {
    io.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError(`Cannot write ${file}: ${reason}.`, { code: 'Usage', hint: 'Name another place.' }, error);
  }
}
