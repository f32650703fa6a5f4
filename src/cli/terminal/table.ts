import type { Output } from './io.ts';

/** Between two columns. */
const GAP = 3;

/** Columns up to this width stay whole: single words. */
const WHOLE = 16;

/** No column is made narrower than this. */
const LEAST = 12;

/**
 * Rows as a table with aligned columns; the first row is the heading. No trailing spaces. On a terminal that is too narrow
 * the widest columns are broken into lines, at blanks as long as that is enough: a name that is cut cannot be copied.
 * Elsewhere each row is one line.
 */
export function formatTable(rows: readonly (readonly string[])[], { isTerminal, columns }: Output): string {
  const room = isTerminal ? columns : Number.POSITIVE_INFINITY;
  const natural = widthsOf(rows, (cell) => cell.length);
  const words = widthsOf(rows, (cell) => Math.max(...cell.split(' ').map((word) => word.length)));
  const isLong = (column: number) => (natural[column] ?? 0) > WHOLE;
  const atBlanks = fitting(natural, room, (column) => (isLong(column) ? Math.max(LEAST, words[column] ?? 0) : WHOLE));
  const isEnough = totalOf(atBlanks) <= room;
  const widths = isEnough ? atBlanks : fitting(natural, room, (column) => (isLong(column) ? LEAST : WHOLE));
  return rows.map((row) => formatRow(row, widths)).join('');
}

function widthsOf(rows: readonly (readonly string[])[], widthOf: (cell: string) => number): readonly number[] {
  const count = Math.max(...rows.map((row) => row.length));
  return Array.from({ length: count }, (_unused, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, GAP * (widths.length - 1));
}

/** The widths with the widest made narrower until all fit, or none can be made narrower any more. */
function fitting(wanted: readonly number[], room: number, leastOf: (column: number) => number): readonly number[] {
  const widths = [...wanted];
  const mayShrink = (width: number, column: number) => width > leastOf(column);
  while (totalOf(widths) > room) {
    const widest = Math.max(...widths.filter(mayShrink));
    const column = widths.findIndex((width, index) => width === widest && mayShrink(width, index));
    if (column < 0) break;
    widths[column] = widest - 1;
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
