import { expect, test } from '@jest/globals';
import { FightDetector } from '../../../src/apply/index.ts';
import { OperatorError } from '../../../src/core/index.ts';
import { fakeClock } from '../../support/fake-clock.ts';

const KEY = 'apps/Deployment/istio-system/istiod';
const reason = new OperatorError('somebody else', { code: 'FieldConflict' });

test('two repairs within a minute are suspicious, two that are further apart are not', async () => {
  const clock = fakeClock();
  const fights = new FightDetector(clock);
  fights.repaired(KEY);
  expect(fights.isSuspicious(KEY, 2)).toBe(false);
  await clock.advance(61_000);
  fights.repaired(KEY);
  expect(fights.isSuspicious(KEY, 2)).toBe(false);
  fights.repaired(KEY);
  expect(fights.isSuspicious(KEY, 2)).toBe(true);
  expect(fights.isSuspicious('another', 2)).toBe(false);
});

test('after a rest the repairs before it no longer count', async () => {
  const clock = fakeClock();
  const fights = new FightDetector(clock);
  fights.repaired(KEY);
  fights.rest(KEY, reason);
  await clock.advance(30_000);
  expect(fights.isSuspicious(KEY, 2)).toBe(false);
  fights.repaired(KEY);
  expect(fights.isSuspicious(KEY, 2)).toBe(true);
});

test('each rest is twice as long as the one before, up to half an hour, and a single repair after it is suspicious', async () => {
  const clock = fakeClock();
  const fights = new FightDetector(clock);
  const seconds: number[] = [];
  for (let rest = 0; rest < 8; rest++) {
    const startMs = clock.monotonicMs();
    fights.repaired(KEY);
    fights.rest(KEY, reason);
    while (fights.resting(KEY) === reason) await clock.advance(1_000);
    seconds.push((clock.monotonicMs() - startMs) / 1_000);
    fights.repaired(KEY);
    expect(fights.isSuspicious(KEY, 2)).toBe(true);
  }
  expect(seconds).toEqual([30, 60, 120, 240, 480, 960, 1_800, 1_800]);
});

test('after an hour of peace a fight is forgotten', async () => {
  const clock = fakeClock();
  const fights = new FightDetector(clock);
  fights.repaired(KEY);
  fights.rest(KEY, reason);
  await clock.advance(3_700_000);
  fights.repaired(KEY);
  expect(fights.isSuspicious(KEY, 2)).toBe(false);
  fights.rest(KEY, reason);
  await clock.advance(30_000);
  expect(fights.resting(KEY)).toBeUndefined();
});

test('an object that is never repaired again is forgotten when another one is', async () => {
  const clock = fakeClock();
  const fights = new FightDetector(clock);
  fights.repaired('once');
  await clock.advance(61 * 60_000);
  fights.repaired('another');
  expect(fights.size).toBe(1);
});
