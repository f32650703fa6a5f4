/** How much a counter grows per second, over as long as makes sense for the zoom. */
export function rate(selector: string): string {
  return `rate(${selector}[$__rate_interval])`;
}

/** That growth, added up over all series, or for each value of some labels. */
export function sumRate(selector: string, ...by: readonly string[]): string {
  return `${sumBy(by)}(${rate(selector)})`;
}

/**
 * Below which value a share of all observations stays.
 * @param histogram - its name without `_bucket`, and the selector behind it.
 */
export function quantile(share: number, [name, labels]: readonly [string, string], ...by: readonly string[]): string {
  return `histogram_quantile(${share}, ${sumRate(`${name}_bucket${labels}`, 'le', ...by)})`;
}

/** The middle, the slow and the slowest of a histogram: three curves. */
export function quantiles(name: string, labels: string): readonly (readonly [string, string])[] {
  return [0.5, 0.9, 0.99].map((share) => [quantile(share, [name, labels]), `p${Math.round(share * 100)}`] as const);
}

/** Which part of a rate another one is. Without any traffic it is nothing, not a division by zero. */
export function ratio(part: string, whole: string): string {
  return `(${part} or ${whole} * 0) / (${whole} > 0)`;
}

function sumBy(labels: readonly string[]): string {
  return labels.length === 0 ? 'sum' : `sum by (${labels.join(', ')}) `;
}
