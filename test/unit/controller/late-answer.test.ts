import { expect, test } from '@jest/globals';
import { aConfigMap, operatorRef, refTo, testOperator, withCalls } from './test-operator.ts';

test.each([
  'an event',
  'the next list',
])('D1: an object that somebody deletes before the answer to our write arrives is made again, told by %s', async (told) => {
  const config = aConfigMap('istio');
  let isRacing = false;
  let isMissed = false;
  await using operator = await testOperator({
    through: (cluster) =>
      withCalls(cluster, {
        apply: async (object, options, scope) => {
          const answer = await cluster.apply(object, options, scope);
          if (isRacing && object.metadata.name === 'istio') {
            isRacing = false;
            await turns();
            isMissed = told === 'the next list';
            cluster.remove(refTo(config));
            if (isMissed) cluster.breakWatches();
            await turns(); // the watch tells of it first
          }
          return answer;
        },
        watch: (kind, selection, handler, scope) => {
          const onEvent: typeof handler.onEvent = (type, object) => {
            if (!(isMissed && type === 'DELETED')) handler.onEvent(type, object);
          };
          return cluster.watch(kind, selection, { ...handler, onEvent }, scope);
        },
      }),
  });
  await operator.apply('mesh', { objects: { Pilot: [config] } });
  isRacing = true;
  operator.cluster.remove(refTo(config));
  await operator.clock.settle();
  expect(isRacing).toBe(false);
  expect(operator.cluster.peek(refTo(config))).toBeDefined();
});

test('B1: a CR that is deleted before the answer to our write arrives stays gone, and so does what it had installed', async () => {
  let isRacing = false;
  await using operator = await testOperator({
    usesFinalizer: false,
    through: (cluster) =>
      withCalls(cluster, {
        patch: async (ref, patch, options, scope) => {
          const answer = await cluster.patch(ref, patch, options, scope);
          if (isRacing) {
            isRacing = false;
            cluster.remove(operatorRef('mesh'));
            await turns(); // the watch tells of it first
          }
          return answer;
        },
      }),
  });
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  isRacing = true;
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] }, note: 'another generation' });
  expect(operator.resource('mesh')).toBeUndefined();
  operator.cluster.remove(refTo(aConfigMap('istio')));
  await operator.clock.advance(60_000);
  expect(operator.cluster.peek(refTo(aConfigMap('istio')))).toBeUndefined();
});

/** Lets the watch tell what it has to tell. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
