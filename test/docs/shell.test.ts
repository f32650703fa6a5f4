import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Shell } from './shell.ts';

let shell: Shell;

beforeEach(() => {
  shell = new Shell(tmpdir(), { PATH: process.env.PATH ?? '' });
});

afterEach(async () => {
  await shell[Symbol.asyncDispose]();
});

test('variables, functions and the folder carry over from block to block', async () => {
  await shell.run('NAME=mesh\nhello() { echo "hello $1"; }\ncd /\n');
  expect(await shell.run('hello $NAME\npwd\n')).toBe('hello mesh\n/\n');
});

describe('a block fails', () => {
  test.each([
    ['with a command that fails', 'echo before\nfalse\necho after\n', 'before\nexit code 1: false'],
    ['with a command that does not exist', 'no-such-command\n', 'no-such-command: command not found'],
    ['in the middle of a pipe', 'false | cat\necho after\n', 'exit code 1'],
    ['with text that bash cannot read', 'if true; then\n', 'syntax error'],
  ])('%s', async (_name, text, says) => {
    const failure = shell.run(text);
    await expect(failure).rejects.toThrow(says);
    await expect(failure).rejects.not.toThrow('\nafter\n');
  });

  test('with another exit code than the one that the page says', async () => {
    await expect(shell.run('(exit 3)\n', { exitCode: 2 })).rejects.toThrow('exit code 3, not 2');
  });

  test('when it takes too long', async () => {
    await expect(shell.run('sleep 60\n', { timeoutMs: 50 })).rejects.toThrow('After 0.05 s');
  });

  test('when it ends and has not printed what it was interrupted for', async () => {
    await expect(shell.run('echo something\n', { until: 'HEALTHY' })).rejects.toThrow('not printed "HEALTHY"');
  });
});

test('a command that ends with the code that the page says is right', async () => {
  expect(await shell.run('(echo done; exit 2)\n', { exitCode: 2 })).toBe('done\n');
});

test('a command that goes on for ever is interrupted when it has printed enough, and the next block runs', async () => {
  expect(await shell.run('bash -c "while true; do echo HEALTHY; sleep 0.1; done"\n', { until: 'HEALTHY' })).toContain(
    'HEALTHY',
  );
  expect(await shell.run('echo next\n')).toBe('next\n');
});
