import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { ANNOTATIONS, istioOperatorCrd } from '../../src/api/index.ts';
import { METRIC_USES, metricFamilies } from '../../src/cli/generate/metrics.ts';
import { Metrics, type PassSummary } from '../../src/controller/index.ts';
import { ERROR_CODES, isObject, type Json, type JsonObject, NOTICE_CODES } from '../../src/core/index.ts';
import { PROFILE_NAMES } from '../../src/profiles/index.ts';
import { anchorsOf, linksOf, pageText, ROOT } from './markdown.ts';

test('every derived file is current: npm run generate has nothing to do', async () => {
  const check = promisify(execFile)(process.execPath, ['src/cli/generate/main.ts', '--check'], { cwd: ROOT });
  const said = await check.then(
    ({ stdout }) => stdout,
    (error: { readonly stdout: string; readonly stderr: string }) => error.stdout + error.stderr,
  );
  expect(said).toBe('');
});

test('docs/errors.md has an entry for every code, and for nothing else', () => {
  const codes = [...Object.keys(ERROR_CODES), ...NOTICE_CODES].map((code) => code.toLowerCase());
  const anchors = [...anchorsOf('docs/errors.md')].filter(
    (anchor) => !anchor.includes('errors') && anchor !== 'warnings',
  );
  expect(anchors.sort()).toEqual(codes.sort());
});

test('docs/reference/annotations.md has a row for every annotation, and for nothing else', () => {
  const rows = pageText('docs/reference/annotations.md').matchAll(/^\| `(install\.istio\.io\/[\w-]+)/gm);
  const named = new Set([...rows].map(([, name = '']) => name));
  expect([...named].sort()).toEqual(Object.values(ANNOTATIONS).sort());
});

test('docs/profiles.md has a section on every profile', () => {
  const anchors = anchorsOf('docs/profiles.md');
  expect(PROFILE_NAMES.filter((profile) => !anchors.has(profile))).toEqual([]);
});

describe('docs/metrics.md', () => {
  test('has every metric, and says what it is good for', async () => {
    const names = (await metricFamilies()).map(({ name }) => name);
    const page = pageText('docs/metrics.md');
    expect(names.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
    expect(Object.keys(METRIC_USES).sort()).toEqual(names);
  });

  test('has the labels that samples carry', async () => {
    const metrics = new Metrics();
    metrics.recordRequest({ verb: 'get', resource: 'pods', code: 200, durationMs: 5 });
    metrics.recordLeader('lock', true);
    const issues = [{ code: 'InvalidValue', message: 'wrong' }];
    const outcome = {
      inventory: new Map(),
      applied: [{ planned: { id: { kind: 'Service' } }, action: 'created' }],
      deleted: [{ kind: 'Service' }],
    };
    // as little of a pass as is counted
    for (const pass of [{ report: { kind: 'rejected', issues } }, { report: { kind: 'converging' }, outcome }]) {
      metrics.recordPass({ key: 'istio-system/mesh', ...pass } as unknown as PassSummary);
    }
    const samples = (await metrics.collect()).matchAll(/^([a-z_]+?)(?:_bucket|_sum|_count)?\{([^}]+)\} /gm);
    for (const [, name = '', text = ''] of samples) {
      const all = [...text.matchAll(/([a-z_]+)="/g)].map(([, label = '']) => label);
      const labels = all.filter((label) => label !== 'le').sort();
      expect({ name, labels }).toEqual({ name, labels: [...(METRIC_USES[name]?.labels ?? [])].sort() });
    }
  });
});

describe('docs/reference/istiooperator.md', () => {
  const page = 'docs/reference/istiooperator.md';

  function fieldNames(schema: Json | undefined, depth: number): readonly string[] {
    const fields = isObject(schema) && isObject(schema.properties) ? Object.entries(schema.properties) : [];
    return depth === 0 ? [] : fields.flatMap(([name, field]) => [name, ...fieldNames(field, depth - 1)]);
  }

  test('has every field of the upper levels', () => {
    const [version] = istioOperatorCrd().spec.versions as readonly JsonObject[];
    const { spec, status } = ((version?.schema as JsonObject).openAPIV3Schema as JsonObject).properties as JsonObject;
    const names = [...fieldNames(spec, 3), ...fieldNames(status, 2)];
    const text = pageText(page);
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
    expect(names.length).toBeGreaterThan(200);
  });

  test('says of every field what it is for', () => {
    const rows = pageText(page)
      .split('\n')
      .filter((line) => /^\| \[?`/.test(line));
    expect(rows.filter((row) => /\|\s*\|$/.test(row))).toEqual([]);
    expect(rows.length).toBeGreaterThan(500);
  });

  test('can be browsed: its sections are linked from one another', () => {
    const linked = new Set(linksOf(page).map((target) => target.slice(1)));
    const sections = [...anchorsOf(page)].filter((anchor) => /^(spec|status)./.test(anchor));
    expect(sections.filter((anchor) => !linked.has(anchor))).toEqual([]);
  });
});
