import { describe, expect, test } from '@jest/globals';
import { blocksOf, PAGES, pageText } from './markdown.ts';
import { missingLines } from './steps.ts';

test('no command hides in indented text, which is not tried', () => {
  const hidden = PAGES.filter((page) => /^ {4,}(kubectl|iop|helm|docker|npm) /m.test(pageText(page)));
  expect(hidden).toEqual([]);
});

test('where no output is expected none is missed, whatever is printed', () => {
  expect(missingLines('', '{"without":"a newline"}')).toEqual([]);
});

describe('an expected output', () => {
  const printed = 'NAME   AGE\nistiod-5d9f8c7b6d-x2x4z   12s\nmesh   2m3s\n';
  test.each([
    ['of other ages, pods and columns is the same', 'NAME AGE\nistiod-7c5b9f6d4f-abcde  7s\n', []],
    ['may leave lines out', 'NAME AGE\nmesh  1h\n', []],
    ['has its lines in order', 'mesh  1h\nNAME AGE\n', ['NAME AGE']],
    ['that is another one is told apart', 'NAME AGE\nnet  1h\n', ['net  1h']],
  ])('%s', (_name, expected, missing) => {
    expect(missingLines(expected, printed)).toEqual(missing);
  });
});

const MARKS = /^(cluster|output|(file|until|exit)=\S+)$/;
const blocks = PAGES.flatMap(blocksOf).filter(({ info }) => info[0] !== 'run:');

test.each(blocks.map((block) => [block.at, block] as const))('the marks at %s are known', (_at, { info, text }) => {
  const [, ...marks] = info;
  expect(marks.filter((mark) => !MARKS.test(mark))).toEqual([]);
  const isOneCommand = text.replaceAll('\\\n', ' ').trim().split('\n').length === 1;
  expect(isOneCommand || !marks.some((mark) => /^(until|exit)=/.test(mark))).toBe(true);
});
