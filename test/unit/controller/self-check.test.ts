import { expect, test } from '@jest/globals';
import { fencedCluster } from '../../../src/controller/leadership/fenced-cluster.ts';
import { checkRights, neededRights } from '../../../src/controller/self-check.ts';
import { OperatorError, silentLogger } from '../../../src/core/index.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { fakeCluster } from '../../support/fake-cluster.ts';
import { testOperator } from './test-operator.ts';

/** A scope and what is warned of in it. */
function aScope() {
  const warned: object[] = [];
  const log = { ...silentLogger, warn: (fields: object) => void warned.push(fields) };
  return { warned, log, signal: new AbortController().signal };
}

test('rights that the operator lacks are one warning, with verb, resource and namespace', async () => {
  const scope = aScope();
  const denied = [
    { verb: 'delete', resource: 'daemonsets' },
    { verb: 'watch', resource: 'istiooperators' },
  ];
  await checkRights(neededRights(['team-a', 'team-b']), fakeCluster({ denied }), scope);
  expect(scope.warned).toEqual([
    {
      code: 'Forbidden',
      missing: [
        'watch istiooperators.install.istio.io in team-a',
        'watch istiooperators.install.istio.io in team-b',
        'delete daemonsets.apps in all namespaces',
      ],
    },
  ]);
});

test('with all rights nothing is said, and the check needs no lease', async () => {
  const scope = aScope();
  const cluster = fencedCluster(fakeCluster(), { clock: fakeClock(), isHeld: () => false });
  await checkRights(neededRights([]), cluster, scope);
  expect(scope.warned).toEqual([]);
});

test('a server that does not tell stops nobody', async () => {
  const scope = aScope();
  const may = () => Promise.reject(new OperatorError('No answer.', { code: 'ApiUnavailable' }));
  await checkRights(neededRights([]), { ...fakeCluster(), may } as never, scope);
  expect(scope.warned).toEqual([]);
});

test('an operator that is told to end while it asks ends without an error', async () => {
  const stop = new AbortController();
  const scope = { ...aScope(), signal: stop.signal };
  const may = () =>
    new Promise<boolean>((_, reject) => stop.signal.addEventListener('abort', () => reject(stop.signal.reason)));
  const checking = checkRights(neededRights([]), { ...fakeCluster(), may } as never, scope);
  stop.abort();
  await checking;
});

test('an operator checks its rights when it starts', async () => {
  const scope = aScope();
  await using _operator = await testOperator({
    log: scope.log as never,
    fake: { denied: [{ verb: 'list', resource: 'pods' }] },
  });
  expect(scope.warned).toContainEqual({ code: 'Forbidden', missing: ['list pods in all namespaces'] });
});
