import { describe, expect, test } from '@jest/globals';
import { formatFailure, say, warn } from '../../../src/cli/terminal/messages.ts';
import { formatTable } from '../../../src/cli/terminal/table.ts';
import { wrapText } from '../../../src/cli/terminal/wrap.ts';
import { OperatorError } from '../../../src/core/index.ts';
import { fakeIo } from './fake-io.ts';

describe('wrapping', () => {
  const cases: Record<string, { text: string; columns: number; want: string }> = {
    'a short line stays as it is': { text: 'a b', columns: 3, want: 'a b' },
    'a long one is broken at blanks': { text: 'aa bb cc', columns: 5, want: 'aa bb\n  cc' },
    'what follows is indented, and the indent counts': { text: 'aaaa bb cc', columns: 5, want: 'aaaa\n  bb\n  cc' },
    'the indent of the line itself stays': { text: '  aa bb', columns: 5, want: '  aa\n  bb' },
    'a word that is too long stays whole': { text: 'a bbbbbbbb c', columns: 4, want: 'a\n  bbbbbbbb\n  c' },
    'each line is wrapped by itself': { text: 'aa bb\ncc dd', columns: 4, want: 'aa\n  bb\ncc\n  dd' },
  };
  test.each(Object.entries(cases))('%s', (_name, { text, columns, want }) => {
    expect(wrapText(text, columns, 2)).toBe(want);
  });
});

describe('messages', () => {
  const failure = new OperatorError('Something is wrong here.', { code: 'Usage', hint: 'Do something about it.' });

  test('lines stay whole where output goes to a file', () => {
    expect(formatFailure(failure, fakeIo({ columns: 20 }))).toBe(
      'error: Something is wrong here.\n       Do something about it.\n',
    );
  });

  test('on a terminal they are wrapped and the label is coloured', () => {
    const io = fakeIo({ columns: 20, isTerminal: true });
    expect(formatFailure(failure, io)).toBe(
      '\u001b[31merror\u001b[39m: Something is\n       wrong here.\n       Do something\n       about it.\n',
    );
  });

  test('the code stands behind the message, dimmed where there are colours', () => {
    const notFound = new OperatorError('No such profile.', { code: 'ProfileNotFound', hint: 'Use another one.' });
    expect(formatFailure(notFound, fakeIo())).toBe(
      'error: No such profile. [ProfileNotFound]\n       Use another one.\n',
    );
    expect(formatFailure(notFound, fakeIo({ columns: 30, isTerminal: true }))).toBe(
      '\u001b[31merror\u001b[39m: No such profile.\n       \u001b[2m[ProfileNotFound]\u001b[22m\n       Use another one.\n',
    );
  });

  test('NO_COLOR is obeyed', async () => {
    const io = fakeIo({ isTerminal: true, env: { NO_COLOR: '1' } });
    await warn([{ message: 'Mind the gap.' }], io);
    expect(io.printed.stderr).toBe('warning: Mind the gap.\n');
  });

  test('of thousands of findings the first are shown, and how many more there are', async () => {
    const io = fakeIo();
    await warn(
      Array.from({ length: 5000 }, (_, index) => ({ message: `Number ${index}.` })),
      io,
    );
    const lines = io.printed.stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toBe('warning: 4900 more that are not shown.');
  });

  test('sentences are wrapped without an indent', async () => {
    const io = fakeIo({ columns: 8, isTerminal: true });
    await say('one two three', io);
    expect(io.printed.stderr).toBe('one two\nthree\n');
  });
});

describe('tables', () => {
  const rows = [
    ['STATE', 'OBJECT', 'DETAIL'],
    ['missing', 'Deployment istio-system/istio-ingressgateway', 'does not exist, and nobody knows why that is so'],
  ];

  test('a row is one line where output goes to a file, however long', () => {
    expect(formatTable(rows, fakeIo({ columns: 40 }).stdout).split('\n')).toHaveLength(3);
  });

  test('on a narrow terminal long cells are broken behind blanks and signs, and columns stay aligned', () => {
    expect(formatTable(rows, fakeIo({ columns: 52, isTerminal: true }).stdout)).toBe(
      [
        'STATE     OBJECT                DETAIL',
        'missing   Deployment            does not exist, and',
        '          istio-system/istio-   nobody knows why',
        '          ingressgateway        that is so',
        '',
      ].join('\n'),
    );
  });

  test('as long as that is enough, cells are broken at blanks only, so that names can be copied', () => {
    expect(formatTable(rows, fakeIo({ columns: 72, isTerminal: true }).stdout)).toBe(
      [
        'STATE     OBJECT                              DETAIL',
        'missing   Deployment                          does not exist, and nobody',
        '          istio-system/istio-ingressgateway   knows why that is so',
        '',
      ].join('\n'),
    );
  });

  test('single words are never broken, even if the table is then too wide', () => {
    const text = formatTable(
      [
        ['COMPONENT', 'X'],
        ['IngressGateways', 'a-b-c'],
      ],
      fakeIo({ columns: 10, isTerminal: true }).stdout,
    );
    expect(text).toContain('IngressGateways   a-b-c\n');
  });
});
