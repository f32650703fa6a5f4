import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { formatBuild, formatDuration, type Progress, showProgress } from '../../cluster/progress.ts';

function aBuild(over: Partial<Extract<Progress, { kind: 'build' }>> = {}) {
  const defaults = { kind: 'build', binary: 'etcd', state: 'building', elapsedMs: 0, expectedMs: 60_000 } as const;
  return { ...defaults, ...over };
}

/** What is written when these are shown one after the other. */
function shown(stream: { isTTY: boolean; columns?: number }, progresses: readonly Progress[]): string {
  const out = new PassThrough();
  const show = showProgress(Object.assign(out, stream) as unknown as NodeJS.WriteStream);
  for (const progress of progresses) show(progress);
  return String(out.read() ?? '');
}

test('a duration is shown as minutes and seconds', () => {
  expect([0, 9_400, 61_000, 600_000].map(formatDuration)).toEqual(['0:00', '0:09', '1:01', '10:00']);
});

test('a build line names the command, the elapsed and the expected time', () => {
  expect(formatBuild(aBuild({ elapsedMs: 5_000 }))).toBe('etcd                    building 0:05 of about 1:00');
});

test('without a terminal a build is a line at its start, its end, and every half minute', () => {
  const seconds = Array.from({ length: 65 }, (_, second) => aBuild({ elapsedMs: second * 1_000 }));
  const text = shown({ isTTY: false }, [aBuild({ state: 'waiting' }), ...seconds, aBuild({ state: 'built' })]);
  expect(text.match(/building|built/g)).toEqual(['building', 'building', 'building', 'built']);
  expect(text).not.toContain('\x1b');
});

test('on a terminal the lines are redrawn in place', () => {
  const text = shown({ isTTY: true, columns: 80 }, [aBuild(), aBuild({ binary: 'kwok' }), aBuild({ state: 'built' })]);
  expect(
    text.endsWith(
      '\x1b[2A\x1b[2Ketcd                    built in 0:00\n\x1b[2Kkwok                    building 0:00 of about 1:00\n',
    ),
  ).toBe(true);
});

test('on a narrow terminal no line wraps', () => {
  const text = shown({ isTTY: true, columns: 20 }, [aBuild()]);
  expect(text.replace('\x1b[2K', '').trimEnd().length).toBeLessThan(20);
});
