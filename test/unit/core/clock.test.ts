import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { systemClock } from '../../../src/core/index.ts';

const DAY_MS = 86_400_000;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test.each([1, 24, 25, 30, 365])('what is to happen after %i days happens then and once, and not before', (days) => {
  const callback = jest.fn();
  systemClock.after(days * DAY_MS, callback);
  jest.advanceTimersByTime(days * DAY_MS - 1);
  expect(callback).not.toHaveBeenCalled();
  jest.advanceTimersByTime(1);
  expect(callback).toHaveBeenCalledTimes(1);
  expect(jest.getTimerCount()).toBe(0);
});

test.each([0, 29])('what is to happen after thirty days can be cancelled after %i', (days) => {
  const callback = jest.fn();
  const timer = systemClock.after(30 * DAY_MS, callback);
  jest.advanceTimersByTime(days * DAY_MS);
  timer[Symbol.dispose]();
  expect(jest.getTimerCount()).toBe(0);
  jest.advanceTimersByTime(60 * DAY_MS);
  expect(callback).not.toHaveBeenCalled();
});
