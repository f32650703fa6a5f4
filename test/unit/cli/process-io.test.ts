import { EventEmitter } from 'node:events';
import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { processIo } from '../../../src/cli/terminal/io.ts';

/** A process whose streams fail with an error of this code; `exits` are the codes that it was ended with. */
function aProcess(failing: { readonly stdout?: string; readonly stderr?: string }) {
  const exits: (number | undefined)[] = [];
  const stream = (code: string | undefined) =>
    new Writable({
      write: (_chunk, _encoding, done) =>
        done(code === undefined ? null : Object.assign(new Error(`${code}: no`), { code })),
    }) as unknown as NodeJS.WriteStream;
  const process = Object.assign(new EventEmitter(), {
    stdout: stream(failing.stdout),
    stderr: stream(failing.stderr),
    stdin: undefined as unknown as NodeJS.ReadStream,
    env: {},
    cwd: () => '/',
    exit: (code?: number) => exits.push(code) as never,
  });
  return { process, exits };
}

describe('streams', () => {
  test('a reader of the output that has had enough ends the process without a failure', async () => {
    const { process, exits } = aProcess({ stdout: 'EPIPE' });
    await processIo(process).stdout.write('x');
    expect(exits).toEqual([0]);
  });

  test('without a reader of its messages a command goes on', async () => {
    const { process, exits } = aProcess({ stderr: 'EPIPE' });
    await processIo(process).stderr.write('x');
    expect(exits).toEqual([]);
  });

  test('a full disk is an error that says so', async () => {
    const { process } = aProcess({ stdout: 'ENOSPC' });
    await expect(processIo(process).stdout.write('x')).rejects.toMatchObject({
      message: 'Cannot write to standard output: ENOSPC: no.',
      detail: { hint: expect.stringContaining('disk') },
    });
  });
});

describe('signals', () => {
  test('the first one asks to stop, the second one ends the process', () => {
    const { process, exits } = aProcess({});
    const { signal } = processIo(process);
    process.emit('SIGINT');
    expect([signal.aborted, signal.reason.exitCode, exits]).toEqual([true, 130, []]);
    process.emit('SIGTERM');
    expect(exits).toEqual([143]);
  });
});
