import { expect, test } from '@jest/globals';
import type { LiveObject } from '../../../src/apply/index.ts';
import { EventRecorder } from '../../../src/controller/telemetry/event-recorder.ts';
import { asJson, type JsonObject, silentLogger } from '../../../src/core/index.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { fakeCluster } from '../../support/fake-cluster.ts';

function aResource(name = 'mesh'): LiveObject {
  return {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name, namespace: 'istio-system', uid: `uid-${name}`, resourceVersion: '7' },
  };
}

const NOTE = { type: 'Normal', reason: 'Repaired', message: 'Service istio-system/istiod was deleted' } as const;

function aRecorder(cluster = fakeCluster(), clock = fakeClock()) {
  const recorder = new EventRecorder({ cluster, clock });
  const stop = new AbortController();
  const warnings: string[] = [];
  const log = { ...silentLogger, warn: (_fields: object, message: string) => void warnings.push(message) };
  const running = recorder.run({ signal: stop.signal, log });
  return {
    recorder,
    cluster,
    clock,
    warnings,
    events: () => cluster.peekAll('Event').map(asJson) as (JsonObject & { message: string; count: number })[],
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

test('an Event is what kubectl describe looks for', async () => {
  await using it = aRecorder();
  it.recorder.record(aResource(), NOTE);
  await it.clock.settle();
  expect(it.events()).toMatchObject([
    {
      ...NOTE,
      apiVersion: 'v1',
      involvedObject: {
        apiVersion: 'install.istio.io/v1alpha1',
        kind: 'IstioOperator',
        namespace: 'istio-system',
        name: 'mesh',
        uid: 'uid-mesh',
      },
      count: 1,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
      source: { component: 'istio-operator' },
    },
  ]);
});

test('what happens again is counted in one object, with few writes', async () => {
  await using it = aRecorder();
  for (let second = 0; second < 60; second++) {
    it.recorder.record(aResource(), NOTE);
    await it.clock.advance(1_000);
  }
  expect(it.events()).toHaveLength(1);
  await it.clock.advance(10_000);
  expect(it.events()[0]).toMatchObject({ count: 60, lastTimestamp: '2026-01-01T00:00:59Z' });
  expect(it.cluster.writes.length).toBeLessThan(10);
});

test('a CR that has ever new things to tell gets a trickle, and does not hold up another one', async () => {
  await using it = aRecorder();
  for (let i = 0; i < 1_000; i++) it.recorder.record(aResource(), { ...NOTE, message: `object ${i}` });
  it.recorder.record(aResource('other'), NOTE);
  await it.clock.settle();
  expect(it.events().filter(({ message }) => message === NOTE.message)).toHaveLength(1);
  await it.clock.advance(60_000);
  expect(it.cluster.writes.length).toBeLessThanOrEqual(25 + 6 + 1);
});

test('the Event of an earlier process is counted on', async () => {
  const cluster = fakeCluster();
  {
    await using it = aRecorder(cluster);
    it.recorder.record(aResource(), NOTE);
    it.recorder.record(aResource(), NOTE);
    await it.clock.settle();
  }
  await using it = aRecorder(cluster);
  it.recorder.record(aResource(), NOTE);
  await it.clock.settle();
  expect(it.events().map(({ count }) => count)).toEqual([3]);
});

test('an Event that has expired begins anew', async () => {
  await using it = aRecorder();
  it.recorder.record(aResource(), NOTE);
  await it.clock.settle();
  const [event] = it.cluster.peekAll('Event');
  it.cluster.remove({ apiVersion: 'v1', kind: 'Event', namespace: 'istio-system', name: event?.metadata.name ?? '' });
  it.recorder.record(aResource(), NOTE);
  await it.clock.advance(10_000);
  expect(it.events().map(({ count }) => count)).toEqual([1]);
});

test('without the right to write Events it says so once, and goes on', async () => {
  await using it = aRecorder();
  it.cluster.failNext({ kind: 'Event' }, 'Forbidden', 3);
  for (const message of ['a', 'b', 'c', 'd']) it.recorder.record(aResource(), { ...NOTE, message });
  await it.clock.settle();
  expect(it.events().map(({ message }) => message)).toEqual(['d']);
  expect(it.warnings).toEqual(['event not written']);
});

test('names and messages of any length fit the API', async () => {
  await using it = aRecorder();
  it.recorder.record(aResource(`${'a'.repeat(199)}-${'b'.repeat(53)}`), { ...NOTE, message: 'x'.repeat(5_000) });
  await it.clock.settle();
  const [event] = it.cluster.peekAll('Event');
  expect(event?.metadata.name).toMatch(/^a{199}\.[0-9a-f]{16}$/);
  expect(it.events()[0]?.message).toHaveLength(1_024);
});
