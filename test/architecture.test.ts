import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const SRC = join(dirname(fileURLToPath(import.meta.url)), '..', 'src');

/** Which layer may import which: docs/architecture.md says why. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  gotemplate: ['core'],
  api: ['core'],
  profiles: ['core', 'api'],
  merge: ['core', 'api', 'profiles'],
  values: ['core', 'api', 'merge', 'profiles'],
  components: ['core', 'api', 'values'],
  overlay: ['core', 'api'],
  injection: ['core', 'render', 'gotemplate'],
  render: ['core', 'api', 'profiles', 'merge', 'values', 'components', 'overlay'],
  apply: ['core', 'api'],
  controller: ['core', 'api', 'render', 'apply'],
  cluster: ['core', 'api', 'apply', 'controller'],
};
const PURE = ['gotemplate', 'injection', 'api', 'profiles', 'merge', 'values', 'components', 'overlay', 'render'];

interface Import {
  readonly file: string;
  readonly layer: string;
  readonly specifier: string;
  readonly target: string | undefined;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const imports = files.flatMap((file) => importsOf(file));

function importsOf(file: string): Import[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  const found = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g);
  return [...found].map(([, specifier = '']) => ({
    file,
    layer: layerOf(file),
    specifier,
    target: specifier.startsWith('.') ? relative(SRC, join(SRC, dirname(file), specifier)) : undefined,
  }));
}

function layerOf(file: string): string {
  return file.split(sep)[0] ?? '';
}

describe('the layers', () => {
  test('every folder of src is a known layer', () => {
    expect([...new Set(files.map(layerOf))].sort()).toEqual([...Object.keys(MAY_IMPORT), 'cli'].sort());
  });

  test('import only the layers below them', () => {
    const wrong = imports.filter(({ layer, target }) => {
      if (target === undefined || layer === 'cli' || layerOf(target) === layer) return false;
      return !(MAY_IMPORT[layer] ?? []).includes(layerOf(target));
    });
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  test('import other layers through their index only', () => {
    const wrong = imports.filter(
      ({ layer, target }) =>
        target !== undefined && layerOf(target) !== layer && !/^[a-z]+[\\/]index\.ts$/.test(target),
    );
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  test('components do not import each other, only what they share', () => {
    const wrong = imports.filter(({ file, target }) => {
      const [from, to] = [componentOf(file), target === undefined ? undefined : componentOf(target)];
      return from !== undefined && to !== undefined && from !== to && to !== 'shared';
    });
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  test('only cli reads the environment', () => {
    const wrong = files.filter((file) => layerOf(file) !== 'cli' && /\bprocess\.(env|argv)\b/.test(codeOf(file)));
    expect(wrong).toEqual([]);
  });

  test('time and randomness come from the clock', () => {
    const pattern = /\bDate\.now\b|\bnew Date\(\)|\bset(?:Timeout|Interval)\b|\bMath\.random\b|\bperformance\.now\b/;
    const wrong = files.filter(
      (file) => file !== join('core', 'clock.ts') && layerOf(file) !== 'cli' && pattern.test(codeOf(file)),
    );
    expect(wrong).toEqual([]);
  });

  test('pure layers do no input or output and wait for nothing', () => {
    const pattern = /\basync\b|\bawait\b|\bPromise\b/;
    const wrong = files.filter((file) => PURE.includes(layerOf(file)) && pattern.test(codeOf(file)));
    const edges = imports.filter(({ layer, specifier }) => PURE.includes(layer) && specifier.startsWith('node:'));
    expect([...wrong, ...edges.map(({ file, specifier }) => `${file} imports ${specifier}`)]).toEqual([]);
  });
});

/** The folder under `components`, for files in one. */
function componentOf(file: string): string | undefined {
  const [layer, folder, ...rest] = file.split(sep);
  return layer === 'components' && rest.length > 0 ? folder : undefined;
}

/** A file without comments and strings, so that words in prose do not count. */
function codeOf(file: string): string {
  return readFileSync(join(SRC, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/\/\/.*$/gm, '');
}
