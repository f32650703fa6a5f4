import { describe, expect, test } from '@jest/globals';
import { DASHBOARDS, dashboardFiles } from '../../../../src/components/addons/grafana/dashboards/index.ts';
import { dashboardShape } from './dashboard-shape.ts';

/** The fields that the tests below look at; that they are there is the first one's matter. */
interface Dashboard {
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets?: readonly { readonly expr: string }[];
  }[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly query: { readonly query: string } }[];
  };
}

const read = Object.entries(dashboardFiles()).map(([file, text]) => [file, JSON.parse(text) as Dashboard] as const);

describe.each(read)('%s', (_file, { panels, templating }) => {
  test('has panels that are told apart and do not lie on each other', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_unused, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.filter(({ gridPos }) => gridPos.x + gridPos.w > 24)).toEqual([]);
  });

  test('uses each of its variables, and no other', () => {
    const queries = [
      ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
      ...templating.list.map(({ query }) => query.query),
    ];
    const used = queries.flatMap((query) => [...query.matchAll(/\$(\w+)/g)].map(([, name]) => name));
    const own = used.filter((name) => name !== '__rate_interval');
    expect([...new Set(own)].sort()).toEqual(templating.list.map(({ name }) => name).sort());
  });
});

test.each(read)('%s is what Grafana reads', (_file, dashboard) => {
  expect(dashboardShape(dashboard, 'dashboard')).toEqual([]);
});

test('a field that Grafana does not know, or one that it needs, would be found', () => {
  const [, dashboard] = read[0] ?? [];
  const { uid: _uid, ...rest } = { uid: '', ...dashboard, panel: [] };
  expect(dashboardShape(rest, 'dashboard')).toEqual(['dashboard.uid: missing', 'dashboard.panel: unknown']);
});

test('dashboards have addresses of their own and fit into a ConfigMap', () => {
  const plans = Object.values(DASHBOARDS);
  expect(new Set(plans.map(({ uid }) => uid)).size).toBe(plans.length);
  expect(Object.keys(DASHBOARDS)).toEqual(['mesh', 'service', 'workload', 'control-plane', 'ztunnel', 'operator']);
  expect(Object.values(dashboardFiles()).join('').length).toBeLessThan(500_000);
});
