import { styleText } from 'node:util';

/** What a row is about; the table has a part for each. */
export type Topic = 'render' | 'start' | 'install' | 'operate' | 'memory';

/** One measured thing. */
export interface Row {
  readonly topic: Topic;
  readonly what: string;
  readonly unit: 's' | 'ms' | 'MB' | 'requests';
  /** What was measured in each run; the table shows their median. */
  readonly values: readonly number[];
  /** Not more than this. */
  readonly aim?: number;
  /** What the reference installer or operator needs for the same. */
  readonly reference?: { readonly value: number; readonly name: string };
}

/** Marks text as good or bad; see `paintFor`. */
export type Paint = (format: 'green' | 'red' | 'bold' | 'dim', text: string) => string;

const TOPICS: Readonly<Record<Topic, string>> = {
  start: 'Starting',
  render: 'Rendering',
  install: 'Installing demo + cni on a fresh cluster',
  operate: 'Looking after it',
  memory: 'Resident memory of the operator',
};

const HEADING = ['', 'median', 'aim', 'reference', 'factor', 'runs', 'spread'];

/** Colours on a terminal, unless `NO_COLOR` is set. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (format, text) => (text === '' ? text : styleText(format, text, { stream }));
}

/** The rows as a table, by topic. */
export function formatTable(rows: readonly Row[], paint: Paint): string {
  const cells = rows.map(cellsOf);
  const widths = HEADING.map((title, column) =>
    Math.max(...[title, ...cells.map((c) => c[column] ?? '')].map(({ length }) => length)),
  );
  const line = (row: readonly string[], isOver: boolean | undefined) =>
    row
      .map((cell, column) => {
        const padded = column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
        return column === 2 && isOver !== undefined ? paint(isOver ? 'red' : 'green', padded) : padded;
      })
      .join('  ')
      .trimEnd();
  const parts = Object.entries(TOPICS).flatMap(([topic, title]) => {
    const lines = rows.flatMap((row, index) => (row.topic === topic ? [line(cells[index] ?? [], isOver(row))] : []));
    return lines.length === 0 ? [] : ['', paint('bold', title), ...lines];
  });
  return `${[paint('dim', line(HEADING, undefined)), ...parts, '', ...explanations(rows)].join('\n')}\n`;
}

function cellsOf({ what, unit, values, aim, reference }: Row): readonly string[] {
  const value = median(values);
  const mark = aim === undefined ? '' : value <= aim ? '✓' : '✗';
  return [
    `  ${what}`,
    amount(value, unit),
    aim === undefined ? '' : `${mark} ≤ ${amount(aim, unit)}`,
    reference === undefined ? '' : amount(reference.value, unit),
    reference === undefined ? '' : `${(reference.value / value).toFixed(1)}×`,
    String(values.length),
    values.length < 2 ? '' : `${number(Math.min(...values), unit)}–${number(Math.max(...values), unit)}`,
  ];
}

function isOver({ values, aim }: Row): boolean | undefined {
  return aim === undefined ? undefined : median(values) > aim;
}

function explanations(rows: readonly Row[]): readonly string[] {
  const names = new Set(rows.flatMap(({ reference }) => (reference === undefined ? [] : [reference.name])));
  const missed = rows.filter((row) => isOver(row) === true).length;
  return [
    'Every value is the median of its runs, less is better; spread is from the best run to the worst.',
    ...(names.size === 0
      ? []
      : [`The factor says how many times as much the reference needs: ${[...names].join('; ')}.`]),
    missed === 0
      ? 'Every aim is met.'
      : `${missed} of ${rows.filter(({ aim }) => aim !== undefined).length} aims are missed.`,
  ];
}

function amount(value: number, unit: Row['unit']): string {
  return unit === 'requests' ? number(value, unit) : `${number(value, unit)} ${unit}`;
}

function number(value: number, unit: Row['unit']): string {
  return value.toFixed(unit === 'requests' || value >= 100 ? 0 : unit === 'MB' ? 1 : 2);
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = low] =
    sorted.length % 2 === 0 ? [sorted[middle - 1], sorted[middle]] : [sorted[middle], sorted[middle]];
  return (low + high) / 2;
}
