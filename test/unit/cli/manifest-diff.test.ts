import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lineDiff } from '../../../src/apply/index.ts';
import { formatChanges } from '../../../src/cli/terminal/format-diff.ts';
import { iop } from './fake-io.ts';

const map = (name: string, data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: ${data}\n`;

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'iop-diff-'));
  await writeFile(join(cwd, 'a.yaml'), [map('one', '{x: "1"}'), map('two', '{}')].join('---\n'));
  await writeFile(join(cwd, 'b.yaml'), [map('one', '{x: "2"}'), map('three', '{}')].join('---\n'));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

describe('manifest diff', () => {
  test('shows added, removed and changed objects and fails', async () => {
    const { exitCode, stdout } = await iop(['manifest', 'diff', 'a.yaml', 'b.yaml'], { cwd });
    expect(stdout).toBe('~ ConfigMap one\n    ~ data.x: "1" → "2"\n- ConfigMap two\n+ ConfigMap three\n');
    expect(exitCode).toBe(1);
  });

  test('two that are the same print nothing on stdout', async () => {
    const { exitCode, stdout } = await iop(['manifest', 'diff', 'a.yaml', '-'], {
      cwd,
      stdin: [map('two', '{}'), map('one', '{x: "1"}')].join('---\n'),
    });
    expect([exitCode, stdout]).toEqual([0, '']);
  });

  test('a document that is no object is named', async () => {
    const { exitCode, stderr } = await iop(['manifest', 'diff', 'a.yaml', '-'], { cwd, stdin: '- 1\n' });
    expect(stderr).toContain('<stdin>:1: this is no Kubernetes object');
    expect(exitCode).toBe(2); // 1 says that the two differ
  });

  test('profile diff shows what a profile adds', async () => {
    const { exitCode, stdout } = await iop(['profile', 'diff', 'default', 'demo']);
    expect(stdout).toContain('enabled: false → true');
    expect(stdout).toContain('+ spec.values.meshConfig.accessLogFile: "/dev/stdout"\n');
    expect(stdout).toContain('+ spec.addonComponents.kiali.enabled: true\n');
    expect(stdout).not.toContain('{');
    expect(exitCode).toBe(1);
    expect((await iop(['profile', 'diff', 'demo', 'demo'])).exitCode).toBe(0);
    expect((await iop(['profile', 'diff', 'demo', 'nosuch'])).exitCode).toBe(2);
  });
});

describe('a diff of lines', () => {
  const cases: Record<string, { before: string; after: string; want: readonly string[] }> = {
    'a line is replaced': { before: 'a\nb\nc', after: 'a\nx\nc', want: ['  a', '- b', '+ x', '  c'] },
    'a line is added at the end': { before: 'a', after: 'a\nb', want: ['  a', '+ b'] },
    'a line is removed at the start': { before: 'a\nb', after: 'b', want: ['- a', '  b'] },
    'lines that repeat': { before: 'a\na', after: 'a\na\na', want: ['  a', '  a', '+ a'] },
    'what is far from a change is left out': {
      before: '1\n2\n3\n4\n5\n6\n7\nx',
      after: '1\n2\n3\n4\n5\n6\n7\ny',
      want: ['  6', '  7', '- x', '+ y'],
    },
  };
  test.each(Object.entries(cases))('%s', (_name, { before, after, want }) =>
    expect(lineDiff(before, after)).toEqual(want));

  test('texts of many lines are not compared line by line', () => {
    expect(lineDiff('x\n'.repeat(3_000), 'y\n'.repeat(3_000))).toHaveLength(2);
  });

  test('a long value is cut', () => {
    const text = formatChanges([{ path: 'a', after: 'x'.repeat(1_000) }], (_format, plain) => plain);
    expect(text.length).toBeLessThan(300);
  });
});
