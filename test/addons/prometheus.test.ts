import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ADDON_IMAGES } from '../../src/components/addons/versions.ts';
import { isObject, type Json, type JsonObject, valueAt } from '../../src/core/index.ts';
import { emittedMetrics } from './emitted-metrics.ts';
import { type PrometheusTools, prometheusTools, runTool } from './prometheus-tools.ts';
import { dashboardsOf, fileOf } from './rendered-addons.ts';

// The first run on a machine builds the commands.
const BUILD_TIMEOUT_MS = 30 * 60_000;

let tools: PrometheusTools;
let dir: string;

beforeAll(async () => {
  tools = await prometheusTools(AbortSignal.timeout(BUILD_TIMEOUT_MS));
  dir = await mkdtemp(join(tmpdir(), 'addons-'));
}, BUILD_TIMEOUT_MS);

afterAll(() => rm(dir, { recursive: true, force: true }));

const configs: Record<string, JsonObject> = {
  'of the profile demo': { profile: 'demo' },
  'with a volume and a retention': {
    addonComponents: { prometheus: { retention: '1y2w3d4h', persistence: { size: '50Gi', storageClassName: 'fast' } } },
  },
};

test.each(Object.entries(configs))('promtool accepts the configuration %s', async (_name, spec) => {
  const file = join(dir, 'prometheus.yml');
  await writeFile(file, fileOf(spec, 'prometheus', 'prometheus.yml'));
  expect(await runTool(tools.promtool, ['check', 'config', '--lint=all', '--lint-fatal', file])).toContain('SUCCESS');
});

test('the release that is tested is the one that is installed', async () => {
  const module = await readFile(join(import.meta.dirname, 'modules', 'prometheus', 'go.mod'), 'utf8');
  const [, minor = '', patch = ''] = /prometheus\/prometheus v0\.3(\d\d)\.(\d+)$/m.exec(module) ?? [];
  expect(ADDON_IMAGES.prometheus.tag).toBe(`v3.${Number(minor)}.${patch}`);
});

test('every query of the dashboards parses and asks for metrics that somebody emits', async () => {
  const expressions = dashboardsOf({ profile: 'demo' }).flatMap(expressionsOf);
  expect(expressions.length).toBeGreaterThan(150);
  const input = expressions.map((expression) => JSON.stringify(withoutVariables(expression))).join('\n');
  const answers = (await runTool(tools.queries, [], input))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
  expect(answers).toHaveLength(expressions.length);
  const emitted = await emittedMetrics();
  const faults = answers.flatMap(({ error, metrics }, index) => {
    const unknown = metrics.filter((name) => !emitted.has(name));
    return error === undefined && unknown.length === 0 ? [] : [{ expression: expressions[index], error, unknown }];
  });
  expect(faults).toEqual([]);
});

test('the parser of the queries tells a broken one', async () => {
  const [broken, fine] = (await runTool(tools.queries, [], '"sum(up"\n"up + down"')).trim().split('\n');
  expect(JSON.parse(broken ?? '')).toMatchObject({ error: expect.stringContaining('unclosed') });
  expect(JSON.parse(fine ?? '')).toEqual({ metrics: ['up', 'down'] });
});

interface Answer {
  readonly metrics: readonly string[];
  readonly error?: string;
}

function expressionsOf(dashboard: JsonObject): readonly string[] {
  return listOf(dashboard.panels).flatMap((panel) =>
    listOf(valueAt(panel, 'targets')).map((target) => String(valueAt(target, 'expr'))),
  );
}

/** Grafana fills its variables in before Prometheus sees a query. */
function withoutVariables(expression: string): string {
  return expression.replaceAll('$__rate_interval', '1m').replaceAll(/\$[a-z]+/g, 'chosen');
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
