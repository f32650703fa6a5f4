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
  return await Promise.all(readEach(names, io));
}

/**
 * Reads files like `readFiles`, each for itself: what becomes of one says nothing about the others.
 * @throws {OperatorError} `Usage` when `-` is not the last one.
 */
export function readEach(names: readonly string[], io: Io): readonly Promise<SourceFile>[] {
  const stdinAt = names.indexOf('-');
  if (stdinAt >= 0 && stdinAt !== names.length - 1) {
    throw new OperatorError('Standard input (-f -) must be the last file.', {
      code: 'Usage',
      hint: 'Move -f - to the end.',
    });
  }
  return names.map(async (name) =>
    name === '-' ? { name: '<stdin>', text: await readStdin(io) } : { name, text: await readOne(name, io) },
  );
}

async function readOne(name: string, io: Io): Promise<string> {
  if (/^https?:\/\//i.test(name)) throw isUrl(name);
  try {
    return decode(await readFile(resolve(io.cwd, name), { signal: io.signal }), name);
  } catch (error) {
    io.signal.throwIfAborted();
    if (error instanceof OperatorError) throw error;
    throw notReadable(name, error as NodeJS.ErrnoException);
  }
}

/** Standard input. Whoever forgot a file sees what is waited for. */
async function readStdin(io: Io): Promise<string> {
  if (io.stdin.isTTY === true) await io.stderr.write('Reading standard input; end it with Ctrl-D.\n');
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of io.stdin) {
    io.signal.throwIfAborted();
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    chunks.push(bytes);
    sizeBytes += bytes.length;
    if (sizeBytes > MAX_BYTES) break;
  }
  return decode(Buffer.concat(chunks), '<stdin>');
}

/** UTF-8, or UTF-16 with a byte order mark, as PowerShell writes it. */
function decode(bytes: Uint8Array, name: string): string {
  const mark = `${bytes[0] ?? 0},${bytes[1] ?? 0}`;
  const encoding = { '255,254': 'utf-16le', '254,255': 'utf-16be' }[mark] ?? 'utf-8';
  let text: string | undefined;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    // the decoder has one reason only
  }
  if (text !== undefined && !text.includes('\0')) return text;
  throw new OperatorError(`Cannot read ${name}: it is not text in UTF-8.`, {
    code: 'FileNotReadable',
    hint: 'Is it the right file? One that is packed must be unpacked first.',
  });
}

function isUrl(name: string): OperatorError {
  return new OperatorError(`Cannot read ${name}: URLs are not read.`, {
    code: 'FileNotReadable',
    hint: 'Download it first, and name the file. Or pipe it in: curl -sSfL URL | iop … -f -',
  });
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
    { code: 'FileNotReadable', hint: 'Name a file, or - for standard input.' },
    error,
  );
}
