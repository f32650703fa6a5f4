import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SourceLines, stepsOf } from '../../../src/cli/input/source-lines.ts';
import { iop } from './fake-io.ts';

const HEADER = 'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\n';
const GOOD = `${HEADER}spec: {profile: demo}\n`;
const BAD = `${HEADER}spec:\n  profile: demo\n  components:\n    pilto:\n      enabled: true\n`;

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'iop-validate-'));
  await writeFile(join(cwd, 'good.yaml'), GOOD);
  await writeFile(join(cwd, 'bad.yaml'), BAD);
  await writeFile(join(cwd, 'two.yaml'), `${GOOD}---\n${BAD}`);
  await writeFile(join(cwd, 'warns.yaml'), `${HEADER}spec:\n  values:\n    global:\n      mtls: {auto: true}\n`);
  await writeFile(join(cwd, 'broken.yaml'), `${HEADER}spec: {\n`);
  await writeFile(join(cwd, 'other.yaml'), 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n');
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

describe('validate', () => {
  test('is content with a good file', async () => {
    expect(await iop(['validate', 'good.yaml'], { cwd })).toEqual({
      exitCode: 0,
      stdout: '1 file: 0 errors, 0 warnings.\n',
      stderr: '',
    });
  });

  test('names file, line, path and near match of what is wrong', async () => {
    const { exitCode, stdout } = await iop(['validate', 'bad.yaml'], { cwd });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('bad.yaml:6: error: spec.components.pilto');
    expect(stdout).toContain('pilot');
  });

  test('goes on with the other files and documents', async () => {
    const { exitCode, stdout } = await iop(['validate', 'two.yaml', '-f', 'bad.yaml', 'good.yaml', '-o', 'json'], {
      cwd,
    });
    const { findings } = JSON.parse(stdout);
    expect(findings.map(({ file, line }: { file: string; line: number }) => `${file}:${line}`)).toEqual([
      'bad.yaml:6',
      'two.yaml:10',
    ]);
    expect(exitCode).toBe(1);
  });

  test('warnings fail with --strict only', async () => {
    expect((await iop(['validate', 'warns.yaml'], { cwd })).exitCode).toBe(0);
    expect((await iop(['validate', '--strict', 'warns.yaml'], { cwd })).exitCode).toBe(1);
  });

  const unreadable: Record<string, string> = {
    'broken.yaml': 'broken.yaml:4:1: error: ',
    'other.yaml': 'other.yaml:1: error: there is no IstioOperator in the file; it holds Secret.',
    'missing.yaml': 'missing.yaml:1: error: Cannot read missing.yaml: it does not exist. [FileNotReadable]',
  };
  test.each(
    Object.entries(unreadable),
  )('%s is an error of that file, in the form of all others', async (name, says) => {
    const { exitCode, stdout, stderr } = await iop(['validate', name], { cwd });
    expect([exitCode, stderr]).toEqual([1, '']);
    expect(stdout.startsWith(says)).toBe(true);
  });

  test('a file that cannot be read does not hide what is wrong with the others', async () => {
    const args = ['validate', 'bad.yaml', 'missing.yaml', 'other.yaml'];
    const { exitCode, stdout } = await iop([...args, '-o', 'json'], { cwd });
    const { findings } = JSON.parse(stdout);
    expect(findings.map(({ file, code }: { file: string; code: string }) => `${file} ${code}`)).toEqual([
      'bad.yaml UnknownField',
      'missing.yaml FileNotReadable',
      'other.yaml InvalidResource',
    ]);
    expect(exitCode).toBe(1);
    const { runs } = JSON.parse((await iop(['validate', 'broken.yaml', '-o', 'sarif'], { cwd })).stdout);
    const [{ physicalLocation }] = runs[0].results[0].locations;
    expect(physicalLocation.region).toEqual({ startLine: 4, startColumn: 1 });
  });

  test('says when a file has more than one IstioOperator, which are one too many for other commands', async () => {
    const { stdout } = await iop(['validate', 'two.yaml', 'good.yaml'], { cwd });
    expect(stdout).toContain('2 files, 3 IstioOperators: 1 error, 0 warnings.\n');
  });

  test('looks into a List', async () => {
    const item = '- apiVersion: install.istio.io/v1alpha1\n  kind: IstioOperator\n  spec:\n    profil: demo\n';
    const list = `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret}\n${item}`;
    const { exitCode, stdout } = await iop(['validate', '-'], { stdin: list });
    expect(stdout).toContain('<stdin>:8: error: spec.profil: Unknown field');
    expect(exitCode).toBe(1);
  });

  test('breaks long lines between words on a terminal, nowhere else', async () => {
    const narrow = await iop(['validate', 'bad.yaml'], { cwd, isTerminal: true, columns: 60, env: { NO_COLOR: '1' } });
    expect(Math.max(...narrow.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
    const wide = await iop(['validate', 'bad.yaml'], { cwd });
    expect(narrow.stdout.split(/\s+/)).toEqual(wide.stdout.split(/\s+/));
  });

  test('reads standard input', async () => {
    const { exitCode, stdout } = await iop(['validate', '-'], { stdin: BAD });
    expect(stdout).toContain('<stdin>:6: error');
    expect(exitCode).toBe(1);
  });

  test('SARIF has a rule, a level and a place for each finding', async () => {
    const { stdout } = await iop(['validate', 'bad.yaml', '-o', 'sarif'], { cwd });
    const { version, runs } = JSON.parse(stdout);
    expect(version).toBe('2.1.0');
    expect(runs[0].tool.driver.rules).toEqual([{ id: 'UnknownField' }]);
    expect(runs[0].results).toMatchObject([
      {
        ruleId: 'UnknownField',
        level: 'error',
        locations: [{ physicalLocation: { artifactLocation: { uri: 'bad.yaml' }, region: { startLine: 6 } } }],
      },
    ]);
  });
});

describe('source lines', () => {
  const steps: Record<string, { path: string; want: readonly (string | number)[] }> = {
    'names and indices': { path: 'spec.a[0].b', want: ['spec', 'a', 0, 'b'] },
    'an escaped dot belongs to the name': {
      path: 'spec.nodeSelector.a\\.b/c',
      want: ['spec', 'nodeSelector', 'a.b/c'],
    },
    'an empty path has none': { path: '', want: [] },
  };
  test.each(Object.entries(steps))('%s', (_name, { path, want }) => expect(stepsOf(path)).toEqual(want));

  const text = 'a:\n  b:\n  - c: 1\n  - d: 2\n---\na:\n  b: 3\n';
  const lines: Record<string, { document: number; path: string; want: number }> = {
    'a field in a list': { document: 1, path: 'a.b[1].d', want: 4 },
    'a field that is missing is its parent': { document: 1, path: 'a.b[7].d', want: 2 },
    'a field of the second document': { document: 6, path: 'a.b', want: 7 },
    'nothing known is the document': { document: 6, path: '__proto__.x', want: 6 },
  };
  test.each(Object.entries(lines))('%s', (_name, { document, path, want }) => {
    expect(new SourceLines(text).lineOf(document, path)).toBe(want);
  });
});
