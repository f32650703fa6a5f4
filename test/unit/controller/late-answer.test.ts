import { expect, test } from '@jest/globals';
import { aConfigMap, operatorRef, refTo, testOperator, withCalls } from './test-operator.ts';

test('D1: an object that somebody deletes before the answer to our write arrives is made again', async () => {
  const config = aConfigMap('istio');
  let isRacing = false;
  await using operator = await testOperator({
    through: (cluster) =>
      withCalls(cluster, {
        apply: async (object, options, scope) => {
          const answer = await cluster.apply(object, options, scope);
          if (isRacing && object.metadata.name === 'istio') {
            isRacing = false;
            cluster.remove(refTo(config));
            for (let turn = 0; turn < 20; turn++) await Promise.resolve(); // the watch tells of it first
          }
          return answer;
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
            for (let turn = 0; turn < 20; turn++) await Promise.resolve(); // the watch tells of it first
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
