import { expect, test } from '@jest/globals';
import { aConfigMap, refTo, testOperator, withCalls } from './test-operator.ts';

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
