import { assertNever, type Json, type JsonObject } from '../../../../core/index.ts';
import type { DashboardPlan, Graph, Panel, Stat, Table, Unit, Variable } from './panel.ts';

/** The data source of every panel, by the uid under which it is provisioned. */
const SOURCE = { type: 'prometheus', uid: 'prometheus' } as const;

/** The release of Grafana's dashboard format that these are written in; Grafana converts older ones when it reads them. */
const SCHEMA_VERSION = 41;

/** Columns of the grid. */
const WIDTH = 24;

const HEIGHTS: Readonly<Record<Panel['kind'], number>> = { graph: 8, stat: 4, table: 9 };

/** How many panels of a kind stand side by side. */
const PER_LINE: Readonly<Record<Panel['kind'], number>> = { graph: 3, stat: 6, table: 1 };

/** A dashboard as Grafana reads it. */
export function dashboardJson(plan: DashboardPlan): JsonObject {
  return {
    uid: plan.uid,
    title: plan.title,
    description: plan.description,
    tags: ['istio'],
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    editable: false,
    graphTooltip: 1, // one crosshair in all panels
    timezone: 'browser',
    refresh: '30s',
    time: { from: 'now-30m', to: 'now' },
    templating: { list: plan.variables.map(variable) },
    links: [
      { type: 'dashboards', title: 'Istio', tags: ['istio'], asDropdown: true, includeVars: true, keepTime: true },
    ],
    panels: panels(plan),
  };
}

function variable({ name, label, query, several = false }: Variable): JsonObject {
  return {
    type: 'query',
    name,
    label,
    datasource: SOURCE,
    query: { query, refId: name },
    refresh: 2, // when the time range changes
    sort: 1, // by name
    multi: several,
    includeAll: several,
    ...(several ? { allValue: '.*' } : {}),
  };
}

/** Headings and panels, line by line. A line is full or ends where the next panel is of another kind. */
function panels({ rows }: DashboardPlan): readonly Json[] {
  const placed: Json[] = [];
  let y = 0;
  for (const { title, panels: inRow } of rows) {
    placed.push({
      id: placed.length + 1,
      type: 'row',
      title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: WIDTH, h: 1 },
    });
    y += 1;
    for (const line of linesOf(inRow)) {
      const height = Math.max(...line.map(({ kind }) => HEIGHTS[kind]));
      const width = Math.floor(WIDTH / line.length);
      for (const [index, panel] of line.entries()) {
        const gridPos = { x: index * width, y, w: width, h: height };
        placed.push({ id: placed.length + 1, ...drawn(panel), gridPos });
      }
      y += height;
    }
  }
  return placed;
}

function linesOf(inRow: readonly Panel[]): readonly (readonly Panel[])[] {
  const lines: Panel[][] = [];
  for (const panel of inRow) {
    const last = lines.at(-1);
    if (last !== undefined && last[0]?.kind === panel.kind && last.length < PER_LINE[panel.kind]) last.push(panel);
    else lines.push([panel]);
  }
  return lines;
}

function drawn(panel: Panel): JsonObject {
  switch (panel.kind) {
    case 'graph':
      return graphPanel(panel);
    case 'stat':
      return statPanel(panel);
    case 'table':
      return tablePanel(panel);
    default:
      return assertNever(panel);
  }
}

function graphPanel({ title, unit, queries, stacked }: Graph): JsonObject {
  const custom = {
    drawStyle: 'line',
    lineWidth: 1,
    fillOpacity: stacked ? 30 : 8,
    showPoints: 'never',
    stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
  };
  return {
    type: 'timeseries',
    title,
    datasource: SOURCE,
    targets: queries.map(({ expr, legend }, index) => ({ ...target(expr, index), legendFormat: legend, range: true })),
    fieldConfig: { defaults: { unit, min: 0, custom }, overrides: [] },
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}

function statPanel({ title, unit, expr }: Stat): JsonObject {
  return {
    type: 'stat',
    title,
    datasource: SOURCE,
    targets: [{ ...target(expr, 0), instant: true }],
    fieldConfig: { defaults: { unit, noValue: '–' }, overrides: [] },
    options: { colorMode: 'none', graphMode: 'none', textMode: 'value', reduceOptions: { calcs: ['lastNotNull'] } },
  };
}

/** Grafana calls the value of query A `Value #A`, and joins the rows that have the same labels. */
function tablePanel({ title, labels, columns }: Table): JsonObject {
  const heading = (index: number) => `Value #${refId(index)}`;
  return {
    type: 'table',
    title,
    datasource: SOURCE,
    targets: columns.map(({ expr }, index) => ({ ...target(expr, index), instant: true, format: 'table' })),
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          renameByName: {
            ...labels,
            ...Object.fromEntries(columns.map((column, index) => [heading(index), column.title])),
          },
        },
      },
    ],
    fieldConfig: {
      defaults: { noValue: '–' },
      overrides: columns.map((column) => unitOverride(column.title, column.unit)),
    },
    options: { showHeader: true, cellHeight: 'sm', sortBy: [{ displayName: columns[0]?.title ?? '', desc: true }] },
  };
}

function unitOverride(name: string, unit: Unit): JsonObject {
  return { matcher: { id: 'byName', options: name }, properties: [{ id: 'unit', value: unit }] };
}

function target(expr: string, index: number): JsonObject {
  return { refId: refId(index), datasource: SOURCE, expr };
}

function refId(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}
