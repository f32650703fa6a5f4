/** One measured thing. `reference` is what the reference installer or operator needs for the same. */
export interface Row {
  readonly what: string;
  readonly unit: 's' | 'ms' | 'MB' | 'requests';
  /** The median where there are several runs. */
  readonly value: number;
  readonly runs: number;
  readonly aim?: number;
  readonly reference?: { readonly value: number; readonly name: string };
}

/** The rows as a table; the ratio says how many times the reference needs what we need. */
export function formatTable(rows: readonly Row[]): string {
  const lines = rows.map((row) => [
    row.what,
    amount(row.value, row.unit),
    row.aim === undefined ? '' : `${row.value <= row.aim ? 'ok' : 'over'} (≤ ${amount(row.aim, row.unit)})`,
    row.reference === undefined ? '' : `${amount(row.reference.value, row.unit)} ${row.reference.name}`,
    row.reference === undefined ? '' : `${(row.reference.value / row.value).toFixed(1)}×`,
    String(row.runs),
  ]);
  const table = [['what', 'median', 'aim', 'reference', 'ratio', 'runs'], ...lines];
  const widths = table[0]?.map((_cell, column) => Math.max(...table.map((line) => line[column]?.length ?? 0))) ?? [];
  return `${table
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')}\n`;
}

function amount(value: number, unit: Row['unit']): string {
  const digits = unit === 'requests' || value >= 100 ? 0 : 2;
  return `${value.toFixed(digits)} ${unit}`;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = low] =
    sorted.length % 2 === 0 ? [sorted[middle - 1], sorted[middle]] : [sorted[middle], sorted[middle]];
  return (low + high) / 2;
}
