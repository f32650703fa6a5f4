import { byField, flag, list, map, object, one, text, whole } from './shape.ts';

const source = object({ type: one('prometheus'), uid: one('prometheus') });

const gridPos = object({ x: whole(0, 23), y: whole(), w: whole(1, 24), h: whole(1) });

const target = object(
  { refId: text(/^[A-Z]$/), datasource: source, expr: text() },
  { legendFormat: text(), range: one(true), instant: one(true), format: one('table') },
);

const shown = { id: whole(1), title: text(), datasource: source, targets: list(target, 1), gridPos };

const custom = object({
  drawStyle: one('line'),
  lineWidth: whole(),
  fillOpacity: whole(0, 100),
  showPoints: one('never', 'auto', 'always'),
  stacking: object({ mode: one('none', 'normal', 'percent'), group: text() }),
});

const fieldConfig = object({
  defaults: object({}, { unit: text(), min: whole(), noValue: text(), custom }),
  overrides: list(
    object({
      matcher: object({ id: one('byName'), options: text() }),
      properties: list(object({ id: one('unit'), value: text() })),
    }),
  ),
});

const row = object({
  id: whole(1),
  type: one('row'),
  title: text(),
  collapsed: one(false),
  panels: list(flag),
  gridPos,
});

const timeseries = object({
  ...shown,
  type: one('timeseries'),
  fieldConfig,
  options: object({
    legend: object({
      displayMode: one('list', 'table', 'hidden'),
      placement: one('bottom', 'right'),
      showLegend: flag,
    }),
    tooltip: object({ mode: one('single', 'multi', 'none'), sort: one('none', 'asc', 'desc') }),
  }),
});

const stat = object({
  ...shown,
  type: one('stat'),
  fieldConfig,
  options: object({
    colorMode: one('none', 'value', 'background'),
    graphMode: one('none', 'area'),
    textMode: one('auto', 'value', 'value_and_name', 'name', 'none'),
    reduceOptions: object({ calcs: list(one('lastNotNull', 'mean', 'max'), 1) }),
  }),
});

/** How the answers of several queries become one table. */
const transformations = {
  merge: object({ id: one('merge'), options: object({}) }),
  organize: object({ id: one('organize'), options: object({ excludeByName: map(flag), renameByName: map(text()) }) }),
};

const table = object({
  ...shown,
  type: one('table'),
  fieldConfig,
  transformations: list(byField('id', transformations), 1),
  options: object({
    showHeader: flag,
    cellHeight: one('sm', 'md', 'lg'),
    sortBy: list(object({ displayName: text(), desc: flag })),
  }),
});

const variable = object(
  {
    type: one('query'),
    name: text(/^[a-z]+$/),
    label: text(),
    datasource: source,
    query: object({ query: text(/^label_values\(.+, [a-z_]+\)$/), refId: text() }),
    refresh: whole(0, 2),
    sort: whole(0, 8),
    multi: flag,
    includeAll: flag,
  },
  { allValue: text() },
);

/** Grafana's dashboard model as far as ours use it; any other field is a typing error. */
export const dashboardShape = object({
  uid: text(/^[a-zA-Z0-9_-]{1,40}$/),
  title: text(),
  description: text(),
  tags: list(text()),
  schemaVersion: whole(36),
  version: whole(1),
  editable: flag,
  graphTooltip: whole(0, 2),
  timezone: one('browser', 'utc'),
  refresh: text(/^\d+[smh]$/),
  time: object({ from: text(), to: text() }),
  templating: object({ list: list(variable) }),
  links: list(
    object({
      type: one('dashboards'),
      title: text(),
      tags: list(text()),
      asDropdown: flag,
      includeVars: flag,
      keepTime: flag,
    }),
  ),
  panels: list(byField('type', { row, timeseries, stat, table }), 1),
});
