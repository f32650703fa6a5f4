import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import type { LiveObject, WatchHandler } from '../../../src/apply/index.ts';
import { WATCH_TIMES, WatchLoop, type WatchSource } from '../../../src/cluster/watch-loop.ts';
import type { WatchEvent } from '../../../src/cluster/watch-stream.ts';
import { OperatorError } from '../../../src/core/index.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { aScope, liveConfigMap } from './api-server.ts';

/** Runs a loop on a source that the test plays; streams end when the test ends. */
function aLoop(source: Partial<WatchSource>, handler: Partial<WatchHandler> = {}) {
  const clock = fakeClock();
  const stop = new AbortController();
  const seen: string[] = [];
  const loop = new WatchLoop(
    {
      list: async () => ({ items: [object('a', '1')], resourceVersion: '1' }),
      stream: (_options, { signal }) => openStream([], signal),
      appearance: untilAborted,
      ...source,
    },
    {
      onSync: (objects) => seen.push(`SYNC ${objects.map(({ metadata }) => metadata.name)}`),
      onEvent: (type, { metadata }) => seen.push(`${type} ${metadata.name}`),
      onError: (error) => seen.push(`ERROR ${error.message}`),
      ...handler,
    },
    clock,
    WATCH_TIMES,
  );
  const running = loop.run(aScope(stop.signal));
  return {
    clock,
    seen,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
}

/** Yields events, and stays open. */
async function* openStream(events: readonly WatchEvent[], signal: AbortSignal): AsyncGenerator<WatchEvent> {
  yield* events;
  await untilAborted(signal);
}

async function* endedStream(): AsyncGenerator<WatchEvent> {
  yield* [];
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

function object(name: string, resourceVersion: string): LiveObject {
  return liveConfigMap(name, resourceVersion) as LiveObject;
}

const notServed = () => Promise.reject(new OperatorError('not served', { code: 'KindNotServed' }));

test('a kind that is not served has no objects, which is said once, and is looked for ever more rarely', async () => {
  let lists = 0;
  await using loop = aLoop({
    list: () => {
      lists++;
      return notServed();
    },
  });
  const delays: (number | undefined)[] = [];
  for (let round = 0; round < 9; round++) {
    await loop.clock.settle();
    delays.push(loop.clock.nextInMs);
    await loop.clock.advance(loop.clock.nextInMs ?? 0);
  }
  expect(delays).toEqual([75, 150, 300, 600, 1_200, 2_400, 4_800, 7_500, 7_500]);
  expect(lists).toBe(10);
  expect(loop.seen).toEqual(['SYNC ']);
});

test('a kind that appears is listed at once', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isServed = false;
  const items = [object('a', '1')];
  await using loop = aLoop({
    list: () => (isServed ? Promise.resolve({ items, resourceVersion: '1' }) : notServed()),
    appearance: () => promise,
  });
  await loop.clock.settle();
  isServed = true;
  resolve();
  await loop.clock.settle();
  expect(loop.seen).toEqual(['SYNC ', 'SYNC a']);
  expect(loop.clock.pending).toBe(0);
});

test('a list is reported with the version of the collection, and the lack of one without', async () => {
  const versions: (string | undefined)[] = [];
  const onSync = (_objects: readonly LiveObject[], resourceVersion: string | undefined) =>
    versions.push(resourceVersion);
  await using listed = aLoop({ list: async () => ({ items: [object('a', '1')], resourceVersion: '7' }) }, { onSync });
  await listed.clock.settle();
  await using missing = aLoop({ list: notServed }, { onSync });
  await missing.clock.settle();
  expect(versions).toEqual(['7', undefined]);
});

test('a list that fails is reported and tried again', async () => {
  let lists = 0;
  const unavailable = new OperatorError('down', { code: 'ApiUnavailable' });
  await using loop = aLoop({
    list: async () => {
      if (++lists < 3) throw unavailable;
      return { items: [object('a', '1')], resourceVersion: '1' };
    },
  });
  await loop.clock.advance(2_000);
  expect(loop.seen).toEqual(['ERROR down', 'ERROR down', 'SYNC a']);
});

test('a handler that throws does not end the watch; the next list makes good what it missed', async () => {
  let events = 0;
  await using loop = aLoop(
    {
      stream: (_options, { signal }) =>
        openStream([{ type: 'MODIFIED', object: object('a', String(++events + 1)) }], signal),
    },
    {
      onEvent: () => {
        if (events === 1) throw new Error('a bug');
      },
    },
  );
  await loop.clock.settle();
  expect(loop.seen).toEqual(['SYNC a', 'ERROR a bug']);
  await loop.clock.advance(400);
  expect(loop.seen).toEqual(['SYNC a', 'ERROR a bug', 'SYNC a']);
});

test('a server that ends watches at once is not asked in a tight loop', async () => {
  let streams = 0;
  await using loop = aLoop({
    stream: () => {
      streams++;
      return endedStream();
    },
  });
  await loop.clock.settle();
  expect(streams).toBe(1);
  await loop.clock.advance(10_000);
  expect(streams).toBeLessThan(7);
});
