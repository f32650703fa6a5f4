/**
 * The vocabulary of the dashboards: what a panel shows, without the many settings by which Grafana draws it. Each
 * dashboard is written in it once; `dashboard.ts` turns it into what Grafana reads.
 */

/** The units in use, by Grafana's names. */
export type Unit =
  | 'bytes'
  | 'Bps'
  | 'cps'
  | 'dateTimeFromNow'
  | 'dtdurations'
  | 'ms'
  | 'ops'
  | 'percentunit'
  | 'reqps'
  | 's'
  | 'short';

/** One expression in PromQL and what its series are called: `{{label}}` stands for the value of a label. */
export interface Query {
  readonly expr: string;
  readonly legend: string;
}

/** A curve over time for each series. */
export interface Graph {
  readonly kind: 'graph';
  readonly title: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  readonly stacked: boolean;
}

/** One number: how it is now. */
export interface Stat {
  readonly kind: 'stat';
  readonly title: string;
  readonly unit: Unit;
  readonly expr: string;
}

/** A row for each value of the labels, a column for each query. */
export interface Table {
  readonly kind: 'table';
  readonly title: string;
  /** The labels that name a row; every column's expression is grouped by them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly columns: readonly { readonly title: string; readonly unit: Unit; readonly expr: string }[];
}

/** Anything that a dashboard shows. */
export type Panel = Graph | Stat | Table;

/** Panels under one heading, side by side in the order in which they are written. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** A choice at the top of a dashboard, which queries use as `$name`. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  /** `label_values(metric, label)` */
  readonly query: string;
  /** Whether several may be chosen, and all of them. */
  readonly several?: boolean;
}

/** A dashboard. */
export interface DashboardPlan {
  /** Part of its address, so it never changes. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
}

/** A curve over time for each series of some queries; `[expression, legend]` each. */
export function graph(title: string, unit: Unit, ...queries: readonly (readonly [string, string])[]): Graph {
  return { kind: 'graph', title, unit, stacked: false, queries: queries.map(([expr, legend]) => ({ expr, legend })) };
}

/** The same with the curves on top of each other, for parts of a whole. */
export function stack(title: string, unit: Unit, ...queries: readonly (readonly [string, string])[]): Graph {
  return { ...graph(title, unit, ...queries), stacked: true };
}

/** One number. */
export function stat(title: string, unit: Unit, expr: string): Stat {
  return { kind: 'stat', title, unit, expr };
}

/** A table; `labels` gives the headings of the columns that name a row. */
export function table(
  title: string,
  labels: Table['labels'],
  ...columns: readonly (readonly [string, Unit, string])[]
): Table {
  return {
    kind: 'table',
    title,
    labels,
    columns: columns.map(([heading, unit, expr]) => ({ title: heading, unit, expr })),
  };
}

/** Panels under a heading. */
export function row(title: string, ...panels: readonly Panel[]): Row {
  return { title, panels };
}
