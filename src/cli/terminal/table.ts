import type { Output } from './io.ts';

/** Between two columns. */
const GAP = 3;

/** Columns up to this width stay whole: single words. */
const WHOLE = 16;

/** No column is made narrower than this. */
const LEAST = 12;

/**
 * Rows as a table with aligned columns; the first row is the heading. No trailing spaces. On a terminal that is too narrow
 * the widest columns are broken into lines; elsewhere each row is one line.
 */
export function formatTable(rows: readonly (readonly string[])[], { isTerminal, columns }: Output): string {
  const widths = fitting(naturalWidths(rows), isTerminal ? columns : Number.POSITIVE_INFINITY);
  return rows.map((row) => formatRow(row, widths)).join('');
}

function naturalWidths(rows: readonly (readonly string[])[]): readonly number[] {
  const count = Math.max(...rows.map((row) => row.length));
  return Array.from({ length: count }, (_unused, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
}

/** The widths with the widest made narrower until all fit, or none can be made narrower any more. */
function fitting(natural: readonly number[], room: number): readonly number[] {
  const widths = [...natural];
  const total = () => widths.reduce((sum, width) => sum + width, GAP * (widths.length - 1));
  const isLong = (column: number) => (natural[column] ?? 0) > WHOLE;
  while (total() > room) {
    const widest = Math.max(...widths.filter((_width, column) => isLong(column)));
    if (widest <= LEAST) break;
    widths[widths.findIndex((width, column) => width === widest && isLong(column))] = widest - 1;
  }
  return widths;
}

function formatRow(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, column) => brokenCell(cell, widths[column] ?? 0));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_unused, index) => {
    const line = cells.map((lines, column) => (lines[index] ?? '').padEnd(widths[column] ?? 0));
    return `${line.join(' '.repeat(GAP)).trimEnd()}\n`;
  }).join('');
}

/** The lines of a cell, broken behind a blank or a sign that parts names, else anywhere. */
function brokenCell(cell: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = cell;
  while (rest.length > width) {
    const end = breakIn(rest, width);
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}

function breakIn(text: string, width: number): number {
  const blank = text.lastIndexOf(' ', width);
  if (blank > 0) return blank;
  const sign = /^.*[/.,\-\]]/s.exec(text.slice(0, width))?.[0].length ?? 0;
  return sign > width / 3 ? sign : width;
}
