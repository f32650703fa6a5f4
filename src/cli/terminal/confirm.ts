import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { OperatorError } from '../../core/index.ts';
import type { Io } from './io.ts';
import { wrapText } from './wrap.ts';

/**
 * Asks a yes-or-no question on stderr. `yes` answers it without asking.
 * @returns whether the answer was yes; the end of the input counts as no.
 * @throws {OperatorError} `Usage` when nobody can be asked.
 */
export async function confirm(question: string, yes: boolean, io: Io): Promise<boolean> {
  if (yes) return true;
  if (io.stdin.isTTY !== true) {
    throw new OperatorError('Standard input is no terminal, so nobody can be asked for confirmation.', {
      code: 'Usage',
      hint: 'Add -y to go ahead without being asked.',
    });
  }
  const columns = io.stderr.isTerminal ? io.stderr.columns : Number.POSITIVE_INFINITY;
  await io.stderr.write(`${wrapText(`${question} [y/N]`, columns, 0)} `);
  const answer = await readLine(io);
  if (answer === undefined) await io.stderr.write('\n'); // nobody pressed Enter
  return /^\s*y(es)?\s*$/i.test(answer ?? '');
}

/** One line; undefined when the input has ended. Interrupting it ends the wait and lets go of the terminal, so that the process can end. */
async function readLine(io: Io): Promise<string | undefined> {
  io.signal.throwIfAborted();
  const input = io.stdin instanceof Readable ? io.stdin : Readable.from(io.stdin);
  const lines = createInterface({ input, terminal: false, signal: io.signal });
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  lines.once('line', resolve);
  lines.once('close', () => resolve(undefined));
  try {
    const answer = await promise;
    if (io.signal.aborted) await io.stderr.write('\n');
    io.signal.throwIfAborted();
    return answer;
  } finally {
    lines.close();
    input.destroy();
  }
}
