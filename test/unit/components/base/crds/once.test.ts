import { expect, test } from '@jest/globals';
import { once } from '../../../../../src/components/base/crds/once.ts';

test('a part is built at its first use, and once', () => {
  let builds = 0;
  const part = once(() => ({ build: ++builds }));
  expect(builds).toBe(0);
  expect(part()).toBe(part());
  expect(builds).toBe(1);
});

test('a failed build is tried again', () => {
  let attempts = 0;
  const part = once(() => {
    attempts += 1;
    if (attempts === 1) throw new Error('first attempt');
    return { attempts };
  });
  expect(part).toThrow('first attempt');
  expect(part()).toEqual({ attempts: 2 });
});
