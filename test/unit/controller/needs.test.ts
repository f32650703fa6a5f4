import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT } from '../../support/kubectl.ts';

/** How many needs there are of each kind. */
const ROWS = { A: 10, B: 8, C: 5, D: 12, E: 8, F: 8, G: 8, H: 4, I: 6, J: 3 };

const table = (await readFile(join(ROOT, 'docs', 'needs.md'), 'utf8'))
  .split('\n')
  .filter((line) => /^\| [A-J]\d+ \|/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));

test('every need is in the table, once and in order', () => {
  const wanted = Object.entries(ROWS).flatMap(([letter, count]) =>
    Array.from({ length: count }, (_unused, index) => `${letter}${index + 1}`),
  );
  expect(table.map(([row]) => row)).toEqual(wanted);
});

test.each(
  table,
)('%s (%s): every test that the table names exists, and what has none says why', async (_row, _need, cell = '') => {
  const named = [...cell.matchAll(/`([^`]+\.test\.ts)` "([^"]+)"/g)];
  if (named.length === 0) expect(cell).toMatch(/^Not yet: .{20,}/);
  for (const [, file = '', name = ''] of named) {
    expect(await readFile(join(ROOT, file), 'utf8')).toContain(name);
  }
});

test.each(
  table.filter(([, , cell = '']) => !cell.includes('Not yet: ')),
)('%s (%s): a test on the real API server is named after it', (row, _need, cell = '') => {
  const real = [...cell.matchAll(/`test\/(?:integration|deploy)\/[^`]+` "([^"]+)"/g)].map(([, name = '']) => name);
  expect(real.filter((name) => new RegExp(`^(?:\\w+, )*${row}(?:, \\w+)*: `).test(name))).not.toEqual([]);
});

test('every test that is named after a need is named after one that exists', async () => {
  const folders = ['test/integration', 'test/unit/controller'];
  const rows = new Set(table.map(([row]) => row));
  for (const folder of folders) {
    for (const file of await readdir(join(ROOT, folder))) {
      if (!file.endsWith('.test.ts')) continue;
      const text = await readFile(join(ROOT, folder, file), 'utf8');
      const names = [...text.matchAll(/['`]([A-Z]\d+(?:, [A-Z]\d+)*): /g)].flatMap(([, list = '']) => list.split(', '));
      for (const name of names) expect([...rows]).toContain(name);
    }
  }
});
