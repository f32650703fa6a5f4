import { Readable } from 'node:stream';
import { runCli } from '../../../src/cli/program.ts';
import type { Io, Output } from '../../../src/cli/terminal/io.ts';

/** What a command line printed and returned. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How the fake process differs from one without terminal, input and environment. */
export interface FakeIoOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly columns?: number;
  /** Where output goes is a terminal: lines are wrapped and coloured. */
  readonly isTerminal?: boolean;
  /** Standard input is a terminal: somebody can be asked. */
  readonly asks?: boolean;
  readonly signal?: AbortSignal;
}

/** A process whose output is kept. */
export function fakeIo(options: FakeIoOptions = {}): Io & { readonly printed: { stdout: string; stderr: string } } {
  const printed = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr'): Output => ({
    isTerminal: options.isTerminal ?? false,
    columns: options.columns ?? 80,
    write: async (text) => {
      printed[name] += text;
    },
  });
  const stdin = Readable.from(options.stdin === undefined ? [] : [options.stdin]);
  return {
    printed,
    stdout: output('stdout'),
    stderr: output('stderr'),
    stdin: Object.assign(stdin, { isTTY: options.asks ?? false }),
    env: options.env ?? {},
    cwd: options.cwd ?? process.cwd(),
    signal: options.signal ?? new AbortController().signal,
  };
}

/** Runs a command line in a fake process. */
export async function iop(args: readonly string[], options: FakeIoOptions = {}): Promise<Ran> {
  const io = fakeIo(options);
  const exitCode = await runCli(args, io);
  return { exitCode, ...io.printed };
}
