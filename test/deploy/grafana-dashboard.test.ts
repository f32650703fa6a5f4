import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { METRIC_USES, metricFamilies } from '../../src/cli/generate/metrics.ts';
import { ROOT } from './helm.ts';

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly { readonly refId: string; readonly expr: string; readonly legendFormat: string }[];
}

const dashboard = JSON.parse(readFileSync(join(ROOT, 'deploy/grafana-dashboard.json'), 'utf8'));
const panels: readonly Panel[] = dashboard.panels;
const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

/** The names with which a metric is queried: a histogram has several. */
async function queryable(): Promise<ReadonlyMap<string, string>> {
  const families = await metricFamilies();
  return new Map(
    families.flatMap(({ name, type }) =>
      (type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']).map(
        (suffix) => [`${name}${suffix}`, name] as const,
      ),
    ),
  );
}

/** A query's metric: what stands before the labels. */
const metricIn = (expr: string) => /([a-z_]+)\{/.exec(expr)?.[1] ?? '';

test('every query of the dashboard asks for a metric that the operator has', async () => {
  const known = await queryable();
  expect(expressions.map(metricIn).filter((name) => !known.has(name))).toEqual([]);
});

test('every metric of the operator is on the dashboard', async () => {
  const known = await queryable();
  const shown = new Set(expressions.map((expr) => known.get(metricIn(expr))));
  expect((await metricFamilies()).map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
});

test('queries group and filter by labels that the metric has', async () => {
  const known = await queryable();
  const wrong = expressions.flatMap((expr) => {
    const labels = ['le', 'job', ...(METRIC_USES[known.get(metricIn(expr)) ?? '']?.labels ?? [])];
    const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(', '));
    const filtered = [...expr.matchAll(/([a-z_]+)=~?"/g)].map(([, name = '']) => name);
    return [...grouped, ...filtered].filter((label) => !labels.includes(label)).map((label) => `${label} in ${expr}`);
  });
  expect(wrong).toEqual([]);
});

test('panels have their own ids and do not cover each other', () => {
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
});
