import { expect, test } from '@jest/globals';
import { Latch, silentLogger } from '../../../src/core/index.ts';
import { fakeClock } from '../../support/fake-clock.ts';

/** A latch, and a wait at it that tells whether it is over. */
function aLatch() {
  const clock = fakeClock();
  const latch = new Latch(clock);
  const stop = new AbortController();
  const wait = (delayMs?: number) => {
    const state = { isOver: false };
    void latch.wait(delayMs, { signal: stop.signal, log: silentLogger }).then(() => {
      state.isOver = true;
    });
    return state;
  };
  return { clock, latch, stop, wait };
}

const ends: Record<string, { delayMs?: number; end: (it: ReturnType<typeof aLatch>) => unknown }> = {
  'a wake-up': { end: ({ latch }) => latch.wake() },
  'its time': { delayMs: 1_000, end: ({ clock }) => clock.advance(1_000) },
  'an abort': { end: ({ stop }) => stop.abort() },
  'an abort, whatever its time,': { delayMs: 1_000, end: ({ stop }) => stop.abort() },
};

test.each(Object.entries(ends))('%s ends a wait, and nothing of it is left', async (_name, { delayMs, end }) => {
  const it = aLatch();
  const wait = it.wait(delayMs);
  await it.clock.advance(999);
  expect(wait.isOver).toBe(false);
  await end(it);
  await it.clock.settle();
  expect(wait.isOver).toBe(true);
  expect(it.clock.pending).toBe(0);
});

test('a wake-up that nobody waits for ends the next wait, and only that one', async () => {
  const { clock, latch, wait } = aLatch();
  latch.wake();
  latch.wake();
  const next = wait();
  await clock.settle();
  expect(next.isOver).toBe(true);
  const later = wait();
  await clock.settle();
  expect(later.isOver).toBe(false);
});

test('a wait that begins after the abort is over at once', async () => {
  const { clock, stop, wait } = aLatch();
  stop.abort();
  const state = wait(1_000);
  await clock.settle();
  expect(state.isOver).toBe(true);
});
