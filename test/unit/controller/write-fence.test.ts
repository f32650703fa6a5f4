import { expect, test } from '@jest/globals';
import { clientFor } from '../../../src/cluster/connect.ts';
import { WriteFence } from '../../../src/controller/leadership/fenced-cluster.ts';
import { silentLogger } from '../../../src/core/index.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { answer, aScope, fail, failureOf, liveConfigMap, startApiServer, until } from '../cluster/api-server.ts';

const OBJECT = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'it', namespace: 'default' } };
const OURS = { fieldManager: 'ours', force: true };

test('until it is guarded everything passes; then reads and the lease do, and writes with the lease only', () => {
  const fence = new WriteFence();
  const passes = (verb: string, resource: string) => {
    try {
      fence.check({ verb, resource });
      return true;
    } catch {
      return false;
    }
  };
  expect(passes('apply', 'deployments')).toBe(true);
  let isHeld = false;
  fence.guard(() => isHeld);
  const requests = [
    ['get', 'deployments'],
    ['list', 'deployments'],
    ['watch', 'deployments'],
    ['discover', 'discovery'],
    ['update', 'leases'],
    ['apply', 'deployments'],
    ['create', 'events'],
    ['patch', 'istiooperators'],
    ['delete', 'services'],
  ] as const;
  const refused = () => requests.filter(([verb, resource]) => !passes(verb, resource)).map(([verb]) => verb);
  expect(refused()).toEqual(['apply', 'create', 'patch', 'delete']);
  isHeld = true;
  expect(refused()).toEqual([]);
});

test('a write that would be tried again after the lease is lost is not', async () => {
  await using server = await startApiServer((_request, response) => fail(response, 503, 'ServiceUnavailable'));
  const clock = fakeClock();
  const fence = new WriteFence();
  let isHeld = true;
  fence.guard(() => isHeld);
  const credentials = { authenticate: async () => ({ headers: {}, tls: {} }), expire: () => {} };
  const target = { server: server.url, namespace: 'default', credentials };
  using cluster = clientFor(target, {}, { clock, beforeRequest: (request) => fence.check(request) }, silentLogger);
  const failure = failureOf(cluster.apply(OBJECT, OURS, aScope()));
  await until(() => clock.pending === 2); // the deadline of the call and the pause before the next attempt
  isHeld = false;
  await clock.advance(1_000);
  expect((await failure).detail.code).toBe('LeaseLost');
  expect(server.requests).toHaveLength(1);
});

test('a write whose connection is still being made when the lease is lost is not sent', async () => {
  await using server = await startApiServer((_request, response) => answer(response, 200, liveConfigMap('it')));
  const answers = [true, false]; // before a connection is asked for, and when it is there
  const fence = new WriteFence();
  fence.guard(() => answers.shift() ?? false);
  const credentials = { authenticate: async () => ({ headers: {}, tls: {} }), expire: () => {} };
  const target = { server: server.url, namespace: 'default', credentials };
  const beforeRequest = (request: { verb: string; resource: string }) => fence.check(request);
  using cluster = clientFor(target, {}, { clock: fakeClock(), beforeRequest }, silentLogger);
  expect((await failureOf(cluster.apply(OBJECT, OURS, aScope()))).detail.code).toBe('LeaseLost');
  expect(answers).toEqual([]);
  expect(server.requests).toEqual([]);
});

test('a write that waited for a free connection while the lease was lost is not sent', async () => {
  const release = Promise.withResolvers<void>();
  await using server = await startApiServer((_request, response) => {
    release.promise.then(() => answer(response, 200, liveConfigMap('it')));
  });
  const clock = fakeClock();
  const fence = new WriteFence();
  let isHeld = true;
  fence.guard(() => isHeld);
  const credentials = { authenticate: async () => ({ headers: {}, tls: {} }), expire: () => {} };
  const target = { server: server.url, namespace: 'default', credentials };
  const options = { connections: 4 };
  using cluster = clientFor(target, options, { clock, beforeRequest: (request) => fence.check(request) }, silentLogger);
  const calls = Array.from({ length: 5 }, () => cluster.apply(OBJECT, OURS, aScope()));
  const ended = Promise.allSettled(calls);
  await until(() => server.requests.length === 2); // two of the four are for the lease
  isHeld = false;
  release.resolve();
  expect((await ended).map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'rejected',
    'rejected',
  ]);
  expect(server.requests).toHaveLength(2);
});
