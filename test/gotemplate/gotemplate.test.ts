import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { type Case, expressionCases, type Outcome, templateCases } from './corpus.ts';
import { GO_RELEASE, goOutcomes, hasGo } from './oracle.ts';
import { runCase } from './run-case.ts';

/** What Go gave for the corpus: rewritten with UPDATE_GOLDEN=1, which needs Go. */
const EXPECTED = join(dirname(fileURLToPath(import.meta.url)), 'expected.json');
const cases = [...expressionCases(), ...templateCases()];

function byName(outcomes: readonly Outcome[]): Record<string, Outcome> {
  return Object.fromEntries(cases.map(({ name }, index) => [name, plain(outcomes[index])]));
}

function plain(outcome: Outcome | undefined): Outcome {
  return outcome?.error === undefined ? { output: outcome?.output ?? '' } : { error: outcome.error };
}

if (process.env.UPDATE_GOLDEN === '1') {
  const outcomes = goOutcomes(cases);
  if (outcomes === undefined) throw new Error('UPDATE_GOLDEN=1 needs Go: its text/template makes expected.json');
  writeFileSync(EXPECTED, `${JSON.stringify(byName(outcomes), null, 1)}\n`);
}
const expected = JSON.parse(readFileSync(EXPECTED, 'utf8')) as Record<string, Outcome>;

test('the corpus has at least 400 expressions and 40 whole templates, and no two cases of one name', () => {
  expect(expressionCases().length).toBeGreaterThanOrEqual(400);
  expect(templateCases().length).toBeGreaterThanOrEqual(40);
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  expect(Object.keys(expected).sort()).toEqual(cases.map(({ name }) => name).sort());
});

const areas = Map.groupBy(cases, ({ name }) => name.split(':')[0] ?? '');

describe('templates give what Go gives, byte by byte, errors with their position included', () => {
  test.each([...areas.keys()])('%s', (area) => {
    const found: readonly Case[] = areas.get(area) ?? [];
    for (const one of found)
      expect({ name: one.name, ...runCase(one) }).toEqual({ name: one.name, ...expected[one.name] });
  });
});

(hasGo() ? test : test.skip)(
  `expected.json is what Go gives now${hasGo() ? '' : ` (skipped: no ${GO_RELEASE})`}`,
  () => {
    expect(byName(goOutcomes(cases) ?? [])).toEqual(expected);
  },
  300_000,
);
