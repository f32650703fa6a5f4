import { describe, expect, test } from '@jest/globals';
import { confirm } from '../../../src/cli/terminal/confirm.ts';
import { fakeIo } from './fake-io.ts';

describe('confirm', () => {
  const answers: Record<string, { stdin: string; want: boolean }> = {
    'y is yes': { stdin: 'y\n', want: true },
    'Yes is yes': { stdin: 'Yes\n', want: true },
    'n is no': { stdin: 'n\n', want: false },
    'nothing is no': { stdin: '\n', want: false },
  };
  test.each(Object.entries(answers))('%s', async (_name, { stdin, want }) => {
    const io = fakeIo({ stdin, asks: true });
    expect(await confirm('Go ahead?', false, io)).toBe(want);
    expect(io.printed).toEqual({ stdout: '', stderr: 'Go ahead? [y/N] ' });
  });

  test('the end of the input is no, and what is said next has a line of its own', async () => {
    const io = fakeIo({ stdin: '', asks: true });
    expect(await confirm('Go ahead?', false, io)).toBe(false);
    expect(io.printed.stderr).toBe('Go ahead? [y/N] \n');
  });

  test('-y answers without asking', async () => {
    const io = fakeIo();
    expect(await confirm('Go ahead?', true, io)).toBe(true);
    expect(io.printed.stderr).toBe('');
  });

  test('without a terminal nobody can be asked', async () => {
    await expect(confirm('Go ahead?', false, fakeIo())).rejects.toMatchObject({
      detail: { code: 'Usage', hint: expect.stringContaining('-y') },
    });
  });

  test('an interruption ends the question', async () => {
    const stop = new AbortController();
    const io = fakeIo({ asks: true, signal: stop.signal });
    Object.assign(io.stdin, { _read: () => {} }); // input that never comes
    const asking = confirm('Go ahead?', false, io);
    setImmediate(() => stop.abort(new Error('stopped')));
    await expect(asking).rejects.toThrow();
  });
});
