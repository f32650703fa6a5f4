import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { acquireLock } from '../../cluster/lock.ts';

const never = new AbortController().signal;
const aName = () => `test-${randomUUID()}`;

test('a second holder waits until the first one gives the lock back', async () => {
  const name = aName();
  const events: string[] = [];
  const isWaiting = Promise.withResolvers<number>();
  const first = await acquireLock(name, () => {}, never);
  const second = acquireLock(name, isWaiting.resolve, never).then((lock) => {
    events.push('second');
    return lock;
  });
  expect(await Promise.race([isWaiting.promise, second])).toBe(process.pid);
  events.push('released');
  await first[Symbol.asyncDispose]();
  await (await second)[Symbol.asyncDispose]();
  expect(events).toEqual(['released', 'second']);
});

test('the lock of a dead process is taken over', async () => {
  const name = aName();
  const { path } = await acquireLock(name, () => {}, never);
  const { pid } = spawnSync(process.execPath, ['--version']);
  await writeFile(path, `${pid} 1`);
  await using lock = await acquireLock(name, () => {}, never);
  expect(await readFile(lock.path, 'utf8')).toMatch(new RegExp(`^${process.pid} `));
});

test('the lock of a process whose id belongs to another one by now is taken over', async () => {
  const name = aName();
  const { path } = await acquireLock(name, () => {}, never);
  await writeFile(path, `${process.pid} 1`);
  await using lock = await acquireLock(name, () => {}, never);
  expect(lock.path).toBe(path);
});

test('an abort ends the wait with its reason', async () => {
  const name = aName();
  await using _lock = await acquireLock(name, () => {}, never);
  const abort = new AbortController();
  const waiting = acquireLock(name, () => abort.abort(new Error('enough')), abort.signal);
  await expect(waiting).rejects.toThrow('enough');
});
