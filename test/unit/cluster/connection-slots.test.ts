import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { ConnectionSlots } from '../../../src/cluster/connection-slots.ts';

const NEVER = new AbortController().signal;

/** Asks for a slot and notes when it is granted. */
function ask(slots: ConnectionSlots, name: string, granted: string[], priority?: 'high', signal = NEVER) {
  return slots.acquire(priority, signal).then((slot) => {
    granted.push(name);
    return slot;
  });
}

test('normal requests leave the reserved slots free', async () => {
  const slots = new ConnectionSlots(3, 1);
  const granted: string[] = [];
  for (const name of ['a', 'b', 'c']) void ask(slots, name, granted);
  await setImmediate();
  expect(granted).toEqual(['a', 'b']);
  void ask(slots, 'high', granted, 'high');
  await setImmediate();
  expect(granted).toEqual(['a', 'b', 'high']);
});

test('of those that wait, high priority goes first, then who came first', async () => {
  const slots = new ConnectionSlots(1, 0);
  const granted: string[] = [];
  let slot = await slots.acquire(undefined, NEVER);
  const waiting = new Map<string, Promise<Disposable>>();
  for (const [name, priority] of [
    ['a', undefined],
    ['b', undefined],
    ['x', 'high'],
    ['y', 'high'],
  ] as const) {
    waiting.set(name, ask(slots, name, granted, priority));
  }
  for (const name of ['x', 'y', 'a', 'b']) {
    slot[Symbol.dispose]();
    slot = (await waiting.get(name)) ?? slot;
  }
  expect(granted).toEqual(['x', 'y', 'a', 'b']);
});

test('who stops waiting does not take a slot', async () => {
  const slots = new ConnectionSlots(1, 0);
  const first = await slots.acquire(undefined, NEVER);
  const stop = new AbortController();
  const given = slots.acquire(undefined, stop.signal);
  const next = slots.acquire(undefined, NEVER);
  stop.abort(new Error('enough'));
  await expect(given).rejects.toThrow('enough');
  first[Symbol.dispose]();
  first[Symbol.dispose](); // freeing twice frees once
  using _slot = await next;
  const late: string[] = [];
  void ask(slots, 'late', late);
  await setImmediate();
  expect(late).toEqual([]);
});
