import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFiles } from '../../../src/cli/input/read-files.ts';
import { fakeIo, iop } from './fake-io.ts';

const HEADER = 'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\n';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'iop-files-'));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const file = async (name: string, content: string | Uint8Array) => {
  await writeFile(join(cwd, name), content);
  return name;
};
const generate = (...args: string[]) => iop(['manifest', 'generate', ...args], { cwd });

describe('what a file holds', () => {
  const bytes: Record<string, Uint8Array> = {
    'bytes that are no UTF-8': Buffer.from([0xff, 0x41, 0xfe]),
    'a program': Buffer.from('\u007fELF\u0000\u0000'),
  };
  test.each(Object.entries(bytes))('%s is no text', async (_name, content) => {
    const { exitCode, stderr } = await generate('-f', await file('a.bin', content));
    expect(stderr).toContain('Cannot read a.bin: it is not text in UTF-8.');
    expect(exitCode).toBe(1);
  });

  const encodings: Record<string, Uint8Array> = {
    'UTF-8 with a byte order mark': Buffer.from('\ufeffä: 1'),
    'UTF-16, as PowerShell writes it': Buffer.from('\ufeffä: 1', 'utf16le'),
    'UTF-16 of the other byte order': Buffer.from('\ufeffä: 1', 'utf16le').swap16(),
  };
  test.each(Object.entries(encodings))('%s is read', async (_name, content) => {
    const [read] = await readFiles([await file('encoded.yaml', content)], fakeIo({ cwd }));
    expect(read?.text).toBe('ä: 1');
  });

  test('standard input that is a terminal says so', async () => {
    const { stderr, exitCode } = await iop(['manifest', 'generate', '-f', '-'], { stdin: HEADER, asks: true });
    expect({ stderr, exitCode }).toEqual({ stderr: 'Reading standard input; end it with Ctrl-D.\n', exitCode: 0 });
  });

  test('a URL is told from a file that does not exist', async () => {
    const { stderr } = await generate('-f', 'https://example.com/mesh.yaml');
    expect(stderr).toContain('Cannot read https://example.com/mesh.yaml: URLs are not read.');
  });

  test('objects without kind are named once', async () => {
    const { stderr } = await generate('-f', await file('none.yaml', 'a: 1\n---\nb: 1\n'));
    expect(stderr).toContain('it holds objects without kind.');
  });
});

describe('where a field stands', () => {
  test('errors name the file and the line, of several files the one that has the field', async () => {
    const first = await file('first.yaml', `${HEADER}spec:\n  profile: demo\n  meshConfig:\n    accesLogFile: x\n`);
    const second = await file('second.yaml', `${HEADER}spec:\n  tga: x\n`);
    const { stderr } = await generate('-f', first, '-f', second);
    expect(stderr).toContain('error: first.yaml:6: spec.meshConfig.accesLogFile: Unknown field');
    expect(stderr).toContain('error: second.yaml:4: spec.tga: Unknown field');
  });

  test('warnings do, too', async () => {
    const text = `${HEADER}spec:\n  components:\n    citadel:\n      enabled: true\n`;
    const { stderr } = await generate('-f', await file('old.yaml', text));
    expect(stderr).toMatch(/^warning: old\.yaml:5: spec\.components\.citadel/m);
  });

  test('what comes from --set has no file', async () => {
    const { stderr } = await generate('-f', await file('fine.yaml', HEADER), '--set', 'profile=dmeo');
    expect(stderr).toMatch(/^error: spec\.profile: Profile "dmeo"/);
  });
});
