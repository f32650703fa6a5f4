import { expect, test } from '@jest/globals';
import { type Requeue, WorkQueue } from '../../../src/controller/work-queue.ts';
import { silentLogger } from '../../../src/core/index.ts';
import { fakeClock } from '../../support/fake-clock.ts';

/** A queue whose work is done by hand: each started key waits until the test finishes it. */
function aQueue(concurrency = 2) {
  const clock = fakeClock();
  const started: string[] = [];
  const open = new Map<string, (requeue: Requeue) => void>();
  const failing = new Set<string>();
  const queue = new WorkQueue(
    { concurrency, minBackoffMs: 100, maxBackoffMs: 1_000 },
    {
      clock,
      work: (key) => {
        started.push(key);
        if (failing.has(key)) return Promise.reject(new Error('broken'));
        const { promise, resolve } = Promise.withResolvers<Requeue>();
        open.set(key, resolve);
        return promise;
      },
    },
  );
  const stop = new AbortController();
  const running = queue.run({ signal: stop.signal, log: silentLogger });
  const settle = () => clock.advance(0);
  const finish = async (key: string, requeue: Requeue = { kind: 'done' }) => {
    open.get(key)?.(requeue);
    await settle();
  };
  return { queue, clock, started, failing, finish, settle, stop: () => stop.abort(), running };
}

test('a key that waits is not added twice', async () => {
  const { queue, started, settle } = aQueue();
  queue.add('a');
  queue.add('a');
  await settle();
  expect(started).toEqual(['a']);
});

test('one key is never worked on by two workers; added meanwhile it comes again', async () => {
  const { queue, started, settle, finish } = aQueue();
  queue.add('a');
  await settle();
  queue.add('a');
  queue.add('a');
  await settle();
  expect(started).toEqual(['a']);
  await finish('a');
  expect(started).toEqual(['a', 'a']);
});

test('no more keys than workers are under way', async () => {
  const { queue, started, settle, finish } = aQueue(2);
  for (const key of ['a', 'b', 'c']) queue.add(key);
  await settle();
  expect(started).toEqual(['a', 'b']);
  await finish('b');
  expect(started).toEqual(['a', 'b', 'c']);
});

test('a key comes back after the time it asked for, and not before', async () => {
  const { queue, started, clock, settle, finish } = aQueue();
  queue.add('a');
  await settle();
  await finish('a', { kind: 'after', delayMs: 1_000 });
  await clock.advance(999);
  expect(started).toEqual(['a']);
  await clock.advance(1);
  expect(started).toEqual(['a', 'a']);
});

test('a key added while it waits out a delay comes at once, and once', async () => {
  const { queue, started, clock, settle, finish } = aQueue();
  queue.add('a');
  await settle();
  await finish('a', { kind: 'after', delayMs: 1_000 });
  queue.add('a');
  await settle();
  await finish('a');
  await clock.advance(2_000);
  expect(started).toEqual(['a', 'a']);
});

test('a failing key backs off with growing delays up to the limit', async () => {
  const { queue, started, clock, failing } = aQueue();
  failing.add('a');
  queue.add('a');
  const starts: number[] = [];
  for (let ms = 0; ms <= 4_000; ms += 50) {
    await clock.advance(50);
    while (starts.length < started.length) starts.push(ms);
  }
  const gaps = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
  expect(gaps.length).toBeGreaterThan(4);
  expect(gaps.every((gap, index) => gap >= (gaps[index - 1] ?? 0) - 250)).toBe(true);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(1_050);
});

test('run ends only when the last worker has stopped', async () => {
  const { queue, settle, finish, stop, running } = aQueue();
  queue.add('a');
  await settle();
  let ended = false;
  void running.then(() => {
    ended = true;
  });
  stop();
  await settle();
  expect(ended).toBe(false);
  await finish('a');
  await running;
  expect(ended).toBe(true);
});
