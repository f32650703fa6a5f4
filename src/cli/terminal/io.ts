import type { EventEmitter } from 'node:events';
import { OperatorError } from '../../core/index.ts';

/** What a command sees of the process: its streams, environment and signals. Tests pass their own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** `isTTY` where somebody can be asked. */
  readonly stdin: AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted by the first SIGINT or SIGTERM; the second one ends the process at once. */
  readonly signal: AbortSignal;
}

/** A stream that text goes to. `write` resolves when there is room for more. */
export interface Output {
  readonly isTerminal: boolean;
  readonly columns: number;
  write(text: string): Promise<void>;
}

interface ProcessLike extends EventEmitter {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
  readonly env: NodeJS.ProcessEnv;
  cwd(): string;
  exit(code?: number): never;
}

/** The streams and signals of this process. */
export function processIo(process: ProcessLike): Io {
  const stop = new AbortController();
  for (const [name, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(128 + number);
      stop.abort(new Interrupted(name, 128 + number));
    });
  }
  return {
    stdout: output(process.stdout, process),
    stderr: output(process.stderr, process),
    get stdin() {
      return process.stdin as AsyncIterable<Uint8Array>; // opened only where a command reads it
    },
    env: process.env,
    cwd: process.cwd(),
    signal: stop.signal,
  };
}

/** The reason of an abort that came from a signal; `exitCode` is what shells expect for it. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly exitCode: number;

  constructor(signalName: string, exitCode: number) {
    super(`stopped by ${signalName}`);
    this.exitCode = exitCode;
  }
}

function output(stream: NodeJS.WriteStream, process: ProcessLike): Output {
  // `iop … | head` closes the pipe early; that is the reader's right and no failure. Without a reader of its messages,
  // what is under way goes on. Of all else the write tells its caller.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' && stream === process.stdout) process.exit(0);
  });
  return {
    isTerminal: stream.isTTY === true,
    columns: stream.columns ?? 80,
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error) => {
          const code = error !== null && error !== undefined && 'code' in error ? error.code : undefined;
          if (!error || code === 'EPIPE') resolve();
          else reject(notWritable(stream === process.stdout ? 'standard output' : 'standard error', error));
        });
      }),
  };
}

function notWritable(name: string, error: Error): OperatorError {
  return new OperatorError(
    `Cannot write to ${name}: ${error.message}.`,
    { code: 'FileNotWritable', hint: 'Is the disk full?' },
    error,
  );
}
