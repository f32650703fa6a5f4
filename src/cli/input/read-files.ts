import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { OperatorError } from '../../core/index.ts';
import type { SourceFile } from '../../render/index.ts';
import type { Io } from '../terminal/io.ts';

/** Larger files are refused by the reader; there is no point in reading more of them than it takes to notice. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Reads the files of `-f`, `-` being standard input.
 * @throws {OperatorError} `FileNotReadable`, `Usage` when `-` is not the last one.
 */
export async function readFiles(names: readonly string[], io: Io): Promise<readonly SourceFile[]> {
  const stdinAt = names.indexOf('-');
  if (stdinAt >= 0 && stdinAt !== names.length - 1) {
    throw new OperatorError('Standard input (-f -) must be the last file.', {
      code: 'Usage',
      hint: 'Move -f - to the end.',
    });
  }
  return await Promise.all(
    names.map(async (name) =>
      name === '-' ? { name: '<stdin>', text: await readStdin(io) } : { name, text: await readOne(name, io) },
    ),
  );
}

async function readOne(name: string, io: Io): Promise<string> {
  try {
    return await readFile(resolve(io.cwd, name), { encoding: 'utf8', signal: io.signal });
  } catch (error) {
    io.signal.throwIfAborted();
    throw notReadable(name, error as NodeJS.ErrnoException);
  }
}

async function readStdin(io: Io): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of io.stdin) {
    io.signal.throwIfAborted();
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    if (text.length > MAX_BYTES) break;
  }
  return text + decoder.decode();
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
};

function notReadable(name: string, error: NodeJS.ErrnoException): OperatorError {
  const reason = REASONS[error.code ?? ''] ?? error.message;
  return new OperatorError(
    `Cannot read ${name}: ${reason}.`,
    { code: 'FileNotReadable', hint: 'Name a file that holds an IstioOperator, or - for standard input.' },
    error,
  );
}
